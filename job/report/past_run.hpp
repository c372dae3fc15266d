#pragma once

#include "job/report/report.hpp"
#include "models/journal/journal_history.hpp"

#include <span>
#include <string>

namespace tracking::job {

/// How a run ended, in one word: its outcome, `running`, or `killed`.
std::string ending_of(models::PastRun const& run);

/// Drift that the run has left because something held it back, by its own account.
std::size_t held_by(models::PastRun const& run);

/// The report of a past run, as far as the journal holds what it said: its changes with their
/// reasons, and what it counted. What a failed change was about is known by its ids alone.
void tell(Report& report, models::PastRun const& run, std::span<models::PastChange const> changes);

}  // namespace tracking::job
