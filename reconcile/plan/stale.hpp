#pragma once

#include "reconcile/plan/plan_file.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// A saved change that does not hold any more, and what is there instead.
struct StaleChange
{
    Drift expected;
    std::string found;                      ///< sentences; may be empty where there is `instead`
    std::optional<models::Change> instead;  ///< the other change that is due in its place now
};

/// Keeps due, of a fresh plan, exactly what was saved; all else due is held back. What was saved
/// and is not to be found as it was is returned. `witnesses` are those of the saved changes as they
/// are by now, in their order.
std::vector<StaleChange> restrict_to(Plan& fresh, SavedPlan const& saved,
                                     std::span<std::string const> witnesses);

}  // namespace tracking::reconcile
