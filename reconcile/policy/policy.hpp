#pragma once

#include "models/rules/id.hpp"
#include "models/values/company.hpp"
#include "models/values/tenant.hpp"
#include "reconcile/policy/drift_kind.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Which changes a run may make at all.
enum class ChangePolicy
{
    Sync,        ///< all
    UpsertOnly,  ///< no clean-ups
    CreateOnly,  ///< nothing but creates
};

/// A person's decision to leave an item's drift of one kind alone until a day, that day included.
struct Waiver
{
    std::string item;  ///< id or name of a tenant or a company
    DriftKind kind{};
    std::string reason;
    std::chrono::sys_days until;

    friend bool operator==(Waiver const&, Waiver const&) = default;
};

/// An orphan is cleaned up when it has been seen by that many runs and for that long.
struct Grace
{
    int runs = 2;
    std::chrono::seconds time = std::chrono::hours{72};

    friend bool operator==(Grace const&, Grace const&) = default;
};

/// What becomes of a customer whose tenant is gone, once its grace is over.
enum class CleanupMode
{
    Report,      ///< nothing
    Untag,       ///< it loses its customer tags; without them it is settled
    Deactivate,  ///< company and contacts become inactive and get the tag for canceled ones
    Delete,      ///< it is deleted where nothing else refers to it, and deactivated elsewhere
};

/// What is done about each kind unless somebody says otherwise.
std::map<DriftKind, Handling> usual_handling();

/// What people have decided: all that says what is to be done, apart from the two sides.
struct Policy
{
    /// Of every product, whether it is tracked or not.
    std::map<std::string, std::string, std::less<>> tags = {{"psa", "PSA Customer"},
                                                            {"algadesk", "AlgaDesk Customer"}};
    std::string canceled_tag = "Canceled";
    std::vector<std::string> products = {"psa", "algadesk"};  ///< that are tracked
    std::set<models::TenantId> exclude;
    std::chrono::seconds minimum_age = std::chrono::minutes{15};
    ChangePolicy reach = ChangePolicy::Sync;
    std::map<DriftKind, Handling> handling = usual_handling();  ///< others are applied
    CleanupMode cleanup = CleanupMode::Deactivate;
    Grace grace;
    std::vector<Waiver> waivers;

    bool tracks(std::string_view product) const;

    /// @pre tracks(product)
    std::string const& tag_of(std::string_view product) const;

    Handling handling_of(DriftKind kind) const;

    /// In their order.
    std::vector<std::string> customer_tags() const;

    /// The tags that this job attaches: of customers, and of canceled ones.
    std::vector<std::string> own_tags() const;

    friend bool operator==(Policy const&, Policy const&) = default;
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
