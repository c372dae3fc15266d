#pragma once

#include "models/values/past_run.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// The runs that undo a run, oldest first.
using UndoersOf = std::function<std::vector<models::PastRun>(models::RunId)>;

/// The run that has undone this one and still stands: it was not undone itself. One that was not
/// finished, or could not take back everything, can be repeated, and does not count.
std::optional<models::PastRun> undoer_of(models::RunId run, UndoersOf const& undoers_of);

/// Those that have taken back something of the run and were not undone as a whole, oldest first.
std::vector<models::PastRun> standing_undoers_of(models::RunId run, UndoersOf const& undoers_of);

/// Why a run cannot be undone, as a sentence; empty: it can.
std::string objection_to_undo(models::PastRun const& run, UndoersOf const& undoers_of);

}  // namespace tracking::reconcile
