#include "job/document/trend.hpp"

#include "job/report/overview.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "models/rules/utc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>

namespace tracking::job {

namespace {

constexpr std::array<std::string_view, 8> kHeights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view kNoReading = "×";

/// A reading in doubt is none, as the journal counts it.
Reading now(Report const& report)
{
    auto const left = left_drift(report);
    auto const found =
        report.plan->is_in_doubt ? std::nullopt : std::optional{sum_of(found_drift(report)).found};
    return {.drift = {.id = {},
                      .started = {},
                      .outcome = std::string{name_of(report.ending())},
                      .found = found,
                      .left = left ? std::optional{sum_of(*left).found} : std::nullopt},
            .is_now = true};
}

/// Only zero has the lowest height.
std::string_view height_of(std::size_t drift, std::size_t most)
{
    auto const steps = kHeights.size() - 1;
    return kHeights[drift == 0 ? 0 : (drift * steps + most - 1) / most];
}

}  // namespace

std::string Reading::when() const
{
    return is_now ? "now" : models::utc_text(drift.started);
}

std::string_view ending_of(models::TrendPoint const& run)
{
    return run.outcome.empty() ? "killed" : std::string_view{run.outcome};
}

std::vector<Reading> trend_of(Report const& report)
{
    if (!compares_both_sides(report) || !report.plan || report.trend.empty())
        return {};
    std::vector<Reading> readings;
    std::ranges::transform(report.trend.rbegin(), report.trend.rend(), std::back_inserter(readings),
                           [](models::TrendPoint const& run) { return Reading{run}; });
    readings.push_back(now(report));
    return readings;
}

std::string trend_text(Report const& report)
{
    auto const readings = trend_of(report);
    if (readings.empty())
        return {};
    std::size_t most = 0;
    bool is_complete = true;
    for (auto const& [drift, is_now] : readings) {
        most = std::max(most, drift.last_seen().value_or(0));
        is_complete = is_complete && drift.last_seen();
    }
    std::string line;
    for (auto const& [drift, is_now] : readings)
        line += drift.last_seen() ? height_of(*drift.last_seen(), most) : kNoReading;
    return fmt::format("{} left by {}, and now: {} at most{}", line,
                       counted(readings.size() - 1, "run", "runs"), most,
                       is_complete ? "" : fmt::format("; {} saw none", kNoReading));
}

}  // namespace tracking::job
