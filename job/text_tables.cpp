#include "job/text_tables.hpp"

#include "job/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::job {

namespace {

constexpr int kKindWidth = 15;

/// Right-aligned; nothing to see is a dash.
std::string cell(TextPage const& page, std::size_t count, std::size_t width, Tone tone)
{
    return count == 0 ? page.paint(Tone::Dim, fmt::format("{:>{}}", "-", width))
                      : page.paint(tone, fmt::format("{:>{}}", count, width));
}

void print_drift_row(TextPage& page, std::string_view kind, DriftTally const& tally,
                     std::string_view meaning)
{
    page.line(fmt::format(
        "  {:<{}}{}{}{}{}   {}", kind, kKindWidth, cell(page, tally.found, 7, Tone::Bold),
        cell(page, tally.due, 7, Tone::Good), cell(page, tally.held(), 7, Tone::Caution),
        cell(page, tally.undecided, 8, Tone::Caution), page.paint(Tone::Dim, meaning)));
}

/// The columns after `due`, in which a whole table can be empty.
struct Column
{
    std::string_view title;
    Tone tone;
    std::size_t (*count)(ChangeTally const&);
};

template <models::Outcome outcome>
std::size_t count_of(ChangeTally const& tally)
{
    return tally.outcomes.at(outcome);
}

constexpr std::array kColumns{
    Column{"applied", Tone::Good, count_of<models::Outcome::Applied>},
    Column{"already there", Tone::Good, count_of<models::Outcome::AlreadyPresent>},
    Column{"stale", Tone::Caution, count_of<models::Outcome::Stale>},
    Column{"failed", Tone::Bad, count_of<models::Outcome::Failed>},
    Column{"not reached", Tone::Bad, [](ChangeTally const& tally) { return tally.not_reached(); }},
};

void print_change_row(TextPage& page, std::string_view kind, ChangeTally const& tally)
{
    auto row = fmt::format("  {:<{}}{}", kind, kKindWidth, cell(page, tally.due, 7, Tone::Bold));
    for (auto const& column : kColumns)
        row += cell(page, column.count(tally), column.title.size() + 2, column.tone);
    page.line(row);
}

}  // namespace

void print_drift_table(TextPage& page, DriftTallies const& tallies)
{
    page.line(
        page.paint(Tone::Bold, fmt::format("{:<{}}{:>7}{:>7}{:>7}{:>8}", "Drift", kKindWidth + 2,
                                           "found", "apply", "held", "person")));
    for (auto const& [kind, tally] : tallies) {
        if (tally.found > 0)
            print_drift_row(page, name_of(kind), tally, meaning_of(kind));
    }
    print_drift_row(page, "all", sum_of(tallies), "");
}

void print_change_table(TextPage& page, std::vector<NamedChangeTally> const& tallies)
{
    auto head = fmt::format("{:<{}}{:>7}", "Changes", kKindWidth + 2, "due");
    for (auto const& column : kColumns)
        head += fmt::format("{:>{}}", column.title, column.title.size() + 2);
    page.line(page.paint(Tone::Bold, head));
    for (auto const& [kind, tally] : tallies) {
        if (tally.due > 0)
            print_change_row(page, kind, tally);
    }
    print_change_row(page, "all", sum_of(tallies));
}

}  // namespace tracking::job
