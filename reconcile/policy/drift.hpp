#pragma once

#include "models/rules/id.hpp"
#include "models/values/blast_radius.hpp"
#include "models/values/boxed.hpp"
#include "models/values/change.hpp"
#include "reconcile/policy/drift_kind.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// What keeps a change from being applied.
enum class Restraint
{
    None,
    Report,     ///< drift of this kind is only reported (`drift.KIND: report`)
    Policy,     ///< the `policy` setting leaves this kind of change out
    Adoption,   ///< it needs the link, and the stamping of the link is held back
    Grace,      ///< an orphan not seen long or often enough yet
    Waived,     ///< the configuration waives it
    Guard,      ///< too many of its kind for one run, or what was read is in doubt
    PlanFile,   ///< a saved plan is applied, and the change is not in it
    Selection,  ///< a person has selected others (`--only`, `--except`)
};

struct RestraintRow
{
    Restraint restraint;
    std::string_view name;        ///< one word, as the journal and reports have it
    std::string_view participle;  ///< completes "12 ...", for people
};

/// In the order of the enumerators.
inline constexpr std::array kRestraintTable{
    RestraintRow{Restraint::None, "none", ""},
    RestraintRow{Restraint::Report, "report", "only reported"},
    RestraintRow{Restraint::Policy, "policy", "left out by the policy"},
    RestraintRow{Restraint::Adoption, "adoption", "waiting for the link"},
    RestraintRow{Restraint::Grace, "grace", "in grace"},
    RestraintRow{Restraint::Waived, "waived", "waived"},
    RestraintRow{Restraint::Guard, "guard", "held by a guard"},
    RestraintRow{Restraint::PlanFile, "plan_file", "not in the plan file"},
    RestraintRow{Restraint::Selection, "selection", "not selected"},
};

constexpr RestraintRow const& row_of(Restraint restraint)
{
    return kRestraintTable[static_cast<std::size_t>(restraint)];
}

constexpr std::string_view name_of(Restraint restraint)
{
    return row_of(restraint).name;
}

/// What identifies a difference from run to run. An id is nil where that side has none.
struct DriftKey
{
    DriftKind kind{};
    models::TenantId tenant;
    models::CompanyId company;
    auto operator<=>(DriftKey const&) const = default;
};

/// How often and how long something has been seen by earlier runs.
struct Sighting
{
    int runs = 0;
    std::chrono::seconds age{0};  ///< since it was first seen, by the server's clock
    bool is_old = true;           ///< first seen before the run ended with which it is compared
    friend bool operator==(Sighting const&, Sighting const&) = default;
};

/// A tenant or a company, as a report names it.
template <class Id>
struct Named
{
    Id id;
    std::string name;
};

/// The tenants and companies of a match that is not unique, each by id. They are one difference,
/// since nobody can say which of them belong together.
struct Group
{
    std::vector<Named<models::TenantId>> tenants;  ///< at least one
    std::vector<Named<models::CompanyId>> companies;
};

/// One difference, and what would remove it. That of a group is filed under its first tenant.
struct Drift
{
    DriftKind kind{};
    std::optional<models::TenantId> tenant;
    std::string tenant_name;
    std::optional<models::CompanyId> company;
    std::string company_name;
    std::string detail;  ///< a sentence: what was seen
    /// Of a duplicate, the customers beside it; of a new customer, the company that has its name.
    std::vector<models::CompanyId> candidates{};
    std::optional<models::Boxed<Group>> group;
    std::optional<models::Change> change;
    std::optional<models::Boxed<models::BlastRadius>> blast_radius;  ///< where it may be deleted
    int again = 0;  ///< in how many of its last runs the job made the same change; 0: in few
    Restraint restraint = Restraint::None;
    std::string restraint_reason;                    ///< in words, where something holds it back
    std::optional<std::chrono::seconds> due_in;      ///< under grace: from the time of the reading
    std::optional<Sighting> seen;                    ///< by earlier runs; empty: new, or not known
    std::optional<std::chrono::seconds> tenant_age;  ///< of `missing` only; old rows have none

    bool is_due() const { return change && restraint == Restraint::None; }
};

/// What the drift is remembered by. Each tenant of a group has a key, so that the group keeps its
/// age where a person has settled a part of it.
std::vector<DriftKey> keys_of(Drift const& drift);

/// One form for all spellings of an id, and for a name with or without blanks around it. It is what
/// a person writes to name a tenant or a company.
std::string item_key(std::string_view item);

/// The keys of all ids and names by which a person may name the drift.
std::set<std::string> item_keys_of(Drift const& drift);

/// The id that names the customer of a change and no other: two leftovers may have had one tenant.
std::string item_id_of(Drift const& drift);

/// The group; null where the drift has none.
Group const* group_of(Drift const& drift);

/// A sentence that says why so much drift is `untagged`.
std::string about_tags_of_old(std::size_t companies);

}  // namespace tracking::reconcile
