// Tenants without a customer.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

namespace tracking::reconcile {

namespace {

using models::Tenant;

/// What may be the reason why nobody took the company for the tenant's.
std::string state_of(NameHolder const& holder)
{
    if (!holder.company)
        return {};
    return fmt::format("{}{}", holder.company->prospect ? ", a prospect" : "",
                       holder.company->inactive ? ", inactive" : "");
}

/// A free name for the customer: the tenant's own, or its distinct form, and then the drift says
/// so. Nothing where neither is free: then the drift is added as invalid.
std::optional<std::string> free_name(Comparison& comparison, Tenant const& tenant, Drift& drift)
{
    auto name = tenant.name;
    if (auto const holder = comparison.names->of_name(name)) {
        name = distinct_name(tenant);
        drift.detail = fmt::format("name_taken: the name is held by {}{}; will be called \"{}\"",
                                   shown(*holder), state_of(*holder), models::printable(name));
        // A person may know that it is the tenant's own, and link it before another one is made.
        if (holder->company && !holder->company->link)
            drift.candidates.push_back(holder->company->id);
    }
    if (auto const holder = comparison.names->of_name(name)) {
        comparison.add_invalid(
            std::move(drift), fmt::format("\"{}\" is taken too, by {}; rename one of the companies",
                                          models::printable(name), shown(*holder)));
        return std::nullopt;
    }
    return name;
}

}  // namespace

void create(Comparison& comparison, Tenant const& tenant)
{
    auto drift = about(DriftKind::Missing, tenant, nullptr);
    if (auto objection = objection_to(tenant); !objection.empty()) {
        comparison.add_invalid(std::move(drift), std::move(objection));
        return;
    }
    auto const name = free_name(comparison, tenant, drift);
    if (!name)
        return;
    drift.tenant_age = tenant.age;
    auto const company = id_of_new_company(comparison.state, tenant.id);
    auto const planned = plan_contacts(comparison, tenant, company, nullptr);
    models::CreateCustomer change{.tenant = tenant.id,
                                  .company = company,
                                  .name = *name,
                                  .tenant_name = tenant.name,
                                  .product = tenant.product.code(),
                                  .tag = comparison.tag_of(tenant),
                                  .contact = std::nullopt};
    for (auto const& contact : planned.contacts) {
        if (change.contact)
            change.further_contacts.push_back(contact);
        else
            change.contact = contact;
    }
    drift.change = std::move(change);
    auto const held = comparison.add(std::move(drift));
    comparison.names_taken += held && *name != tenant.name ? 1 : 0;
    if (held == Restraint::None) {
        comparison.tie_to_holders(tenant, nullptr, tenant.name);
        comparison.tie_to_holders(tenant, nullptr, *name);
        comparison.names->add(*name, tenant);
    }
    if (held && held != Restraint::Waived)
        follow_up(comparison, planned, tenant, nullptr, *held);
}

}  // namespace tracking::reconcile
