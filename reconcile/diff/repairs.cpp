// What differs between a tenant and its customer: tag, contact, name, activity.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
    auto const becomes = compare_people(comparison, tenant, company);
    if (has_all_contacts(becomes, tenant))
        return;
    auto const planned = plan_contacts(comparison, tenant, company.id, &becomes);
    if (planned.contacts.empty()) {
        follow_up(comparison, planned, tenant, &company, Restraint::None);
        return;
    }
    auto drift = about(DriftKind::ContactMissing, tenant, &company);
    drift.detail = becomes.emails.empty() ? "has no contact"
                   : has_wanted_contact(becomes, tenant)
                       ? "not all of the tenant's admins are among its contacts"
                       : "the tenant's admin is not among its contacts";
    auto const& contacts = planned.contacts;
    drift.change =
        models::RepairContact{.tenant = tenant.id,
                              .company = company.id,
                              .contact = contacts.front(),
                              .further_contacts = {contacts.begin() + 1, contacts.end()}};
    if (auto const held = comparison.add(std::move(drift)))
        follow_up(comparison, planned, tenant, &company, *held);
}

void compare_name(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    if (company.name == tenant.name)
        return;
    auto const renaming = comparison.renamings.find(company.id);
    bool const is_free = renaming != comparison.renamings.end();
    if (bears_name_of(company, tenant) && !is_free)
        return;  // another company has the plain name
    auto drift = about(DriftKind::Renamed, tenant, &company);
    if (auto objection = objection_to(tenant); !objection.empty()) {
        comparison.add_invalid(std::move(drift), std::move(objection));
        return;
    }
    auto& names = *comparison.names;
    auto const name = is_free || !names.of_name(tenant.name) ? tenant.name : distinct_name(tenant);
    drift.detail = fmt::format("the company is called \"{}\"", models::printable(company.name));
    if (bears_name_of(company, tenant))
        drift.detail += ", and the plain name is free";
    if (auto const holder = names.of_name(name); holder && !is_free) {
        drift.detail +=
            fmt::format("; \"{}\" is taken too, by {}", models::printable(name), shown(*holder));
        comparison.add(std::move(drift));
        comparison.tie_to_holders(tenant, &company, tenant.name);
        comparison.tie_to_holders(tenant, &company, name);
        return;
    }
    drift.change =
        models::RenameCompany{.tenant = tenant.id,
                              .company = company.id,
                              .from = company.name,
                              .to = name,
                              .together = is_free ? renaming->second.together : std::nullopt};
    if (comparison.add(std::move(drift)) != Restraint::None)
        return;
    comparison.tie_to_holders(tenant, &company, tenant.name);
    comparison.tie_to_holders(tenant, &company, name);
    names.add(name, tenant, &company);
}

/// Whether the company is as the job's own clean-up has left it.
bool is_as_cleaned_up(Company const& company, models::PastCleanUp const& past)
{
    return company.inactive && company.name == past.name && (company.canceled || !past.has_tagged);
}

void take_back(Comparison& comparison, Tenant const& tenant, Company const& company,
               models::PastCleanUp const& past)
{
    auto drift = about(DriftKind::Returned, tenant, &company);
    drift.detail = "the tenant is there again; the job itself has cleaned its company up";
    drift.change = models::Reactivate{
        .tenant = tenant.id,
        .company = company.id,
        .email = {},
        .canceled_tag = past.has_tagged ? comparison.policy.canceled_tag : std::string{},
        .was_inactive = true,
        .takes_back = true,
        .was_unset = past.was_unset,
        .contacts = past.contacts,
        .unset_contacts = past.unset_contacts};
    comparison.add(std::move(drift));
}

void reactivate(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    auto const past = comparison.state.clean_ups.find(company.id);
    if (past != comparison.state.clean_ups.end() && is_as_cleaned_up(company, past->second)) {
        take_back(comparison, tenant, company, past->second);
        return;
    }
    auto drift = about(DriftKind::Inactive, tenant, &company);
    auto const contact = inactive_contact(company, tenant);
    std::vector<std::string> found;
    if (company.inactive)
        found.emplace_back("its company is inactive");
    if (!contact.empty())
        found.emplace_back("its admin's contact is inactive");
    if (company.canceled)
        found.push_back(
            fmt::format("its company carries the tag \"{}\"", comparison.policy.canceled_tag));
    drift.detail = fmt::format("the tenant is live, {}", fmt::join(found, ", and "));
    drift.change = models::Reactivate{
        .tenant = tenant.id,
        .company = company.id,
        .email = contact,
        .canceled_tag = company.canceled ? comparison.policy.canceled_tag : std::string{},
        .was_inactive = company.inactive};
    comparison.add(std::move(drift));
}

}  // namespace

void repair(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    compare_tags(comparison, tenant, company);
    compare_contact(comparison, tenant, company);
    compare_name(comparison, tenant, company);
    if (is_inactive(company, tenant))
        reactivate(comparison, tenant, company);
}

}  // namespace tracking::reconcile
