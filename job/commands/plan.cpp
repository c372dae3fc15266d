#include "job/commands/commands.hpp"
#include "job/databases/reader.hpp"
#include "job/databases/runs.hpp"
#include "job/invocation/opening.hpp"
#include "job/invocation/write_command.hpp"
#include "job/process/report_file.hpp"
#include "job/report/past_run.hpp"
#include "job/run/approval.hpp"
#include "job/run/reading.hpp"
#include "job/run/rehearsal.hpp"

#include "config/sources/plan_options.hpp"

#include "models/rules/utc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace tracking::job {

namespace {

/// The due changes, and those that a guard holds back: a person needs the plan file to allow them.
/// What the selection leaves out is saved too, since the guards count it.
bool is_saved(reconcile::Drift const& drift)
{
    return drift.change && (drift.is_due() || drift.restraint == reconcile::Restraint::Guard ||
                            drift.restraint == reconcile::Restraint::Selection);
}

reconcile::SavedPlan saved_plan(reconcile::Plan const& plan, Databases& databases,
                                config::Config const& config)
{
    reconcile::SavedPlan saved{.identity = databases.facts.identity,
                               .server_time = models::utc_stamp(databases.facts.server_time)};
    std::ranges::copy_if(plan.drift, std::back_inserter(saved.drift), is_saved);
    saved.options = config::plan_options(config);
    saved.witnesses = Reader{databases}.witnesses(saved.drift);
    return saved;
}

/// Whether the exit code tells of the drift. All drift is new where no run has noted any.
bool is_told(reconcile::Plan const& plan, std::vector<std::string> const& detailed_exitcode)
{
    if (detailed_exitcode.empty() || plan.drift.empty())
        return false;
    return detailed_exitcode.front() == "any" || !plan.since || plan.since->fresh > 0;
}

reconcile::ComparedRun run_to_compare_with(Databases& databases, std::string const& name)
{
    require_journal(databases);
    models::JournalHistory const journal{databases.facts.tenant,
                                         databases.connections.lease_time()};
    auto const run =
        databases.connections.look_up([&](auto& tx) { return run_named(tx, journal, name); });
    auto const left = left_by(run);
    if (!left || !run.duration)
        throw RunUnusable{fmt::format(
            "--since: run {} noted no drift (mode {}, ended as {}): name one that went through and "
            "keeps its drift, as `customer-reconcile history --trend` lists them with what they "
            "left",
            run.id.str(), run.mode, ending_of(run))};
    return {.ended = std::chrono::round<std::chrono::seconds>(run.started + *run.duration),
            .id = run.id,
            .left = *left};
}

/// Rehearses the plan where --rehearse asks for it. Does not where the plan is refused, or with
/// --dry-run, which always wins.
void rehearse_if_asked(Invocation& invocation, Databases& databases)
{
    auto& report = invocation.report;
    if (!invocation.line.rehearse || !report.refusals.empty())
        return;
    if (invocation.config().dry_run) {
        report.dry_run_reason = "--dry-run: nor was anything rehearsed";
        return;
    }
    report.is_rehearsed = true;
    invocation.phases.timed("rehearse", [&] {
        rehearse(databases, invocation.config(), *report.plan, report.applied);
    });
}

}  // namespace

Ending plan(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    auto const role =
        invocation.line.rehearse && !config.dry_run ? models::Role::Writer : models::Role::Reader;
    auto databases =
        invocation.phases.timed("connect", [&] { return open_databases(invocation, role); });
    Approval const approval{.selection = selection_from(invocation.line)};
    report.selection = approval.selection;
    if (auto const& since = invocation.line.since; !since.empty())
        databases.facts.compared = run_to_compare_with(databases, since.front());
    tell(report, read_and_decide(databases, config, approval, invocation.phases), databases.facts);
    if (databases.facts.has_citus)
        report.plan->remarks.emplace_back(
            "on Citus, where no snapshot holds on all servers, this is a list of candidates: what "
            "was changed while it was read may be missing or be here in vain, and each change is "
            "verified again when it is applied");
    if (report.selection.is_empty())
        report.untyped_contacts = untyped_contacts(databases, config, report.plan->counts).size();
    if (auto const& out = invocation.line.out; !out.empty()) {
        auto saved = saved_plan(*report.plan, databases, config);
        saved.selection = report.selection;
        write_file(out.front(), write_plan_file(saved), Readers::Owner);
        report.plan_file = out.front();
    }
    rehearse_if_asked(invocation, databases);
    auto const outcome = outcome_of(report);
    return outcome == Ending::Ok && is_told(*report.plan, invocation.line.detailed_exitcode)
               ? Ending::Drift
               : outcome;
}

}  // namespace tracking::job
