#include "reconcile/policy/drift.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::reconcile {

std::string_view name_of(DriftKind kind)
{
    switch (kind) {
        case DriftKind::Missing:
            return "missing";
        case DriftKind::Unstamped:
            return "unstamped";
        case DriftKind::Untagged:
            return "untagged";
        case DriftKind::ContactMissing:
            return "contact_missing";
        case DriftKind::Renamed:
            return "renamed";
        case DriftKind::Inactive:
            return "inactive";
        case DriftKind::Orphaned:
            return "orphaned";
        case DriftKind::Duplicate:
            return "duplicate";
        case DriftKind::Ambiguous:
            return "ambiguous";
        case DriftKind::Unlinked:
            return "unlinked";
        case DriftKind::Invalid:
            return "invalid";
        case DriftKind::EmailTaken:
            return "email_taken";
        case DriftKind::NoAdmin:
            return "no_admin";
        case DriftKind::Undone:
            return "undone";
        case DriftKind::Ignored:
            return "ignored";
    }
    return "unknown";
}

std::optional<DriftKind> drift_kind_named(std::string_view name)
{
    auto const found =
        std::ranges::find(kDriftKinds, name, [](auto kind) { return name_of(kind); });
    return found == kDriftKinds.end() ? std::nullopt : std::optional{*found};
}

bool is_anomaly(DriftKind kind)
{
    return kind >= DriftKind::Duplicate && kind < DriftKind::Undone;
}

std::string_view name_of(Restraint restraint)
{
    switch (restraint) {
        case Restraint::None:
            return "none";
        case Restraint::Report:
            return "report";
        case Restraint::Policy:
            return "policy";
        case Restraint::Adoption:
            return "adoption";
        case Restraint::Grace:
            return "grace";
        case Restraint::Waived:
            return "waived";
        case Restraint::Guard:
            return "guard";
        case Restraint::PlanFile:
            return "plan_file";
    }
    return "unknown";
}

std::string about_tags_of_old(std::size_t companies)
{
    return fmt::format(
        "{} {} a customer tag with tagged_type \"company\", as the platform's migration to clients "
        "leaves it; its own pages read \"client\" only, so the customer is `untagged`",
        companies, companies == 1 ? "company carries" : "companies carry");
}

DriftKey key_of(Drift const& drift)
{
    return {.kind = drift.kind,
            .tenant = drift.tenant.value_or(models::TenantId{}),
            .company = drift.company.value_or(models::CompanyId{})};
}

}  // namespace tracking::reconcile
