#pragma once

#include "models/values/past_change.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"

#include <span>
#include <vector>

namespace tracking::reconcile {

/// What a run did, and what other runs have taken back of it since.
struct PastChanges
{
    std::vector<models::PastChange> changes;  ///< in the order in which they were applied
    std::vector<PastChanges> undoers;         ///< of the runs that undo this one, oldest first
};

/// The changes that take back what still stands of a run: at most one Restore for each company, in
/// an order in which they can be applied. Changes that wrote nothing (failed, stale, already
/// present) are left out. Where the images do not say enough, the drift has the reason in place of
/// a Restore. Pure.
std::vector<Drift> inverse_of(PastChanges const& past, Policy const& policy);

/// How far an inverse reaches. Each value includes those before it.
enum class UndoReach
{
    Columns,       ///< it changes columns of rows that stay
    RemovesRows,   ///< it removes rows that the run made
    PutsRowsBack,  ///< it puts removed rows back, or removes tag definitions
};

UndoReach reach_of(std::span<Drift const> inverse);

}  // namespace tracking::reconcile
