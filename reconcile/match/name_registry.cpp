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
        return found->second;
    return std::nullopt;
}

std::optional<models::EmailHolder> NameRegistry::of_email(std::string const& email) const
{
    std::optional<models::EmailHolder> holder;
    if (auto const found = emails_.find(email); found != emails_.end())
        holder = found->second;
    if (auto const found = loose_emails_.find(email); found != loose_emails_.end()) {
        auto const& company = *found->second;
        if (!holder || company.id < holder->company)
            holder = {email, company.id, company.name};
    }
    return holder;
}

void NameRegistry::add(std::string name, NameHolder holder)
{
    planned_names_.emplace(std::move(name), holder);
}

void NameRegistry::release_name(std::string const& name)
{
    names_.erase(name);
}

void NameRegistry::release_email(std::string const& email)
{
    emails_.erase(email);
}

void NameRegistry::add(models::EmailHolder holder)
{
    auto const email = holder.email;
    emails_.emplace(email, std::move(holder));
}

}  // namespace tracking::reconcile
