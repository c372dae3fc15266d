#pragma once

#include "models/values/past_change.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"

#include <span>
#include <vector>

namespace tracking::reconcile {

/// What a run did, and what was taken back of it since.
struct PastChanges
{
    std::vector<models::PastChange> changes;  ///< in the order in which they were applied
    std::vector<PastChanges> undoers;         ///< of the runs that undo this one, oldest first
};

/// What would take back what still stands of a run: at most one Restore a company, whatever was
/// done to it, in an order in which they can be applied. Changes that changed nothing (failed,
/// stale, already present) are left out; those whose images do not say enough come without a
/// Restore, with the reason. Pure.
std::vector<Drift> inverse_of(PastChanges const& past, Policy const& policy);

/// What an inverse may come to, each more than the one before it.
enum class UndoReach
{
    Columns,       ///< columns of rows that stay
    RemovesRows,   ///< rows that the run has made go
    PutsRowsBack,  ///< rows that it has taken away come back, or tags that it has defined go
};

UndoReach reach_of(std::span<Drift const> inverse);

}  // namespace tracking::reconcile
