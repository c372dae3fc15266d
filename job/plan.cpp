#include "job/commands.hpp"
#include "job/reading.hpp"
#include "job/report_file.hpp"
#include "job/sides.hpp"
#include "job/stopwatch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tracking::job {

namespace {

/// What is due, and what a guard holds back: the plan file is what a person allows it by.
reconcile::SavedPlan saved_plan(reconcile::Plan const& plan, Sides const& sides)
{
    reconcile::SavedPlan saved{.identity = sides.identity(),
                               .server_time = fmt::format("{:%FT%TZ}", sides.server_time())};
    std::ranges::copy_if(plan.drift, std::back_inserter(saved.drift), [](auto const& drift) {
        return drift.change && (drift.is_due() || drift.hold == reconcile::Hold::Guard);
    });
    return saved;
}

}  // namespace

Outcome plan(Invocation& invocation)
{
    auto& report = invocation.report;
    auto sides = timed(report, "connect", [&] {
        return Sides{invocation.config(), models::Role::Reader, report};
    });
    report.plan = read_plan(sides, invocation.config(), report);
    if (auto const& out = invocation.line.out; !out.empty()) {
        write_report_file(out.front(), write_plan_file(saved_plan(*report.plan, sides)));
        report.plan_file = out.front();
    }
    if (report.is_refused())
        return Outcome::Refused;
    bool const has_drift = !report.plan->drift.empty();
    return has_drift && invocation.line.detailed_exitcode ? Outcome::Drift : Outcome::Ok;
}

}  // namespace tracking::job
