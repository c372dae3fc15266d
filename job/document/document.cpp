#include "job/document/document.hpp"

#include "job/document/counted_parts.hpp"
#include "job/document/document_counts.hpp"
#include "job/document/document_head.hpp"
#include "job/document/document_items.hpp"
#include "job/document/document_steps.hpp"
#include "job/report/overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tracking::job {

namespace {

/// A guard counts the whole plan, so that no selection slips past it.
std::string not_selected(reconcile::GuardVerdict const& verdict)
{
    return verdict.left_out > 0 && verdict.left_out < verdict.due
               ? fmt::format("{} of them are not selected. ", verdict.left_out)
               : std::string{};
}

/// The guards that tripped.
std::vector<Notice> guards(Report const& report)
{
    std::vector<Notice> all;
    for (auto const& verdict : report.guards) {
        if (verdict.is_tripped())
            all.push_back(
                {verdict.is_allowed ? "ALLOWED" : "GUARD",
                 fmt::format("{0}: {1} are due, the limit is {2} (of {3}; guard.{0}-ratio, -floor, "
                             "-number). {4}{5}",
                             reconcile::name_of(verdict.kind), verdict.due, verdict.limit,
                             verdict.base, not_selected(verdict),
                             verdict.is_allowed     ? "A person has allowed this plan."
                             : verdict.holds_back() ? "All of them are held back."
                                                    : "None of them is selected."),
                 Tone::Caution});
    }
    return all;
}

std::string left_by(Report const& report)
{
    if (report.proof && report.proof->reach == ProofReach::Touched)
        return fmt::format(
            "Left, by a fresh read of the {} tenants and companies that were not in "
            "order:",
            report.proof->items);
    return "Left, by a fresh read:";
}

Left what_is_left(Report const& report, ItemLists& lists)
{
    if (report.counted && report.counted->left) {
        auto table = drift_table(*report.counted->left);
        return {table.rows.empty() ? "Left, as the run found: nothing." : "Left, as the run found:",
                table.rows.empty() ? Tone::Good : Tone::Bold,
                std::move(table),
                {}};
    }
    if (!report.residual)
        return {report.proof ? "What is left is not known: what was read again is in doubt."
                             : "What is left is not known: the databases were not read again.",
                Tone::Plain,
                {},
                {}};
    if (report.residual->size() == 0)
        return {"Left: nothing.", Tone::Good, {}, lists.drift(*report.residual)};
    return {left_by(report), Tone::Bold, drift_table(tally_drift(*report.residual)),
            lists.drift(*report.residual)};
}

Notice convergence(Report const& report)
{
    if (report.undoes && left_drift(report))
        return report.has_remainder()
                   ? Notice{"undone",
                            what_it_left(report) + "; the items say what was left, and why",
                            Tone::Caution}
                   : Notice{"undone", "yes", Tone::Good};
    auto const converged = report.converged();
    if (!converged)
        return {"converged", "unknown", Tone::Caution};
    if (*converged)
        return {"converged", "yes", Tone::Good};
    auto const all = sum_of(tally_changes(report));
    auto const left = left_drift(report);
    auto const held = left ? sum_of(*left).held_by.at(reconcile::Restraint::Guard) : 0;
    auto const reasons = listed({{all.outcomes.at(models::Outcome::Failed), "failed"},
                                 {all.outcomes.at(models::Outcome::Stale), "stale"},
                                 {held, "held by a guard"},
                                 {left_out_by_selection(report), "not selected"},
                                 {all.not_reached(), "not reached"}});
    return {"converged", "no" + (reasons.empty() ? "" : " (" + reasons + ")"), Tone::Bad};
}

void add_plan(Document& document, Report const& report, ItemLists lists)
{
    auto const& plan = *report.plan;
    document.sizes = sizes(report);
    auto const found = found_drift(report);
    if (report.knows_counts)
        document.counts = counts_of(plan.counts);
    if (report.untyped_contacts > 0 || report.typed_contacts > 0)
        add(document.counts, "contacts", contacts_without_type(report));
    if (sum_of(found).found == 0)
        document.in_sync = plan.is_in_doubt ? "No drift in what was read, but that is in doubt."
                           : report.knows_counts ? without_drift(plan.counts)
                           : report.told         ? "The journal has no change of this run."
                                                 : "The plan file holds no change.";
    document.drift = report.knows_counts || report.told ? drift_table(found) : saved_table(found);
    if (report.has_begun() && sum_of(tally_drift(plan)).found + report.unlisted.size() > 0) {
        auto const changes = tally_changes(report);
        document.changes = change_table(changes);
        document.written = written(report, sum_of(changes).rows);
    }
    document.guards = guards(report);
    if (!report.told)
        document.allowance = allowance(report);
    document.stale = lists.stale();
    if (report.has_begun()) {
        document.sections = lists.results();
        document.left = what_is_left(report, lists);
        document.convergence = convergence(report);
    } else {
        if (report.is_rehearsed)
            document.sections = lists.rehearsal();
        std::ranges::move(lists.drift(plan, report.unlisted),
                          std::back_inserter(document.sections));
    }
    document.remarks = lists.remarks(plan.remarks);
    if (can_select(report))
        document.selecting = apply_command(report);
}

}  // namespace

std::string meaning_of(Report const& report)
{
    return report.words ? report.words->meaning : std::string{meaning_of(report.ending())};
}

Document document_of(Report const& report, ListLimit const& limit)
{
    Document document{
        .program = fmt::format("customer-reconcile {} {}", report.version, report.command),
        .verdict = verdict(report),
        .tone = tone_of(report.ending()),
        .place = place(report),
        .origin = origin(report),
        .notices = notices(report),
        .closing = closing(report)};
    if (report.plan)
        add_plan(document, report, {report, limit});
    complete_commands(document, report.repeated);
    return document;
}

std::string rest_of(std::size_t count, std::size_t shown)
{
    return shown < count ? fmt::format("... and {} more; all of them are in --report FILE.json",
                                       count - shown)
                         : std::string{};
}

}  // namespace tracking::job
