#pragma once

#include "job/report/report.hpp"
#include "models/values/change.hpp"
#include "reconcile/policy/drift.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

namespace tracking::job {

// The counts of a report, made in one place so that all formats agree.

/// Every restraint except None.
inline constexpr std::array kRestraints{
    reconcile::Restraint::Report,  reconcile::Restraint::Policy, reconcile::Restraint::Adoption,
    reconcile::Restraint::Grace,   reconcile::Restraint::Waived, reconcile::Restraint::Guard,
    reconcile::Restraint::PlanFile};

inline constexpr std::array kChangeOutcomes{models::Outcome::Applied,
                                            models::Outcome::AlreadyPresent, models::Outcome::Stale,
                                            models::Outcome::Failed, models::Outcome::Rehearsed};

/// What became of a difference, or will become of it.
enum class Fate
{
    Applied,
    AlreadyPresent,
    Stale,
    Failed,
    NotReached,  ///< due, but the run ended before its turn
    Due,         ///< would be applied
    Rehearsed,   ///< tried with success, and taken back
    Held,
    Undecided,  ///< no change and no restraint: a person has to look
};

/// One word each, the same in every format: `applied`, `not_reached`, `undecided`, ...
std::string_view name_of(Fate fate);

/// The fate of drift that no run has tried to remove.
Fate fate_of(reconcile::Drift const& drift);

/// The fate of each drift of the plan, by the receipts.
std::vector<Fate> fates_of(Report const& report);

/// How many items of each kind have each fate. Kinds that were not found are left out.
using FateTallies = std::map<reconcile::DriftKind, std::map<Fate, std::size_t>>;
FateTallies tally_fates(Report const& report);

/// Drift of one kind: found = due + held() + undecided.
struct DriftTally
{
    std::size_t found = 0;
    std::size_t due = 0;  ///< with a change that nothing holds back
    std::size_t undecided = 0;
    std::map<reconcile::Restraint, std::size_t> held_by;  ///< one entry for each of kRestraints

    std::size_t held() const;
    void add(reconcile::Drift const& drift);
    DriftTally& operator+=(DriftTally const& other);
};

/// All of kDriftKinds, in the order of reports. Kinds that were not found have zeros.
using DriftTallies = std::map<reconcile::DriftKind, DriftTally>;

DriftTallies tally_drift(reconcile::Plan const& plan);
DriftTally sum_of(DriftTallies const& tallies);

/// Changes of one kind: how many were due, and what became of them by the receipts.
struct ChangeTally
{
    std::size_t due = 0;  ///< with stale saved ones, and those held by a guard but rehearsed
    std::map<models::Outcome, std::size_t> outcomes;  ///< one entry for each of kChangeOutcomes
    models::RowsWritten rows;

    /// How many are due but have no receipt: the run ended before them, or did not write at all.
    std::size_t not_reached() const;
    ChangeTally& operator+=(ChangeTally const& other);
};

struct NamedChangeTally
{
    std::string_view kind;  ///< name_of(Change)
    ChangeTally tally;
};

/// Every kind of change, in the order of application.
std::vector<NamedChangeTally> tally_changes(Report const& report);
ChangeTally sum_of(std::vector<NamedChangeTally> const& tallies);

/// The receipt of each drift of the plan; null where there is none.
std::vector<models::Receipt const*> receipts_by_drift(Report const& report);

}  // namespace tracking::job
