#pragma once

#include "job/report/report.hpp"
#include "models/values/past_run.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// What one run has seen, or this report.
struct Reading
{
    models::TrendPoint drift;
    bool is_now = false;

    /// `2026-11-27 03:00:01 UTC`, or `now`.
    std::string when() const;
};

/// A run's ending in one word; `killed` where it has none.
std::string_view ending_of(models::TrendPoint const& run);

/// The last runs and this report, oldest first. Empty for a command that does not compare the whole
/// of both sides, and where no run came before.
std::vector<Reading> trend_of(Report const& report);

/// `▁▂█×▃ left by 4 runs, and now: 283 at most; × saw none`, or empty.
std::string trend_text(Report const& report);

}  // namespace tracking::job
