// Who are to be a company's contacts, and what prevents it.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::reconcile {

namespace {

using models::Company;
using models::CompanyId;
using models::Tenant;

Drift no_admin(Tenant const& tenant, Company const* company)
{
    auto drift = about(DriftKind::NoAdmin, tenant, company);
    drift.detail = tenant.admin ? fmt::format("the admin's e-mail \"{}\" is not valid",
                                              models::printable(tenant.admin->email))
                                : "the tenant has neither an active admin nor a valid e-mail";
    return drift;
}

std::string taken(std::string const& email, models::EmailHolder const& holder)
{
    auto words = fmt::format(
        "{} is {} contact of {}", models::printable(email), holder.inactive ? "an inactive" : "a",
        holder.company ? fmt::format("company \"{}\" ({})", models::printable(holder.company_name),
                                     holder.company->str())
                       : "no company");
    if (!holder.makes_way.empty())
        words += ". Where that customer is history, this makes way: " + holder.makes_way;
    return words;
}

/// The contacts that the company lacks.
std::vector<WantedContact> lacking(Tenant const& tenant, Company const* company)
{
    auto all = further_contacts(tenant);
    if (company)
        std::erase_if(all, [&](auto const& one) { return contains(company->emails, one.email); });
    auto first = wanted_contact(tenant);
    if (first && !(company && has_wanted_contact(*company, tenant)))
        all.insert(all.begin(), std::move(*first));
    return all;
}

}  // namespace

ContactPlan plan_contacts(Comparison& comparison, Tenant const& tenant, CompanyId id,
                          Company const* company)
{
    auto const wanted = lacking(tenant, company);
    if (wanted.empty())
        return {.obstacle = no_admin(tenant, company)};
    ContactPlan plan;
    std::vector<std::string> taken_ones;
    for (auto const& one : wanted) {
        auto const holder = comparison.names->of_email(one.email);
        comparison.tie(tenant, comparison.names->movers_of_email(one.email));
        if (holder && holder->company)
            comparison.contests.push_back({tenant.id, {}, *holder->company});
        if (holder && company && holder->company == company->id)
            continue;  // as an additional address of another contact of its own
        if (holder) {
            taken_ones.push_back(taken(one.email, *holder));
            continue;
        }
        plan.contacts.push_back(
            {.id = models::made_contact_id(comparison.state.occasion.management, id, one.email),
             .full_name = one.full_name,
             .email = one.email,
             .user = one.user});
        plan.is_fallback = plan.is_fallback || one.is_fallback;
    }
    if (!taken_ones.empty()) {
        plan.obstacle = about(DriftKind::EmailTaken, tenant, company);
        plan.obstacle->detail = fmt::format("{}", fmt::join(taken_ones, "; "));
    }
    return plan;
}

void follow_up(Comparison& comparison, ContactPlan const& planned, Tenant const& tenant,
               Company const* company, Restraint held)
{
    if (planned.obstacle)
        comparison.add(*planned.obstacle);
    if (held == Restraint::None) {
        for (auto const& contact : planned.contacts)
            comparison.names->add_email(contact.email, tenant, company);
    }
    if (planned.is_fallback)
        comparison.remarks.add(
            "tenants have their own address as contact",
            fmt::format("tenant \"{}\" ({}) has {}: its own address serves as contact",
                        models::printable(tenant.name), tenant.id.str(),
                        tenant.admin ? "an admin without a valid e-mail" : "no active admin"));
}

}  // namespace tracking::reconcile
