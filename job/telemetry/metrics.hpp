#pragma once

#include "job/report/report.hpp"

#include "reconcile/policy/policy.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// What the metrics need and the report does not know.
struct Surroundings
{
    std::chrono::sys_seconds now;  ///< by this machine's clock, when the run ended
    /// Of an earlier run, for a target that keeps nothing but what it is given.
    std::optional<std::chrono::sys_seconds> last_success;
    std::vector<reconcile::Waiver> waivers;
};

/// The `mode` label: what the run really did. A dry run of `apply` is a `plan`: it must not look
/// like an apply that succeeded. Nothing for what has no metrics.
std::optional<std::string> metrics_mode(Report const& report);

/// Whether the run did all that was asked of it: outcome ok, or drift, which `plan` was to tell.
bool is_success(Ending outcome);

/// The report in Prometheus' text format, families and samples in a fixed order. All are gauges,
/// named customer_reconcile_*, with the label `mode`; every label's values are known beforehand,
/// and those that do not occur are 0. A family whose value the run has not learnt is left out, so
/// that a Pushgateway keeps the former one. @pre metrics_mode(report)
std::string render_metrics(Report const& report, Surroundings const& surroundings);

/// The last success of that mode in what render_metrics() wrote earlier.
std::optional<std::chrono::sys_seconds> last_success_in(std::string_view exposition,
                                                        std::string_view mode);

}  // namespace tracking::job
