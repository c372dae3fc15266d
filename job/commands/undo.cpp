#include "job/commands/commands.hpp"
#include "job/commands/opening.hpp"
#include "job/commands/writing.hpp"
#include "job/databases/policy.hpp"
#include "job/databases/rights.hpp"
#include "job/databases/runs.hpp"
#include "job/report/wording.hpp"
#include "job/run/approval.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"

#include "config/notation/problems.hpp"
#include "models/journal/journal_history.hpp"
#include "models/rules/utc.hpp"
#include "reconcile/undo/undo.hpp"
#include "reconcile/undo/undoable.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace tracking::job {

namespace {

/// What there is to undo.
struct Past
{
    models::PastRun run;
    reconcile::PastChanges changes;
    std::vector<std::string> remarks;
};

/// Of those that undo it, one that was undone as a whole has left nothing.
reconcile::PastChanges changes_with_undoers(
    models::RunId run, reconcile::UndoersOf const& undoers_of,
    std::function<std::vector<models::PastChange>(models::RunId)> const& changes_of)
{
    reconcile::PastChanges changes{.changes = changes_of(run), .undoers = {}};
    for (auto const& undoer : reconcile::standing_undoers_of(run, undoers_of))
        changes.undoers.push_back(changes_with_undoers(undoer.id, undoers_of, changes_of));
    return changes;
}

Past past_of(models::Transaction& tx, models::JournalHistory const& history,
             std::string const& name)
{
    auto run = run_named(tx, history, name);
    auto const undoers_of = [&](models::RunId id) { return history.undoers_of(tx, id); };
    if (auto const objection = reconcile::objection_to_undo(run, undoers_of); !objection.empty())
        throw RunUnusable{objection};
    auto changes = changes_with_undoers(
        run.id, undoers_of, [&](models::RunId id) { return history.changes_of(tx, id); });
    std::vector<std::string> remarks;
    for (auto const& undoer : reconcile::standing_undoers_of(run.id, undoers_of))
        remarks.push_back(
            fmt::format("what run {} has taken back of it already is left out", undoer.id.str()));
    return {std::move(run), std::move(changes), std::move(remarks)};
}

Past past_of(Databases& databases, std::string const& name)
{
    models::JournalHistory const history{databases.facts.tenant,
                                         databases.connections.lease_time()};
    return databases.connections.look_up([&](auto& tx) { return past_of(tx, history, name); });
}

/// Without --yes an undo asks where it can, and reports where it cannot.
models::Role prepare_to_undo(Invocation& invocation)
{
    if (invocation.line.yes || can_ask())
        return prepare_to_write(invocation);
    invocation.report.is_dry_run = true;
    invocation.report.dry_run_reason = "without --yes, and with no terminal to ask on";
    return models::Role::Reader;
}

std::vector<reconcile::Drift> inverse_of(Past const& past, Invocation const& invocation,
                                         Databases const& databases)
{
    return reconcile::inverse_of(
        past.changes,
        policy_from(invocation.config(), databases.facts.tenant, databases.facts.server_time));
}

/// Beyond a writer's: only for what this inverse does.
void require_rights(Databases& databases, reconcile::UndoReach reach)
{
    using reconcile::UndoReach;
    if (reach == UndoReach::Columns)
        return;
    job::require_rights(
        databases, reach == UndoReach::PutsRowsBack ? models::Role::Undoer : models::Role::Writer,
        models::Removal::Customers);
}

void plan_undo(Invocation& invocation, Databases& databases, Past const& past,
               Approval const& approval)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    // For the numbers that the guards' ratios are of. Doubts about the tenants do not stop an
    // undo: they may be why it is wanted.
    report.plan = read_plan(databases, config, report, invocation.phases);
    report.refusals.clear();
    report.held_for_source = 0;
    report.plan->remainder = {};  // the proof reads everything: what is undone is not in it
    report.plan->drift = inverse_of(past, invocation, databases);
    report.plan->left_alone.clear();
    report.plan->remarks = {
        fmt::format("run {} was made at {} by {} on {}", past.run.id.str(),
                    models::utc_text(past.run.started), past.run.executed_by, past.run.host),
        "what is undone is drift again: the next apply does it once more, "
        "unless drift.KIND, policy, exclude or a waiver keeps it from that"};
    report.plan->remarks.insert(report.plan->remarks.end(), past.remarks.begin(),
                                past.remarks.end());
    report.guards = reconcile::guard(*report.plan, guards_from(config.guard), approval.allowances);
    report.refusals = reconcile::objections_to(approval.allowances, report.guards);
}

/// `run` is null for a dry run.
Ending carry_out(Invocation& invocation, Databases& databases, Past const& past,
                 Approval const& approval, Run* run)
{
    plan_undo(invocation, databases, past, approval);
    auto const end = invocation.report.refusals.empty() ? end_without_consent(invocation, run)
                                                        : std::optional{Ending::Refused};
    return end ? end_early(invocation.report, run, *end)
               : write_and_prove(invocation, databases, *run);
}

}  // namespace

Ending undo(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& words = invocation.line.words;
    auto const approval = allowances_from(invocation.line);
    auto const role = prepare_to_undo(invocation);
    auto databases =
        invocation.phases.timed("connect", [&] { return open_databases(invocation, role); });
    require_journal(databases);
    auto const past = past_of(databases, words[1]);
    report.undoes = past.run.id;
    if (report.is_dry_run)
        return carry_out(invocation, databases, past, approval, nullptr);
    require_rights(databases, reconcile::reach_of(inverse_of(past, invocation, databases)));
    Run run{databases, report,
            RunPurpose{
                .mode = "undo", .allowances = approval.allowances_json(), .undoes = past.run.id}};
    return run.carry_out([&] {
        // Nobody else can have undone it since.
        return carry_out(invocation, databases, past_of(databases, words[1]), approval, &run);
    });
}

}  // namespace tracking::job
