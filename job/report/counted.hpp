#pragma once

#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/plan.hpp"
#include "reconcile/policy/drift.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace tracking::job {

// The counts of a report, as values. job/report/tally.hpp makes them from the items.

/// Every restraint except None.
inline constexpr std::array kRestraints{
    reconcile::Restraint::Report,   reconcile::Restraint::Policy,   reconcile::Restraint::Adoption,
    reconcile::Restraint::Grace,    reconcile::Restraint::Waived,   reconcile::Restraint::Guard,
    reconcile::Restraint::PlanFile, reconcile::Restraint::Selection};

inline constexpr std::array kChangeOutcomes{models::Outcome::Applied,
                                            models::Outcome::AlreadyPresent, models::Outcome::Stale,
                                            models::Outcome::Failed, models::Outcome::Rehearsed};

/// Drift of one kind: found = due + held() + undecided.
struct DriftTally
{
    std::size_t found = 0;
    std::size_t due = 0;  ///< with a change that nothing holds back
    std::size_t undecided = 0;
    std::map<reconcile::Restraint, std::size_t> held_by;  ///< one entry for each of kRestraints

    std::size_t held() const;
    void add(reconcile::Drift const& drift);
    void add(std::size_t changes, reconcile::Restraint restraint);
    DriftTally& operator+=(DriftTally const& other);
};

/// All of kDriftKinds, in the order of reports. Kinds that were not found have zeros.
using DriftTallies = std::map<reconcile::DriftKind, DriftTally>;

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

/// Changes of one guarded kind.
struct ChangeSize
{
    std::size_t due = 0;   ///< that nothing holds back
    std::size_t held = 0;  ///< by a guard
    std::size_t done = 0;
};

/// What a person reads first. All forms take it from here, so that they agree.
struct Overview
{
    std::array<ChangeSize, reconcile::kGuardTable.size()> sizes{};  ///< of what each guard counts
    std::size_t waiting = 0;  ///< items for a person, by the newest reading

    ChangeSize& of(reconcile::GuardedKind kind) { return sizes[static_cast<std::size_t>(kind)]; }
    ChangeSize const& of(reconcile::GuardedKind kind) const
    {
        return sizes[static_cast<std::size_t>(kind)];
    }
};

/// What a past run itself has counted. The journal keeps this, but no items that the run did not
/// change.
struct Counted
{
    DriftTallies found;
    std::optional<DriftTallies> left;
    std::vector<NamedChangeTally> changes;
    Overview overview;
    std::optional<bool> converged;
};

/// Changes that nobody has to look at and that no form of the report lists: a run or an undo may
/// have very many.
struct Unlisted
{
    reconcile::DriftKind drift;
    std::string_view change;  ///< name_of(Change)
    reconcile::GuardedKind guarded;
    reconcile::Restraint restraint = reconcile::Restraint::None;  ///< none, or a guard
    std::optional<models::Outcome> outcome = {};                  ///< nothing: not tried
    std::size_t count = 0;
    models::RowsWritten rows{};

    bool is_due() const { return restraint == reconcile::Restraint::None; }
};

/// Adds a change to those that are like it.
void count(std::vector<Unlisted>& all, Unlisted const& one);

}  // namespace tracking::job
