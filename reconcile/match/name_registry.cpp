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

NameRegistry::NameRegistry(State const& state) : state_{state}
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

void NameRegistry::reserve(std::size_t customers)
{
    planned_names_.reserve(customers);
    planned_emails_.reserve(customers);
}

std::optional<NameHolder> NameRegistry::of_name(std::string const& name) const
{
    if (auto const found = names_.find(name); found != names_.end())
        return NameHolder{.company = found->second};
    if (auto const found = planned_names_.find(name); found != planned_names_.end())
        return NameHolder{.company = found->company, .planned_for = found->tenant->id};
    return std::nullopt;
}

std::optional<models::EmailHolder> NameRegistry::of_email(std::string const& email) const
{
    std::optional<models::EmailHolder> holder;
    if (auto const found = emails_.find(email); found != emails_.end())
        holder = found->second;
    else if (auto const planned = planned_emails_.find(email); planned != planned_emails_.end())
        holder = holder_of(*planned);
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
        movers.push_back(taker->tenant->id);
    return movers;
}

std::vector<models::TenantId> NameRegistry::movers_of_email(std::string const& email) const
{
    std::vector<models::TenantId> movers;
    if (auto const giver = given_emails_.find(email); giver != given_emails_.end())
        movers.push_back(giver->second);
    if (auto const taker = planned_emails_.find(email); taker != planned_emails_.end())
        movers.push_back(taker->tenant->id);
    return movers;
}

models::EmailHolder NameRegistry::holder_of(Planned const& planned) const
{
    auto const& [text, tenant, company] = planned;
    return {.email = *text,
            .company = company ? company->id : id_of_new_company(state_, tenant->id),
            .company_name = company ? company->name : tenant->name};
}

std::string const* NameRegistry::kept(std::string const& text, std::string const& of_tenant)
{
    return text == of_tenant ? &of_tenant : &others_.emplace_back(text);
}

void NameRegistry::add(std::string const& name, models::Tenant const& tenant,
                       models::Company const* company)
{
    planned_names_.insert({kept(name, tenant.name), &tenant, company});
}

void NameRegistry::add_email(std::string const& email, models::Tenant const& tenant,
                             models::Company const* company)
{
    planned_emails_.insert(
        {kept(email, tenant.admin ? tenant.admin->email : tenant.email), &tenant, company});
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
