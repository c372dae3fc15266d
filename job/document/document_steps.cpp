#include "job/document/document_steps.hpp"

#include "job/report/overview.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "config/notation/shell_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tracking::job {

std::optional<Step> allowance(Report const& report)
{
    std::string allow;
    for (auto const& verdict : report.guards) {
        if (verdict.holds_back())
            allow +=
                fmt::format(" --allow {}={}", reconcile::name_of(verdict.kind), verdict.looked);
    }
    if (allow.empty())
        return std::nullopt;
    if (report.undoes)
        return Step{"Look at them, and where they are right allow just this undo",
                    {fmt::format("customer-reconcile undo {} --yes{} --reason \"...\"",
                                 report.undoes->str(), allow)}};
    Step step{"Look at them, and where they are right allow just this plan", {}};
    if (report.plan_file.empty())
        step.commands.push_back("customer-reconcile plan --out plan.json" +
                                selection_flags(report.selection));
    step.commands.push_back(fmt::format(
        "customer-reconcile apply {}{}{} --reason \"...\"",
        report.plan_file.empty() ? "plan.json" : config::shell_word(report.plan_file),
        report.command == "apply" && !report.plan_file.empty() ? selection_flags(report.selection)
                                                               : std::string{},
        allow));
    return step;
}

std::string apply_command(Report const& report)
{
    return report.plan_file.empty()
               ? "customer-reconcile apply"
               : fmt::format("customer-reconcile apply {}", config::shell_word(report.plan_file));
}

namespace {

Step next_step(Report const& report, std::size_t due, std::size_t guarded)
{
    if (due + guarded == 0)
        return {.text = "Nothing to do.", .tone = Tone::Good};
    if (report.command != "apply" && !report.plan_file.empty())
        return {counted(due + guarded, "change", "changes") + " saved",
                {apply_command(report)},
                Tone::Bold};
    if (due == 0)
        return {.text = counted(guarded, "change is", "changes are") + " held by a guard.",
                .tone = Tone::Caution};
    auto const changes = counted(due, "change", "changes");
    if (report.undoes)
        return {changes + " would take it back",
                {fmt::format("customer-reconcile undo {} --yes", report.undoes->str())},
                Tone::Bold};
    if (report.command == "plan")
        return {changes + " would be applied",
                {apply_command(report) + selection_flags(report.selection)},
                Tone::Bold};
    return {.text = report.is_dry_run() ? fmt::format("Dry run: {} would be applied.", changes)
                                        : changes + " to apply.",
            .tone = Tone::Bold};
}

/// What a person can do about an unwanted ending.
std::optional<Step> remedy(Report const& report)
{
    if (report.words)
        return Step{report.words->remedy, {report.words->command}};
    switch (report.outcome) {
        case Ending::Failed:
        case Ending::Partial:
            if (report.undoes && report.has_begun())
                return Step{
                    "The same command takes back what nothing stands against any more",
                    {fmt::format("customer-reconcile undo {} --yes", report.undoes->str())}};
            if (report.has_begun())
                return Step{"Correct what failed: the next apply tries it again",
                            {"customer-reconcile apply"}};
            [[fallthrough]];
        case Ending::Data:
        case Ending::Unavailable:
        case Ending::Denied:
            return Step{"See what is missing, check by check", {"customer-reconcile doctor"}};
        case Ending::Stale:
            return Step{"Make a new plan, and look at it",
                        {"customer-reconcile plan --out plan.json"}};
        case Ending::Interrupted:
            return Step{"The next run does what this one did not reach."};
        case Ending::Busy:
            return Step{"Run it again when the other run has ended."};
        default:
            return std::nullopt;
    }
}

}  // namespace

std::vector<Step> closing(Report const& report)
{
    std::vector<Step> steps;
    if (report.told)
        return steps;
    if (auto step = remedy(report))
        steps.push_back(*std::move(step));
    if (!report.plan)
        return steps;
    if (report.pruned_runs > 0)
        steps.push_back({.text = fmt::format("The journal forgot {} older than journal.retention.",
                                             counted(report.pruned_runs, "run", "runs"))});
    auto const left = left_drift(report);
    auto const tally = sum_of(left ? *left : found_drift(report));
    if (tally.undecided > 0)
        steps.push_back({counted(tally.undecided, "item waits for", "items wait for") + " a person",
                         {"customer-reconcile explain TENANT|COMPANY"}});
    if (!report.has_begun())
        steps.push_back(
            next_step(report, tally.due, tally.held_by.at(reconcile::Restraint::Guard)));
    return steps;
}

void complete_commands(Document& document, RepeatedOptions const& repeated)
{
    auto const commands = [&](auto& one) {
        for (auto& command : one.commands)
            command = repeated.complete(std::move(command));
    };
    auto const facts = [&](std::vector<Section>& sections) {
        for (auto& section : sections)
            for (auto& entry : section.entries)
                for (auto& fact : entry.facts)
                    if (fact.is_command)
                        fact.text = repeated.complete(std::move(fact.text));
    };
    std::ranges::for_each(document.notices, commands);
    std::ranges::for_each(document.guards, commands);
    std::ranges::for_each(document.closing, commands);
    if (document.allowance)
        commands(*document.allowance);
    facts(document.sections);
    if (document.left)
        facts(document.left->sections);
    document.selecting = repeated.complete(std::move(document.selecting));
}

}  // namespace tracking::job
