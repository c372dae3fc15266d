#include "job/commands/commands.hpp"
#include "job/commands/write_command.hpp"
#include "job/databases/rights.hpp"
#include "job/databases/runs.hpp"
#include "job/report/past_run.hpp"
#include "job/report/wording.hpp"
#include "job/run/approval.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"

#include "config/notation/problems.hpp"
#include "models/journal/journal_history.hpp"
#include "models/rules/utc.hpp"
#include "reconcile/diff/diff.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/undo/undo.hpp"
#include "reconcile/undo/undoable.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <utility>

namespace tracking::job {

namespace {

/// The run to undo, and what takes it back.
struct Past
{
    models::PastRun run;
    std::vector<reconcile::Drift> inverse;
    std::vector<std::string> remarks;
};

/// The run with those that undo it, except undos that were wholly undone. Adds all of them to
/// `all`.
reconcile::UndoneRun with_undoers(models::RunId run, reconcile::UndoersOf const& undoers_of,
                                  std::vector<models::RunId>& all)
{
    reconcile::UndoneRun undone{.run = run};
    all.push_back(run);
    for (auto const& undoer : reconcile::standing_undoers_of(run, undoers_of))
        undone.undoers.push_back(with_undoers(undoer.id, undoers_of, all));
    return undone;
}

Past past_of(models::Transaction& tx, models::JournalHistory const& history,
             std::string const& name, reconcile::Policy const& policy)
{
    auto run = run_named(tx, history, name);
    auto const undoers_of = [&](models::RunId id) { return history.undoers_of(tx, id); };
    if (auto const objection = reconcile::objection_to_undo(run, undoers_of); !objection.empty())
        throw RunUnusable{objection};
    std::vector<models::RunId> runs;
    reconcile::Inverse inverse{with_undoers(run.id, undoers_of, runs), policy, run.applied};
    history.visit_by_company(tx, runs, [&](auto const& change) { inverse.add(change); });
    std::vector<std::string> remarks;
    for (auto const& undoer : reconcile::standing_undoers_of(run.id, undoers_of))
        remarks.push_back(
            fmt::format("what run {} has taken back of it already is left out", undoer.id.str()));
    return {std::move(run), std::move(inverse).drift(), std::move(remarks)};
}

Past past_of(Databases& databases, std::string const& name, reconcile::Policy const& policy)
{
    models::JournalHistory const history{databases.facts.tenant,
                                         databases.connections.lease_time()};
    return databases.connections.look_up(
        [&](auto& tx) { return past_of(tx, history, name, policy); });
}

/// Without --yes an undo asks on the terminal. Without a terminal it only reports.
models::Role prepare_to_undo(Invocation& invocation)
{
    if (invocation.line.yes || can_ask())
        return prepare_to_write(invocation);
    invocation.report.is_dry_run = true;
    invocation.report.dry_run_reason = "without --yes, and with no terminal to ask on";
    return models::Role::Reader;
}

/// Requires the rights that this inverse needs beyond a writer's.
void require_rights(Databases& databases, reconcile::UndoReach reach)
{
    using reconcile::UndoReach;
    if (reach == UndoReach::Columns)
        return;
    job::require_rights(
        databases, reach == UndoReach::PutsRowsBack ? models::Role::Undoer : models::Role::Writer,
        models::Removal::Customers);
}

reconcile::Decision plan_undo(Invocation& invocation, Databases& databases, Past past,
                              Approval const& approval)
{
    auto const& config = invocation.config();
    auto const& policy = config.policy;
    auto state = read_state(databases, config, invocation.phases);
    auto all =
        invocation.phases.timed("diff", [&] { return reconcile::diff(std::move(state), policy); });
    // Both sides were read only for the counts that the guards' ratios apply to. Doubts about the
    // tenants do not stop an undo: they may be the reason for it. The plan has no remainder, since
    // what is undone is not in one, so the proof reads everything.
    reconcile::Decision decision{.plan = {.counts = all.counts, .drift = std::move(past.inverse)}};
    auto& remarks = decision.plan.remarks;
    remarks = {fmt::format("run {} was made at {} by {} on {}", past.run.id.str(),
                           models::utc_text(past.run.started), actor_of(past.run), past.run.host),
               "what is undone is drift again: the next apply does it once more, "
               "unless drift.KIND, policy, exclude or a waiver keeps it from that"};
    remarks.insert(remarks.end(), past.remarks.begin(), past.remarks.end());
    decision.guards = reconcile::guard(decision.plan, config.guard, approval.allowances);
    decision.refusals = reconcile::objections_to(approval.allowances, decision.guards);
    return decision;
}

}  // namespace

Ending undo(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& name = invocation.line.words[1];
    auto const approval = allowances_from(invocation.line);
    auto const role = prepare_to_undo(invocation);
    auto const& policy = invocation.config().policy;
    std::optional<Past> past;
    auto const prepare = [&](Databases& databases) {
        require_journal(databases);
        past = past_of(databases, name, policy);
        report.undoes = past->run.id;
        if (!report.is_dry_run)
            require_rights(databases, reconcile::reach_of(past->inverse));
        auto const run = past->run.id;
        if (!report.is_dry_run)
            past.reset();  // it is read again under the lease
        return RunPurpose{.mode = "undo",
                          .version = report.version,
                          .allowances = approval.allowances_json(),
                          .undoes = run};
    };
    auto const make_plan = [&](Databases& databases) {
        if (report.run)
            past = past_of(databases, name, policy);  // from now on nobody else can undo the run
        return plan_undo(invocation, databases, *std::move(past), approval);
    };
    auto const write = [&](Databases& databases, Run& run) {
        return write_and_prove(invocation, databases, run);
    };
    return write_command(
        invocation, {.role = role, .prepare = prepare, .make_plan = make_plan, .write = write});
}

}  // namespace tracking::job
