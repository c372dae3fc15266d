#pragma once

#include "models/rules/id.hpp"
#include "models/values/company.hpp"
#include "models/values/tenant.hpp"
#include "reconcile/policy/drift.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// Which changes a run may make at all.
enum class ChangePolicy
{
    Sync,        ///< all
    UpsertOnly,  ///< no clean-ups
    CreateOnly,  ///< nothing but creates
};

/// What is done about drift of one kind.
enum class Handling
{
    Apply,
    Report,
    Off
};

/// A person's decision to leave an item's drift of one kind alone until a day, that day included.
struct Waiver
{
    std::string item;  ///< id or name of a tenant or a company
    DriftKind kind{};
    std::string reason;
    std::chrono::sys_days until;
};

/// An orphan is cleaned up when it has been seen by that many runs and for that long.
struct Grace
{
    int runs = 2;
    std::chrono::seconds time = std::chrono::hours{72};
};

/// What becomes of a customer whose tenant is gone, once its grace is over.
enum class CleanupMode
{
    Report,      ///< nothing
    Untag,       ///< it loses its customer tags; without them it is settled
    Deactivate,  ///< company and contacts become inactive and get the tag for canceled ones
    Delete,      ///< it is deleted where nothing else refers to it, and deactivated elsewhere
};

/// Everything that decides what is to be done, apart from the two sides themselves.
struct Policy
{
    models::TenantId management;
    std::map<std::string, std::string, std::less<>> tags;  ///< of the tracked products
    std::set<std::string, std::less<>> customer_tags;      ///< of every product, tracked or not
    std::string canceled_tag = "Canceled";
    std::set<models::TenantId> exclude;
    std::chrono::seconds minimum_age = std::chrono::minutes{15};
    ChangePolicy reach = ChangePolicy::Sync;
    std::map<DriftKind, Handling> handling;  ///< kinds that are not here are applied
    CleanupMode cleanup = CleanupMode::Deactivate;
    Grace grace;
    std::vector<Waiver> waivers;
    std::chrono::sys_days today;  ///< the server's

    Handling handling_of(DriftKind kind) const;

    /// The tags that this job attaches: of customers, and of canceled ones.
    std::vector<std::string> own_tags() const;
};

/// Why a tenant is, or is not, looked after.
enum class Scope
{
    Tracked,
    OtherProduct,
    Excluded,
    Young,
    Suspended
};

/// Its creation lies more than a day ahead: no clock is that wrong, so the row is.
bool is_dated_ahead(models::Tenant const& tenant);

Scope scope_of(models::Tenant const& tenant, Policy const& policy);

/// The same of a customer whose tenant is gone: by the tenant's id, and by the products whose tags
/// it carries.
Scope scope_of_orphan(models::Company const& orphan, Policy const& policy);

/// Whether a change for drift of this kind is within the reach.
bool reaches(ChangePolicy reach, DriftKind kind);

}  // namespace tracking::reconcile
