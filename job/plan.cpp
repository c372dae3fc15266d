#include "job/commands.hpp"
#include "job/policy.hpp"
#include "job/reading.hpp"
#include "job/sides.hpp"
#include "job/stopwatch.hpp"

namespace tracking::job {

Outcome plan(Invocation& invocation)
{
    auto& report = invocation.report;
    auto sides = timed(report, "connect", [&] {
        return Sides{invocation.config(), models::Role::Reader, report};
    });
    report.plan = read_plan(sides, invocation.config(), report);
    bool const has_drift = !report.plan->drift.empty();
    return has_drift && invocation.line.detailed_exitcode ? Outcome::Drift : Outcome::Ok;
}

}  // namespace tracking::job
