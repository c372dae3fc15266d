#pragma once

#include "job/report/report.hpp"

#include "reconcile/policy/policy.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// What the metrics need besides the report.
struct Surroundings
{
    std::chrono::sys_seconds now;  ///< by this machine's clock, when the run ended
    /// The last success of earlier runs, for a target that forgets what it is not given again.
    std::optional<std::chrono::sys_seconds> last_success;
    std::vector<reconcile::Waiver> waivers;
};

/// The `mode` label: what the run really did. A dry run of `apply` counts as a `plan`, since it
/// must not look like an apply that succeeded. Nothing for a command without metrics.
std::optional<std::string> metrics_mode(Report const& report);

/// The report in Prometheus' text format, with families and samples in a fixed order. All are
/// gauges named customer_reconcile_*, with the label `mode`. The values of every label are known
/// beforehand; those that do not occur have samples of 0. A family whose value the run did not find
/// is left out, so that a Pushgateway keeps the former one. @pre metrics_mode(report)
std::string render_metrics(Report const& report, Surroundings const& surroundings);

/// The last success of this mode in the text that an earlier render_metrics() returned.
std::optional<std::chrono::sys_seconds> last_success_in(std::string_view exposition,
                                                        std::string_view mode);

}  // namespace tracking::job
