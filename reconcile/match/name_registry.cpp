#include "reconcile/match/name_registry.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace tracking::reconcile {

std::string shown(models::Company const& company)
{
    return fmt::format("\"{}\" ({})", models::printable(company.name), company.id.str());
}

std::string shown(NameHolder const& holder)
{
    return holder.company ? "company " + shown(*holder.company)
                          : "the customer planned for tenant " + holder.planned_for.str();
}

NameRegistry::NameRegistry(State const& state)
{
    for (auto const* companies : {&state.named, &state.loose}) {
        for (auto const& company : *companies)
            names_.emplace(company.name, &company);
    }
    for (auto const& holder : state.holders) {
        auto& first = emails_.try_emplace(holder.email, holder).first->second;
        if (holder.company < first.company)
            first = holder;
    }
    for (auto const& company : state.loose) {
        for (auto const& email : company.emails) {
            auto& first = loose_emails_.try_emplace(email, &company).first->second;
            if (company.id < first->id)
                first = &company;
        }
    }
}

std::optional<NameHolder> NameRegistry::of_name(std::string const& name) const
{
    if (auto const found = names_.find(name); found != names_.end())
        return NameHolder{.company = found->second};
    if (auto const found = planned_names_.find(name); found != planned_names_.end())
        return NameHolder{.company = found->second.company,
                          .planned_for = found->second.tenant->id};
    return std::nullopt;
}

std::optional<models::EmailHolder> NameRegistry::of_email(std::string const& email) const
{
    std::optional<models::EmailHolder> holder;
    if (auto const found = emails_.find(email); found != emails_.end())
        holder = found->second;
    else if (auto const planned = planned_emails_.find(email); planned != planned_emails_.end())
        holder = models::EmailHolder{.email = email,
                                     .company = planned->second.company,
                                     .company_name = *planned->second.company_name};
    if (auto const found = loose_emails_.find(email); found != loose_emails_.end()) {
        auto const& company = *found->second;
        if (!holder || company.id < holder->company)
            holder = {email, company.id, company.name};
    }
    return holder;
}

std::vector<models::TenantId> NameRegistry::movers_of_name(std::string const& name) const
{
    std::vector<models::TenantId> movers;
    if (auto const giver = given_names_.find(name); giver != given_names_.end())
        movers.push_back(giver->second);
    if (auto const taker = planned_names_.find(name); taker != planned_names_.end())
        movers.push_back(taker->second.tenant->id);
    return movers;
}

std::vector<models::TenantId> NameRegistry::movers_of_email(std::string const& email) const
{
    std::vector<models::TenantId> movers;
    if (auto const giver = given_emails_.find(email); giver != given_emails_.end())
        movers.push_back(giver->second);
    if (auto const taker = planned_emails_.find(email); taker != planned_emails_.end())
        movers.push_back(taker->second.tenant->id);
    return movers;
}

std::string_view NameRegistry::kept(std::string const& text, std::string const& of_tenant)
{
    return text == of_tenant ? of_tenant : others_.emplace_back(text);
}

void NameRegistry::add(std::string const& name, models::Tenant const& tenant,
                       models::Company const* company)
{
    planned_names_.emplace(kept(name, tenant.name), PlannedName{&tenant, company});
}

void NameRegistry::add_email(std::string const& email, models::CompanyId company,
                             std::string const& company_name, models::Tenant const& tenant)
{
    planned_emails_.emplace(kept(email, tenant.admin ? tenant.admin->email : tenant.email),
                            PlannedEmail{&tenant, company, &company_name});
}

void NameRegistry::release_name(std::string const& name, models::TenantId tenant)
{
    names_.erase(name);
    given_names_.emplace(name, tenant);
}

void NameRegistry::release_email(std::string const& email, models::TenantId tenant)
{
    emails_.erase(email);
    given_emails_.emplace(email, tenant);
}

}  // namespace tracking::reconcile
