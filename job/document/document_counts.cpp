#include "job/document/document_counts.hpp"

#include "job/document/counted_parts.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace tracking::job {

namespace {

/// The sum of all tenants in scope. Empty where an older program did not count them.
std::string scope_of(reconcile::Counts const& counts)
{
    if (counts.in_scope == 0)
        return {};
    auto text = fmt::format(
        "{} = {}", counts.in_scope,
        fmt::join(parts_of({{counts.whole, "with a whole customer"},
                            {counts.differing, "that differ"},
                            {counts.left_alone, "left alone (their customer says \"ignore\")"},
                            {counts.unwatched, "of which only kinds that are off differ"}}),
                  " + "));
    return counts.is_complete()
               ? text
               : text + "; the sum is wrong, so some tenants were lost sight of: report this fault";
}

Row drift_row(std::string_view name, DriftTally const& tally)
{
    return {name, {tally.found, tally.due, tally.held(), tally.undecided}};
}

Row change_row(std::string_view name, ChangeTally const& tally)
{
    using models::Outcome;
    auto const& outcomes = tally.outcomes;
    return {name,
            {tally.due, outcomes.at(Outcome::Applied), outcomes.at(Outcome::AlreadyPresent),
             outcomes.at(Outcome::Stale), outcomes.at(Outcome::Failed), tally.not_reached()}};
}

}  // namespace

std::string without_drift(reconcile::Counts const& counts)
{
    if (counts.whole == counts.in_scope)
        return "No drift: every tenant in scope has its customer.";
    return fmt::format("No drift, but only {} of {} tenants in scope have a whole customer.",
                       counts.whole, counts.in_scope);
}

std::vector<Field> counts_of(reconcile::Counts const& counts)
{
    std::vector<Field> fields;
    add(fields, "tenants",
        fmt::format("{}, of which {} linked to a customer", counts.tenants, counts.tracked));
    add(fields, "left out",
        listed({{counts.young, "too young"},
                {counts.suspended, "suspended"},
                {counts.excluded, "excluded"},
                {counts.other_product, "of another product"}}));
    add(fields, "in scope", scope_of(counts));
    add(fields, "companies",
        fmt::format("{} tagged or linked{}", counts.companies,
                    prefixed(", of which ",
                             listed({{counts.settled, "settled (inactive, no tenant)"},
                                     {counts.ignored, "to be ignored"},
                                     {counts.out_of_scope, "without tenant but out of scope"}}))));
    return fields;
}

Table drift_table(DriftTallies const& tallies)
{
    Table table{"Drift",
                {{"found", Tone::Bold},
                 {"apply", Tone::Good},
                 {"held", Tone::Caution},
                 {"person", Tone::Caution}},
                {}};
    auto const all = sum_of(tallies);
    if (all.found == 0)
        return table;
    for (auto const& [kind, tally] : tallies) {
        if (tally.found == 0)
            continue;
        auto row = drift_row(name_of(kind), tally);
        row.meaning = reconcile::row_of(kind).meaning;
        if (tally.undecided > 0)
            row.advice = reconcile::row_of(kind).advice;
        table.rows.push_back(std::move(row));
    }
    table.rows.push_back(drift_row("all", all));
    return table;
}

Table saved_table(DriftTallies const& tallies)
{
    auto table = drift_table(tallies);
    table.columns = {{"saved", Tone::Bold}, {"apply", Tone::Good}, {"held", Tone::Caution}};
    for (auto& row : table.rows)
        row.counts.pop_back();
    return table;
}

Table change_table(std::vector<NamedChangeTally> const& tallies)
{
    Table table{"Changes",
                {{"due", Tone::Bold},
                 {"applied", Tone::Good},
                 {"already there", Tone::Good},
                 {"stale", Tone::Caution},
                 {"failed", Tone::Bad},
                 {"not reached", Tone::Bad}},
                {}};
    for (auto const& [kind, tally] : tallies) {
        if (tally.due > 0)
            table.rows.push_back(change_row(kind, tally));
    }
    table.rows.push_back(change_row("all", sum_of(tallies)));
    return table;
}

std::string contacts_without_type(Report const& report)
{
    auto const made = [](std::size_t count) {
        return fmt::format("{} of this job without a type of the e-mail address",
                           counted(count, "contact", "contacts"));
    };
    if (!report.has_begun())
        return fmt::format("{}: apply gives it \"work\"", made(report.untyped_contacts));
    auto const given = fmt::format("\"work\" was given to {}",
                                   counted(report.typed_contacts, "contact", "contacts"));
    return report.untyped_contacts > 0 ? fmt::format("{}: {}", made(report.untyped_contacts), given)
                                       : given + ", whose e-mail address had no type";
}

std::string written(Report const& report, models::RowsWritten const& rows)
{
    auto const& applied = report.applied;
    // A run counts a transaction or rollback for its results. Without any, they are from the
    // journal.
    bool const is_past = !applied.results.empty() && applied.transactions + applied.rollbacks == 0;
    return fmt::format(
        "Written: {}, {}, {}{}.", counted(rows.companies, "company", "companies"),
        counted(rows.contacts, "contact", "contacts"), counted(rows.tags, "tag", "tags"),
        is_past ? ""
                : fmt::format(" in {}; {}",
                              counted(applied.transactions, "transaction", "transactions"),
                              counted(applied.rollbacks, "rollback", "rollbacks")));
}

}  // namespace tracking::job
