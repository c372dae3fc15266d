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

/// A person's decision to leave one kind of drift of an item alone until a day, that day included.
struct Waiver
{
    std::string item;  ///< id or name of a tenant or a company
    DriftKind kind{};
    std::string reason;
    std::chrono::sys_days until;

    friend bool operator==(Waiver const&, Waiver const&) = default;
};

/// An orphan is cleaned up after so many runs have seen it, and after it has been seen for so long.
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
    Untag,       ///< it loses its customer tags; a company without them is settled
    Deactivate,  ///< company and contacts become inactive; the company gets `canceled_tag`
    Delete,      ///< it is deleted where nothing else refers to it, else deactivated
};

/// What is done about each kind unless the configuration says otherwise.
std::map<DriftKind, Handling> usual_handling();

/// What people have decided: all that determines a plan, except the two sides.
struct Policy
{
    /// The customer tag of every product, tracked or not.
    std::map<std::string, std::string, std::less<>> tags = {{"psa", "PSA Customer"},
                                                            {"algadesk", "AlgaDesk Customer"}};
    std::string canceled_tag = "Canceled";
    std::vector<std::string> products = {"psa", "algadesk"};  ///< the tracked ones
    std::set<models::TenantId> exclude;
    std::chrono::seconds minimum_age = std::chrono::minutes{15};
    models::Admins contacts = models::Admins::First;  ///< who is to be a contact
    ChangePolicy reach = ChangePolicy::Sync;
    std::map<DriftKind, Handling> handling = usual_handling();  ///< others are applied
    CleanupMode cleanup = CleanupMode::Deactivate;
    Grace grace;
    std::vector<Waiver> waivers;

    bool tracks(std::string_view product) const;

    /// @pre tracks(product)
    std::string const& tag_of(std::string_view product) const;

    Handling handling_of(DriftKind kind) const;

    /// The tags of all products, sorted.
    std::vector<std::string> customer_tags() const;

    /// The tags that this job attaches: the customer tags and the tag of canceled customers.
    std::vector<std::string> own_tags() const;

    friend bool operator==(Policy const&, Policy const&) = default;
};

/// Whether the job looks after a tenant, and if not, why.
enum class Scope
{
    Tracked,
    OtherProduct,
    Excluded,
    Young,
    Suspended
};

/// The tenant was created more than a day in the future. No clock is so wrong, so the row must be.
bool is_dated_ahead(models::Tenant const& tenant);

Scope scope_of(models::Tenant const& tenant, Policy const& policy);

/// The scope of a customer whose tenant is gone. It follows from the tenant's id and from the
/// products whose tags the company carries.
Scope scope_of_orphan(models::Company const& orphan, Policy const& policy);

/// Whether the policy lets a run make changes for drift of this kind.
bool reaches(ChangePolicy reach, DriftKind kind);

}  // namespace tracking::reconcile
