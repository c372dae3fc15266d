#include "job/invocation/write_command.hpp"

#include "job/databases/identity.hpp"
#include "job/forms/json_report.hpp"
#include "job/forms/render.hpp"
#include "job/forms/text_report.hpp"
#include "job/invocation/opening.hpp"
#include "job/process/interruption.hpp"
#include "job/process/terminal.hpp"
#include "job/report/masking.hpp"
#include "job/report/overview.hpp"
#include "job/report/wording.hpp"
#include "job/run/reading.hpp"

#include "config/notation/problems.hpp"
#include "models/journal/journal_model.hpp"
#include "models/values/errors.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

namespace tracking::job {

namespace {

/// Why a command only reports and does not write; empty: it writes.
std::string reason_for_dry_run(config::Config const& config)
{
    if (config.dry_run)
        return "--dry-run";
    if (!config.tracking_enabled)
        return "tracking-enabled is false";
    return {};
}

/// The journal of this installation is to name a person for what this command does.
void require_person(Invocation const& invocation)
{
    auto const& config = invocation.config();
    auto const& command = invocation.line.words.front();
    auto const is_asked = [&](std::string_view what) {
        return std::ranges::find(config.require_by, what) != config.require_by.end();
    };
    bool const allows = !invocation.line.allow.empty() && is_asked("allow");
    if (config.by.empty() && (allows || is_asked(command)))
        throw config::UsageError{fmt::format(
            "{} needs --by NAME (journal.require-by): the journal keeps who asked for it",
            allows ? "--allow" : command)};
}

void require_consent(Invocation const& invocation)
{
    if (!invocation.line.yes && !can_ask())
        throw config::UsageError{
            invocation.line.words.front() +
            " asks before it writes, and there is no terminal to ask on: add --yes"};
}

/// Repeats what is to be done, and where: the plan above may have left the screen.
std::string question(Report const& report)
{
    auto text = fmt::format("\n{}\n{}", place_of(report), to_do_text(overview_of(report)));
    if (auto const selected = selection_text(report); !selected.empty())
        text += fmt::format(" (selected: {})", selected);
    if (report.untyped_contacts > 0)
        text += fmt::format(", {} to get the type \"work\"",
                            counted(report.untyped_contacts, "contact", "contacts"));
    return text + "\nApply these changes?";
}

/// Shows the plan on the terminal and asks, unless --yes is given or nothing is due.
bool is_confirmed(Invocation const& invocation, Run* run)
{
    auto const& report = invocation.report;
    if (invocation.line.yes || due_in(overview_of(report)) + report.untyped_contacts == 0)
        return true;
    auto shown = invocation.report;
    shown.phases = invocation.phases.all();
    shown.run.reset();  // nothing has been written yet
    if (wants_masking(invocation.config().personal_data, STDOUT_FILENO))
        mask_personal_data(shown);
    std::cout << render_text(shown, style_for(invocation.config(), STDOUT_FILENO));
    return answers_yes(question(report), [run] {
        if (run)
            run->stay_alive();
    });
}

/// The ending where nothing is to be written; nothing: the command goes on. `run` stays alive while
/// the person thinks; null: there is no run yet.
std::optional<Ending> end_without_consent(Invocation& invocation, Run* run)
{
    auto& report = invocation.report;
    if (!report.is_dry_run() && !is_confirmed(invocation, run)) {
        report.dry_run_reason = "not confirmed";
        report.is_declined = true;
    }
    return report.is_dry_run() ? std::optional{outcome_of(report)} : std::nullopt;
}

/// The ending where the command ends before it writes; nothing: it goes on.
std::optional<Ending> plan_and_ask(Invocation& invocation, WriteCommand const& command,
                                   Databases& databases, Run* run)
{
    auto decision = command.make_plan(databases);
    bool const is_all_stale = decision.is_all_stale;
    tell(invocation.report, std::move(decision), databases.facts);
    if (!invocation.report.refusals.empty())
        return Ending::Refused;
    if (is_all_stale)
        return Ending::Stale;
    return end_without_consent(invocation, run);
}

Summary summary_of(Report const& report)
{
    return [&report](Ending outcome) {
        return models::RunEnd{
            .outcome = report.is_declined ? "declined" : std::string{name_of(outcome)},
            .counts = render_counts(report),
            .tenants_read = report.tenants_read};
    };
}

/// Notes what is left, where that is known, and calls `end` with the run's ending.
Ending finish(Invocation& invocation, Run& run, std::function<void(Ending)> const& end)
{
    auto& report = invocation.report;
    auto const retention = invocation.config().journal_retention;
    auto const outcome = outcome_of(report);
    invocation.phases.timed("journal", [&] {
        if (report.residual)
            run.record_sightings(*report.residual);
        if (outcome == Ending::Ok)
            run.prune(std::chrono::duration_cast<std::chrono::seconds>(retention),
                      report.pruned_runs);
        end(outcome);
    });
    return outcome;
}

}  // namespace

bool answers_yes(std::string_view question, std::function<void()> const& meanwhile)
{
    std::cout << question << " Only \"yes\" will be taken: " << std::flush;
    pollfd answering{STDIN_FILENO, POLLIN, 0};
    while (poll(&answering, 1, 100) <= 0) {
        stop_if_interrupted();
        meanwhile();
    }
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

bool can_ask()
{
    return is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
}

models::Role prepare_to_write(Invocation& invocation)
{
    auto& report = invocation.report;
    report.dry_run_reason = reason_for_dry_run(invocation.config());
    if (report.is_dry_run())
        return models::Role::Reader;
    require_person(invocation);
    require_consent(invocation);
    return models::Role::Writer;
}

void require_journal(Databases const& databases)
{
    models::JournalModel::require_fitting(databases.facts.journal_version);
}

void tell(Report& report, reconcile::Decision decision, Facts const& facts)
{
    report.plan = std::move(decision.plan);
    report.guards = std::move(decision.guards);
    report.stale = std::move(decision.stale);
    report.refusals = std::move(decision.refusals);
    report.held_for_source = decision.held_for_source;
    if (report.held_for_source > 0)
        report.warnings.push_back(fmt::format(
            "{}, so that {} held back until it has replayed everything of the last minutes",
            lag_of(*facts.standby),
            counted(report.held_for_source, "clean-up is", "clean-ups are")));
}

Ending outcome_of(Report const& report)
{
    auto const& results = report.applied.results;
    auto const failures = std::ranges::count_if(results, [](reconcile::Result const& result) {
        return result.receipt.outcome == models::Outcome::Failed;
    });
    bool const all_failed = static_cast<std::size_t>(failures) == results.size() &&
                            std::ranges::none_of(report.unlisted, [](Unlisted const& one) {
                                return one.outcome.has_value();
                            });
    if (failures > 0)
        return all_failed ? Ending::Failed : Ending::Partial;
    if (report.is_refused())
        return Ending::Refused;
    return report.has_remainder() && !report.is_dry_run() ? Ending::Partial : Ending::Ok;
}

Ending write_command(Invocation& invocation, WriteCommand const& command)
{
    auto& report = invocation.report;
    auto& databases = invocation.databases.emplace(invocation.phases.timed(
        "connect", [&] { return open_databases(invocation, command.role); }));
    auto record = command.prepare(databases);
    record.executed_by = invocation.config().by;
    record.notes_drift = report.notes_drift = invocation.config().journal_notes_drift;
    auto const end_before_writing = [&](Run* run) {
        return plan_and_ask(invocation, command, databases, run);
    };
    if (report.is_dry_run() || command.begin == Begin::AfterConsent)
        if (auto const end = end_before_writing(nullptr))
            return *end;
    Run run{databases, record, summary_of(report), report.warnings, invocation.config().lease_wait};
    report.run = run.id();
    return run.carry_out([&] {
        if (command.begin == Begin::BeforePlanning)
            if (auto const end = end_before_writing(&run)) {
                run.finish(*end);
                report.ended_early = true;
                return *end;
            }
        return command.write(databases, run);
    });
}

Ending write_and_prove(Invocation& invocation, Databases& databases, Run& run)
{
    auto& report = invocation.report;
    invocation.phases.timed("apply", [&] {
        run.write(*report.plan, static_cast<std::size_t>(invocation.config().batch_size),
                  report.applied);
    });
    return prove_and_finish(invocation, databases, run);
}

Ending prove_and_finish(Invocation& invocation, Databases& databases, Run& run)
{
    auto& report = invocation.report;
    auto& phases = invocation.phases;
    auto const& config = invocation.config();
    // Other programs may have changed anything while a person was asked, so then read everything.
    ProofNeeds const needs{.reach = invocation.line.yes ? ProofReach::Touched : ProofReach::Full,
                           .room = room_for_residual(config)};
    auto proven =
        phases.timed("prove", [&] { return prove(databases, config, *report.plan, needs); });
    report.proof = proven.proof;
    if (proven.doubts.empty())
        report.residual = std::move(proven.residual);
    else
        report.warnings.push_back("what was read to prove the result is in doubt: " +
                                  proven.doubts.front());
    return finish(invocation, run, [&](Ending outcome) { run.finish(outcome); });
}

Ending finish_idle(Invocation& invocation, Run& run)
{
    auto& report = invocation.report;
    report.residual = report.plan;
    report.is_idle = outcome_of(report) == Ending::Ok;
    return finish(invocation, run, [&](Ending outcome) {
        report.is_idle ? run.finish_idle() : run.finish(outcome);
    });
}

}  // namespace tracking::job
