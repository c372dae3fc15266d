#include "job/invocation/decision.hpp"

#include "job/invocation/write_command.hpp"
#include "job/run/reading.hpp"

#include "config/notation/problems.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace tracking::job {

namespace {

/// There is one change only, so where it is stale the command ends as stale.
Ending outcome_of_decision(Report const& report)
{
    bool const is_stale =
        std::ranges::any_of(report.applied.results, [](reconcile::Result const& result) {
            return result.receipt.outcome == models::Outcome::Stale;
        });
    return is_stale ? Ending::Stale : outcome_of(report);
}

Ending write_decision(Invocation& invocation, Databases& databases, Run& run,
                      std::function<bool(reconcile::Drift const&)> const& concerns)
{
    auto& report = invocation.report;
    auto& phases = invocation.phases;
    phases.timed("apply", [&] { run.write(*report.plan, 1, report.applied); });
    auto residual = phases.timed("prove", [&] {
        Phases part{Phases::Of::Part};
        return read_and_decide(databases, invocation.config(), {}, part).plan;
    });
    residual.remarks.clear();
    residual.left_alone.clear();
    residual.since.reset();
    std::erase_if(residual.drift, std::not_fn(concerns));
    report.residual = std::move(residual);
    auto const outcome = outcome_of_decision(report);
    phases.timed("journal", [&] { run.finish(outcome); });
    return outcome;
}

}  // namespace

void require_reason(Invocation const& invocation)
{
    auto const& line = invocation.line;
    if (line.reason.empty())
        throw config::UsageError{
            fmt::format("{} needs --reason: the journal keeps why", line.words.front())};
}

models::RunRecord record_of_decision(Invocation const& invocation)
{
    auto const& line = invocation.line;
    boost::json::object const why{{"reason", line.reason.front()}};
    return {.mode = line.words.front(),
            .version = invocation.report.version,
            .allowances = boost::json::serialize(why)};
}

Ending decision_command(Invocation& invocation, PersonsDecision const& decision)
{
    require_reason(invocation);
    auto const prepare = [&](Databases& databases) {
        if (!invocation.report.is_dry_run())
            require_journal(databases);
        decision.find(databases);
        return record_of_decision(invocation);
    };
    auto const write = [&](Databases& databases, Run& run) {
        return write_decision(invocation, databases, run, decision.concerns);
    };
    return write_command(invocation, {.role = prepare_to_write(invocation),
                                      .prepare = prepare,
                                      .make_plan = decision.make_plan,
                                      .write = write,
                                      .begin = Begin::AfterConsent});
}

}  // namespace tracking::job
