#pragma once

#include "reconcile/plan/plan_file.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// A saved change that does not hold any more, and what was found instead.
struct StaleChange
{
    Drift expected;
    std::string found;                      ///< sentences; may be empty where `instead` is set
    std::optional<models::Change> instead;  ///< another change, which is due in its place now
};

/// Holds back every due change of the fresh plan that was not saved, or that the saved plan's own
/// selection leaves out. Returns the selected ones that are not due any more just as they were
/// saved. `witnesses` are those of the saved changes, read
/// now, in the same order.
std::vector<StaleChange> restrict_to(Plan& fresh, SavedPlan const& saved,
                                     std::span<std::string const> witnesses);

}  // namespace tracking::reconcile
