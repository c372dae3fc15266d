#pragma once

#include "models/rules/id.hpp"
#include "models/values/blast_radius.hpp"
#include "models/values/boxed.hpp"
#include "models/values/change.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// How the two sides can differ. The order is that of reports.
enum class DriftKind
{
    Missing,         ///< a tenant without customer
    Unstamped,       ///< its customer was recognised by name or e-mail: the link is not its id
    Untagged,        ///< the customer lacks the tag of the tenant's product
    ContactMissing,  ///< the tenant's admin is no contact of the customer
    Renamed,         ///< the company has another name than the tenant
    Inactive,        ///< a live tenant with an inactive company
    Orphaned,        ///< the link names no tenant, the company is still active
    Duplicate,       ///< several companies are linked to one tenant
    Ambiguous,       ///< a match that is not unique: neither adopted nor created
    Unlinked,        ///< a tagged or linked company that matches no tenant
    Invalid,         ///< a value that the models refuse
    EmailTaken,      ///< no contact, because the admin's address is another company's
    NoAdmin,         ///< no contact, because the tenant has neither admin nor address
    Undone,          ///< no difference: what a run did, in the plan of an undo
    Ignored,         ///< no difference: a tenant that is left alone, as its customer says "ignore"
};

/// Those that a comparison finds.
inline constexpr std::array kDriftKinds{
    DriftKind::Missing,   DriftKind::Unstamped, DriftKind::Untagged, DriftKind::ContactMissing,
    DriftKind::Renamed,   DriftKind::Inactive,  DriftKind::Orphaned, DriftKind::Duplicate,
    DriftKind::Ambiguous, DriftKind::Unlinked,  DriftKind::Invalid,  DriftKind::EmailTaken,
    DriftKind::NoAdmin,
};

/// As configuration, journal and reports write it: `missing`, `contact_missing`, ...
std::string_view name_of(DriftKind kind);

/// Nothing for a word that is none of them.
std::optional<DriftKind> drift_kind_named(std::string_view name);

/// Anomalies are reported and left alone until a person decides.
bool is_anomaly(DriftKind kind);

/// What keeps a change from being applied.
enum class Restraint
{
    None,
    Report,    ///< drift of this kind is only reported (`drift.KIND: report`)
    Policy,    ///< `policy` leaves this kind of change out
    Adoption,  ///< it needs the link, and stamping that is held back
    Grace,     ///< an orphan that has not been seen long and often enough
    Waived,    ///< a waiver in the configuration
    Guard,     ///< too many changes of its kind for one run
    PlanFile,  ///< a saved plan is applied, and this is not in it
};

std::string_view name_of(Restraint restraint);

/// What identifies a difference from run to run. A nil id: there is none on that side.
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
    std::chrono::seconds age{0};  ///< since it was seen first, by the server's clock
    friend bool operator==(Sighting const&, Sighting const&) = default;
};

/// One difference, and what would remove it.
struct Drift
{
    DriftKind kind{};
    std::optional<models::TenantId> tenant;
    std::string tenant_name;
    std::optional<models::CompanyId> company;
    std::string company_name;
    std::string detail;                           ///< a sentence: what was seen
    std::vector<models::CompanyId> candidates{};  ///< of a match that is not unique
    std::optional<models::Change> change;
    std::optional<models::Boxed<models::BlastRadius>> blast_radius;  ///< where it may be deleted
    Restraint restraint = Restraint::None;
    std::string restraint_reason;                    ///< a sentence, where something holds it
    std::optional<std::chrono::seconds> due_in;      ///< under grace: from the time of the reading
    std::optional<Sighting> seen;                    ///< by earlier runs; empty: new, or not known
    std::optional<std::chrono::seconds> tenant_age;  ///< for `missing`; rows of old lack it

    bool is_due() const { return change && restraint == Restraint::None; }
};

DriftKey key_of(Drift const& drift);

/// Where a mass of `untagged` comes from, as a sentence.
std::string about_tags_of_old(std::size_t companies);

}  // namespace tracking::reconcile
