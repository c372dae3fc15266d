#include "job/report/overview.hpp"

#include "job/process/shown_text.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "config/notation/shell_word.hpp"
#include "models/rules/utc.hpp"
#include "models/values/lists.hpp"
#include "reconcile/guard/guards.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace tracking::job {

namespace {

ChangeSize& size_of(Overview& overview, models::Change const& change)
{
    return overview.of(reconcile::guarded_kind_of(change));
}

/// For each guard what `text` says of its row and size.
std::vector<std::string> of_each(Overview const& overview, auto const& text)
{
    return models::each_of(reconcile::kGuardTable, [&](reconcile::GuardRow const& row) {
        return std::string{text(row, overview.of(row.kind))};
    });
}

/// `40 of 41 changed`
std::string done(ChangeSize const& size, std::string_view participle)
{
    return size.done == size.due ? fmt::format("{} {}", size.done, participle)
                                 : fmt::format("{} of {} {}", size.done, size.due, participle);
}

}  // namespace

Overview overview_of(Report const& report)
{
    if (report.counted)
        return report.counted->overview;
    Overview overview;
    auto const& plan = *report.plan;
    for (auto const& drift : plan.drift) {
        if (drift.is_due())
            ++size_of(overview, *drift.change).due;
        else if (drift.change && drift.restraint == reconcile::Restraint::Guard)
            ++size_of(overview, *drift.change).held;
    }
    for (auto const& [index, receipt] : report.applied.results) {
        if (receipt.outcome == models::Outcome::Applied)
            ++size_of(overview, *plan.drift.at(index).change).done;
    }
    for (auto const& one : report.unlisted) {
        auto& size = overview.of(one.guarded);
        (one.is_due() ? size.due : size.held) += one.count;
        size.done += one.outcome == models::Outcome::Applied ? one.count : 0;
    }
    overview.waiting = sum_of(tally_drift(report.residual ? *report.residual : plan)).undecided;
    return overview;
}

std::size_t due_in(Overview const& overview)
{
    std::size_t due = 0;
    for (auto const& size : overview.sizes)
        due += size.due;
    return due;
}

std::string to_do_text(Overview const& overview)
{
    auto const texts = of_each(overview, [](auto const& row, auto const& size) {
        return fmt::format("{} to {}", size.due, row.infinitive);
    });
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string done_text(Overview const& overview)
{
    auto const texts = of_each(
        overview, [](auto const& row, auto const& size) { return done(size, row.participle); });
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string guarded_text(Overview const& overview)
{
    auto texts = of_each(overview, [](auto const& row, auto const& size) {
        return size.held > 0 ? fmt::format("{} to {}", size.held, row.infinitive) : "";
    });
    std::erase(texts, "");
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::size_t left_out_by_selection(Report const& report)
{
    return sum_of(found_drift(report)).held_by.at(reconcile::Restraint::Selection);
}

std::string selection_text(Report const& report)
{
    std::vector<std::string> parts;
    auto const add = [&](std::string_view word, std::vector<std::string> const& items) {
        if (!items.empty())
            parts.push_back(
                fmt::format("{} {}", word, fmt::join(models::each_of(items, in_quotes), ", ")));
    };
    add("only", report.selection.only);
    add("except", report.selection.except);
    if (parts.empty())
        return {};
    return fmt::format("{}: {} not selected", fmt::join(parts, "; "),
                       counted(left_out_by_selection(report), "due change is", "due changes are"));
}

bool can_select(Report const& report)
{
    return report.command == "plan" ||
           (report.command == "apply" && !(report.has_begun() && !report.plan_file.empty()));
}

std::string selection_flags(reconcile::Selection const& selection)
{
    std::string flags;
    for (auto const& item : selection.only)
        flags += " --only=" + config::shell_word(item);
    for (auto const& item : selection.except)
        flags += " --except=" + config::shell_word(item);
    return flags;
}

bool knows_what_waits(Report const& report)
{
    return report.knows_counts && !report.plan->is_in_doubt;
}

std::string waiting_text(Overview const& overview)
{
    return overview.waiting == 0
               ? "nothing waits for a decision"
               : counted(overview.waiting, "item waits for", "items wait for") + " a decision";
}

bool compares_both_sides(Report const& report)
{
    return report.command == "plan" || report.command == "apply";
}

std::string since_text(Report const& report)
{
    if (auto const& since = report.plan->since)
        return fmt::format("since {}: {} new, {} gone, {} as before (it ended at {})",
                           since->run ? "run " + since->run->str() : "the last run", since->fresh,
                           since->gone, since->as_before, models::utc_text(since->ended));
    if (report.plan->is_in_doubt)
        return "with nothing: what was read is in doubt";
    if (!compares_both_sides(report) || !report.knows_counts)
        return {};
    return report.has_journal
               ? "with no earlier run: the journal knows of none that noted what it left"
               : "with no earlier run: there is no journal";
}

std::string place_of(Report const& report)
{
    auto text = sentence(report.management_database);
    if (report.management_tenant)
        text += fmt::format(", management tenant {}", in_quotes(report.management_tenant_name));
    return text;
}

}  // namespace tracking::job
