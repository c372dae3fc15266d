// Who is to be a company's contact, and what prevents it.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

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

Drift email_taken(Tenant const& tenant, Company const* company, std::string const& email,
                  models::EmailHolder const& holder)
{
    auto drift = about(DriftKind::EmailTaken, tenant, company);
    drift.detail = fmt::format(
        "{} is {} contact of {}", models::printable(email), holder.inactive ? "an inactive" : "a",
        holder.company ? fmt::format("company \"{}\" ({})", models::printable(holder.company_name),
                                     holder.company->str())
                       : "no company");
    if (!holder.makes_way.empty())
        drift.detail += ". Where that customer is history, this makes way: " + holder.makes_way;
    return drift;
}

}  // namespace

ContactPlan plan_contact(Comparison const& comparison, Tenant const& tenant, CompanyId id,
                         Company const* company)
{
    auto const wanted = wanted_contact(tenant);
    if (!wanted)
        return {.obstacle = no_admin(tenant, company)};
    auto const holder = comparison.names->of_email(wanted->email);
    if (holder && company && holder->company == company->id)
        return {};  // as an additional address of another contact of its own
    if (holder)
        return {.obstacle = email_taken(tenant, company, wanted->email, *holder)};
    auto const contact =
        models::made_contact_id(comparison.state.occasion.management, id, wanted->email);
    return {.contact = models::PlannedContact{.id = contact,
                                              .full_name = wanted->full_name,
                                              .email = wanted->email,
                                              .user = wanted->user},
            .is_fallback = wanted->is_fallback};
}

void follow_up(Comparison& comparison, ContactPlan const& planned, Tenant const& tenant,
               CompanyId company, Restraint held)
{
    if (planned.obstacle)
        comparison.add(*planned.obstacle);
    if (!planned.contact)
        return;
    if (held == Restraint::None)
        comparison.names->add({planned.contact->email, company, tenant.name});
    if (planned.is_fallback)
        comparison.remarks.add(
            "tenants have their own address as contact",
            fmt::format("tenant \"{}\" ({}) has {}: its own address serves as contact",
                        models::printable(tenant.name), tenant.id.str(),
                        tenant.admin ? "an admin without a valid e-mail" : "no active admin"));
}

}  // namespace tracking::reconcile
