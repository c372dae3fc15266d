#include "job/forms/html/html_charts.hpp"

#include "job/report/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

namespace tracking::job {

namespace {

Bar bar_of(reconcile::DriftKind kind, std::map<Fate, std::size_t> const& fates)
{
    Bar bar{.name = std::string{name_of(kind)}, .value = {}, .segments = {}};
    for (auto const& [fate, count] : fates) {
        auto const& row = row_of(fate);
        bar.value += fmt::format("{}{} {}", bar.value.empty() ? "" : "  ", row.sign, count);
        bar.segments.push_back({row.name, static_cast<double>(count),
                                fmt::format("{}: {} {}", bar.name, count, row.words)});
    }
    return bar;
}

/// The phases by name, in order of appearance. Phases of one name are added up.
std::vector<Phase> summed(std::vector<Phase> const& phases)
{
    std::vector<Phase> sums;
    for (auto const& phase : phases) {
        auto const known = std::ranges::find(sums, phase.name, &Phase::name);
        if (known == sums.end())
            sums.push_back(phase);
        else
            known->duration += phase.duration;
    }
    return sums;
}

Figure fate_chart(Report const& report)
{
    Figure figure{.title = report.has_begun() ? "Drift by kind, and what became of it"
                                              : "Drift by kind, and what would become of it",
                  .bars = {}};
    std::set<Fate> seen;
    for (auto const& [kind, fates] : tally_fates(report)) {
        figure.bars.push_back(bar_of(kind, fates));
        for (auto const& [fate, count] : fates)
            seen.insert(fate);
    }
    for (auto const fate : seen) {
        auto const& row = row_of(fate);
        figure.legend.push_back({row.name, fmt::format("{} {}", row.sign, row.words)});
    }
    return figure;
}

Figure before_and_after_chart(Report const& report)
{
    Figure figure{
        .title = "Before and after", .bars = {}, .legend = {{"after", "left"}, {"before", "gone"}}};
    if (!report.plan || !left_drift(report))
        return figure;
    auto const before = found_drift(report);
    auto const after = left_drift(report).value();
    for (auto const kind : reconcile::kDriftKinds) {
        auto const was = before.at(kind).found;
        auto const is = after.at(kind).found;
        if (was + is == 0)
            continue;
        auto const gone = was > is ? was - is : 0;
        figure.bars.push_back(
            {.name = std::string{name_of(kind)},
             .value = fmt::format("{} → {}", was, is),
             .segments = {{"after", static_cast<double>(is), fmt::format("{} left", is)},
                          {"before", static_cast<double>(gone), fmt::format("{} gone", gone)}}});
    }
    return figure;
}

Figure phase_chart(Report const& report)
{
    Figure figure{.title = "Duration by phase", .bars = {}};
    for (auto const& [name, duration] : summed(report.phases)) {
        auto const value = fmt::format("{:.2f} s", duration.count());
        figure.bars.push_back({name, value, {{"phase", duration.count(), value}}});
    }
    return figure;
}

}  // namespace

double length_of(Bar const& bar)
{
    double sum = 0;
    for (auto const& segment : bar.segments)
        sum += segment.amount;
    return sum;
}

std::vector<Figure> figures_of(Report const& report)
{
    std::vector figures{fate_chart(report), before_and_after_chart(report), phase_chart(report)};
    std::erase_if(figures, [](Figure const& figure) { return figure.bars.empty(); });
    return figures;
}

}  // namespace tracking::job
