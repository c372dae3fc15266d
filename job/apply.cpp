#include "job/commands.hpp"
#include "job/mandate.hpp"
#include "job/reading.hpp"
#include "job/run.hpp"
#include "job/sides.hpp"
#include "job/stopwatch.hpp"
#include "job/terminal.hpp"
#include "job/text_report.hpp"

#include "config/problems.hpp"
#include "models/errors.hpp"
#include "models/journal_model.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace tracking::job {

namespace {

void require_journal(Sides const& sides)
{
    if (sides.journal_version() < models::JournalModel::kVersion)
        throw models::SchemaMismatch{
            "the journal (schema customer_reconcile) is missing, too old or not readable: run "
            "`customer-reconcile init` as its owner, then grant what `init --print` shows"};
}

/// A plan file is good for the databases that it was made from, and once.
void check_saved_plan(Sides& sides, reconcile::SavedPlan const& saved)
{
    if (saved.identity != sides.identity())
        throw reconcile::PlanFileError{fmt::format(
            "the plan was made for database {} and management tenant {}; these are {} and {}",
            saved.identity.database, saved.identity.management_tenant.str(),
            sides.identity().database, sides.identity().management_tenant.str())};
    if (sides.journal_version() == 0)
        return;
    auto tx = sides.management().begin(models::Access::ReadOnly, sides.timeouts());
    if (models::JournalModel{sides.management_tenant()}.has_applied(tx, saved.digest))
        throw reconcile::PlanFileError{"the plan has been applied before; make a new one"};
}

/// Why an apply is to report and not to write; empty: it is to write.
std::string reason_for_dry_run(config::Config const& config)
{
    if (config.dry_run)
        return "--dry-run";
    if (!config.tracking_enabled)
        return "tracking-enabled is false";
    return {};
}

void require_consent(Invocation const& invocation)
{
    if (!invocation.line.yes && (!is_terminal(STDIN_FILENO) || !is_terminal(STDOUT_FILENO)))
        throw config::UsageError{
            "apply asks before it writes, and there is no terminal to ask on: add --yes"};
}

/// Shows the plan on the terminal and asks.
bool is_confirmed(Invocation const& invocation)
{
    if (invocation.line.yes || !invocation.report.plan->has_due_changes())
        return true;
    auto shown = invocation.report;
    shown.run.reset();  // nothing has been written yet
    std::cout << render_text(shown, style_for(invocation.config(), STDOUT_FILENO))
              << "Apply these changes? Only \"yes\" will be taken: " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

Outcome outcome_of(Report const& report)
{
    auto const& results = report.applied.results;
    auto const failures = std::ranges::count_if(results, [](reconcile::Result const& result) {
        return result.receipt.outcome == models::Outcome::Failed;
    });
    if (failures > 0)
        return static_cast<std::size_t>(failures) == results.size() ? Outcome::Failed
                                                                    : Outcome::Partial;
    return report.is_refused() ? Outcome::Refused : Outcome::Ok;
}

Outcome write_and_prove(Invocation& invocation, Sides& sides, Run& run)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    timed(report, "apply", [&] { run.write(static_cast<std::size_t>(config.batch_size)); });
    report.residual = timed(report, "prove", [&] {
        Report proof;  // its phases are this phase
        return read_plan(sides, config, proof);
    });
    auto const outcome = outcome_of(report);
    timed(report, "journal", [&] {
        run.record_sightings(*report.residual);
        run.finish(outcome);
    });
    return outcome;
}

/// What an apply ends with before it has written anything; nothing: it goes on.
std::optional<Outcome> early_end(Invocation& invocation, Mandate const& mandate)
{
    auto& report = invocation.report;
    if (!report.refusals.empty())
        return Outcome::Refused;
    if (mandate.saved && !mandate.saved->drift.empty() &&
        report.stale.size() == mandate.saved->drift.size())
        return Outcome::Stale;
    if (!report.is_dry_run && !is_confirmed(invocation)) {
        report.is_dry_run = true;
        report.dry_run_reason = "not confirmed";
    }
    if (report.is_dry_run)
        return outcome_of(report);
    return std::nullopt;
}

}  // namespace

Outcome apply(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    auto const mandate = mandate_from(invocation.line);
    report.dry_run_reason = reason_for_dry_run(config);
    report.is_dry_run = !report.dry_run_reason.empty();
    if (!report.is_dry_run)
        require_consent(invocation);
    auto const role = report.is_dry_run ? models::Role::Reader : models::Role::Writer;
    auto sides = timed(report, "connect", [&] { return Sides{config, role, report}; });
    if (mandate.saved) {
        report.plan_file = invocation.line.words[1];
        check_saved_plan(sides, *mandate.saved);
    }
    std::optional<Run> run;
    if (!report.is_dry_run) {
        require_journal(sides);
        run.emplace(sides, report, mandate);
    }
    report.plan = read_plan(sides, config, report, mandate);
    if (auto const end = early_end(invocation, mandate)) {
        if (run) {
            run->finish(*end);
            report.run.reset();  // it is in the journal, but has written nothing else
        }
        return *end;
    }
    return write_and_prove(invocation, sides, *run);
}

}  // namespace tracking::job
