// Where the metrics go.

#include "job/doctor/checks.hpp"
#include "job/telemetry/metrics_targets.hpp"
#include "job/telemetry/web_client.hpp"

namespace tracking::job {

void examine_metrics(Checkup& checkup, config::Metrics const& metrics)
{
    if (!metrics.textfile.empty()) {
        auto const obstacle = obstacle_to_writing(metrics.textfile);
        if (obstacle.empty())
            checkup.pass("textfile", metrics.textfile.string() + " can be written");
        else
            checkup.warn("textfile", obstacle, "runs would go on without their metrics");
    }
    if (metrics.pushgateway.empty())
        return;
    try {
        probe_pushgateway(metrics);
        checkup.pass("pushgateway", "ready");
    } catch (WebError const& error) {
        checkup.warn("pushgateway", error.what(),
                     "runs would go on without their metrics; check address, network policy, "
                     "password and certificates");
    }
}

}  // namespace tracking::job
