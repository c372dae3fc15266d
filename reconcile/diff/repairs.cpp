// What differs between a tenant and its customer: tag, contact, name, activity.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

namespace tracking::reconcile {

namespace {

using models::Company;
using models::Tenant;

void compare_tags(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    auto const& wanted = comparison.tag_of(tenant);
    for (auto const& tag : company.tags) {
        if (tag != wanted)
            comparison.remarks.add(
                "companies carry the tag of another product",
                fmt::format("company {} carries the tag \"{}\" of another product than its "
                            "tenant's; it is left there",
                            shown(company), tag));
    }
    if (contains(company.tags, wanted))
        return;
    auto drift = about(DriftKind::Untagged, tenant, &company);
    drift.detail = fmt::format("lacks the tag \"{}\"", wanted);
    drift.change = models::RepairTag{.tenant = tenant.id, .company = company.id, .tag = wanted};
    comparison.add(std::move(drift));
}

void compare_contact(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    if (has_wanted_contact(company, tenant))
        return;
    auto const planned = plan_contact(comparison, tenant, company.id, &company);
    if (!planned.contact) {
        if (company.emails.empty())
            follow_up(comparison, planned, tenant, company.id, Restraint::None);
        return;
    }
    auto drift = about(DriftKind::ContactMissing, tenant, &company);
    drift.detail =
        company.emails.empty() ? "has no contact" : "the tenant's admin is not among its contacts";
    drift.change = models::RepairContact{
        .tenant = tenant.id, .company = company.id, .contact = *planned.contact};
    if (auto const held = comparison.add(std::move(drift)))
        follow_up(comparison, planned, tenant, company.id, *held);
}

void compare_name(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    if (bears_name_of(company, tenant))
        return;
    auto drift = about(DriftKind::Renamed, tenant, &company);
    if (auto objection = objection_to(tenant); !objection.empty()) {
        comparison.add_invalid(std::move(drift), std::move(objection));
        return;
    }
    auto& names = *comparison.names;
    auto const name = names.of_name(tenant.name) ? distinct_name(tenant) : tenant.name;
    drift.detail = fmt::format("the company is called \"{}\"", models::printable(company.name));
    if (auto const holder = names.of_name(name)) {
        drift.detail +=
            fmt::format("; \"{}\" is taken too, by {}", models::printable(name), shown(*holder));
        comparison.add(std::move(drift));
        return;
    }
    drift.change = models::RenameCompany{
        .tenant = tenant.id, .company = company.id, .from = company.name, .to = name};
    if (comparison.add(std::move(drift)) == Restraint::None)
        names.add(name, {.company = &company});
}

void reactivate(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    auto drift = about(DriftKind::Inactive, tenant, &company);
    drift.detail = "the tenant is live, its company is inactive";
    auto const contact = wanted_contact(tenant);
    drift.change = models::Reactivate{.tenant = tenant.id,
                                      .company = company.id,
                                      .email = contact ? contact->email : std::string{}};
    comparison.add(std::move(drift));
}

}  // namespace

void repair(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    compare_tags(comparison, tenant, company);
    compare_contact(comparison, tenant, company);
    compare_name(comparison, tenant, company);
    if (company.inactive)
        reactivate(comparison, tenant, company);
}

}  // namespace tracking::reconcile
