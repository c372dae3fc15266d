#include "job/commands/commands.hpp"
#include "job/databases/rights.hpp"
#include "job/forms/render.hpp"
#include "job/invocation/write_command.hpp"
#include "job/report/past_run.hpp"
#include "job/report/wording.hpp"
#include "job/run/approval.hpp"
#include "job/run/reading.hpp"
#include "job/run/undo_of_run.hpp"

#include "config/notation/problems.hpp"
#include "models/rules/utc.hpp"
#include "reconcile/diff/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

/// Without --yes an undo asks on the terminal. Without a terminal it only reports.
models::Role prepare_to_undo(Invocation& invocation)
{
    if (invocation.line.yes || can_ask())
        return prepare_to_write(invocation);
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

/// How many items the report has to keep: as many as are listed. Where the command ends early, no
/// form can read them again, so there are always some.
std::size_t room_of(Invocation const& invocation)
{
    constexpr std::size_t kLeast = 20;
    auto const& config = invocation.config();
    auto const limit = static_cast<std::size_t>(config.list_limit);
    auto const asks = !invocation.line.yes && can_ask();
    return std::max(
        {kLeast, room_of_reports(config), asks ? most_listed(config::Format::Text, limit) : 0});
}

/// What is left as it is, counted by the reason: where the undo writes, its report lists only the
/// rest.
std::vector<std::string> remarks_on(std::vector<reconcile::Drift> const& drift)
{
    std::map<std::string, std::size_t> left;
    for (auto const& one : drift) {
        if (!one.change)
            ++left[one.detail];
    }
    std::vector<std::string> remarks;
    remarks.reserve(left.size());
    for (auto const& [reason, count] : left)
        remarks.push_back(fmt::format(
            "{} as it is: {}", counted(count, "company is left", "companies are left"), reason));
    return remarks;
}

reconcile::Decision plan_undo(Invocation& invocation, Databases& databases, UndoOfRun& undo,
                              Approval const& approval)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    auto const& policy = config.policy;
    auto state = read_state(databases, config, invocation.phases);
    auto const all = invocation.phases.timed(
        "diff", [&] { return reconcile::diff(std::move(state), policy, reconcile::kRoomForNone); });
    // Both sides were read only for the counts that the guards' ratios apply to. Doubts about the
    // tenants do not stop an undo: they may be the reason for it. The plan has no remainder, since
    // what is undone is not in one, so the proof reads everything.
    reconcile::Decision decision{.plan = {.counts = all.counts, .drift = {}}};
    auto const& run = undo.run();
    auto& remarks = decision.plan.remarks;
    remarks = {fmt::format("run {} was made at {} by {} on {}", run.id.str(),
                           models::utc_text(run.started), actor_of(run), run.host)};
    if (run.mode == "apply")
        remarks.emplace_back(
            "what is undone is drift again: the next apply does it once more, "
            "unless drift.KIND, policy, exclude or a waiver keeps it from that");
    remarks.insert(remarks.end(), undo.remarks().begin(), undo.remarks().end());
    decision.guards = undo.guard(all.counts, config.guard, approval.allowances);
    decision.refusals = reconcile::objections_to(approval.allowances, decision.guards);
    decision.plan.drift = undo.list(report, room_of(invocation));
    for (auto& remark : remarks_on(decision.plan.drift))
        remarks.push_back(std::move(remark));
    return decision;
}

Ending undo(Invocation& invocation, std::shared_ptr<UndoOfRun>& past)
{
    auto& report = invocation.report;
    auto const& name = invocation.line.words[1];
    auto const approval = allowances_from(invocation.line);
    auto const role = prepare_to_undo(invocation);
    auto const& config = invocation.config();
    auto const prepare = [&](Databases& databases) {
        require_journal(databases);
        past = std::make_shared<UndoOfRun>(databases, name, config.policy);
        report.undoes = past->run().id;
        if (!report.is_dry_run())
            require_rights(databases, past->reach());
        return models::RunRecord{.mode = "undo",
                                 .version = report.version,
                                 .allowances = approval.allowances_json(),
                                 .undoes = past->run().id};
    };
    auto const make_plan = [&](Databases& databases) {
        if (report.run)  // from now on nobody else can undo the run
            past = std::make_shared<UndoOfRun>(databases, name, config.policy);
        return plan_undo(invocation, databases, *past, approval);
    };
    auto const write = [&](Databases& databases, Run& run) {
        invocation.phases.timed("apply", [&] {
            past->write(run, report, static_cast<std::size_t>(config.batch_size));
        });
        return prove_and_finish(invocation, databases, run);
    };
    return write_command(
        invocation, {.role = role, .prepare = prepare, .make_plan = make_plan, .write = write});
}

}  // namespace

Ending undo(Invocation& invocation)
{
    auto& report = invocation.report;
    std::shared_ptr<UndoOfRun> past;
    try {
        auto const ending = undo(invocation, past);
        report.all_items = [past](auto const& visit) { past->visit(visit); };
        return ending;
    } catch (...) {
        // The journal may not answer any more, so the report has only what it keeps.
        if (report.run && report.plan && !report.unlisted.empty())
            report.plan->remarks.push_back(fmt::format(
                "not all items are listed; `customer-reconcile show {}` lists what was done",
                report.run->str()));
        throw;
    }
}

}  // namespace tracking::job
