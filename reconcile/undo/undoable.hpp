#pragma once

#include "models/values/past_run.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// The runs that undo a run, oldest first.
using UndoersOf = std::function<std::vector<models::PastRun>(models::RunId)>;

/// The run that has undone this one and was not undone itself. An undo that did not finish, or
/// could not take back everything, can be repeated, so it does not count.
std::optional<models::PastRun> undoer_of(models::RunId run, UndoersOf const& undoers_of);

/// The runs that took back something of this run and were not wholly undone, oldest first.
std::vector<models::PastRun> standing_undoers_of(models::RunId run, UndoersOf const& undoers_of);

/// A sentence on why a run cannot be undone; empty: it can.
std::string objection_to_undo(models::PastRun const& run, UndoersOf const& undoers_of);

}  // namespace tracking::reconcile
