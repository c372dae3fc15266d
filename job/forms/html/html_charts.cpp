#include "job/forms/html/html_charts.hpp"

#include "job/forms/html/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace tracking::job {

namespace {

constexpr int kRowHeight = 42;
constexpr int kBarHeight = 12;

struct Segment
{
    std::string_view style;
    double amount;
    std::string label;
};

struct Bar
{
    std::string name;
    std::string value;
    std::vector<Segment> segments;
};

double sum_of(Bar const& bar)
{
    double sum = 0;
    for (auto const& segment : bar.segments)
        sum += segment.amount;
    return sum;
}

std::string rect(std::string_view style, double x, double width, int y)
{
    return fmt::format(R"(<rect class="{}" x="{:.2f}%" y="{}" width="{:.2f}%" height="{}">)", style,
                       x, y, width, kBarHeight);
}

/// Name and value above the bar, which is as long as its share of `whole`.
std::string drawn(Bar const& bar, double whole, int top)
{
    auto svg = fmt::format(R"(<text x="0" y="{0}">{1}</text>)"
                           R"(<text class="value" x="100%" y="{0}" text-anchor="end">{2}</text>)",
                           top + 14, html_escaped(bar.name), html_escaped(bar.value));
    svg += rect("track", 0, 100, top + 20) + "</rect>";
    double x = 0;
    for (auto const& [style, amount, label] : bar.segments) {
        auto const width = whole > 0 ? amount / whole * 100 : 0;
        svg += rect(style, x, width, top + 20) +
               fmt::format("<title>{}</title></rect>", html_escaped(label));
        x += width;
    }
    return svg;
}

std::string figure(std::string_view title, std::vector<Bar> const& bars, std::string_view legend)
{
    double whole = 0;
    std::string words;
    for (auto const& bar : bars) {
        whole = std::max(whole, sum_of(bar));
        words += fmt::format("{} {}; ", bar.name, bar.value);
    }
    std::string svg;
    int top = 0;
    for (auto const& bar : bars) {
        svg += drawn(bar, whole, top);
        top += kRowHeight;
    }
    return fmt::format(
        R"(<figure><figcaption>{0}</figcaption><svg role="img" aria-label="{0}: {1}")"
        R"( height="{2}">{3}</svg>{4}</figure>)"
        "\n",
        title, html_escaped(words), top, svg, legend);
}

std::string key(std::string_view style, std::string_view words)
{
    return fmt::format(
        R"(<li><svg aria-hidden="true"><rect class="{}" width="14" height="10"/></svg>)"
        "{}</li>",
        style, words);
}

std::string legend_of(std::string const& keys)
{
    return R"(<ul class="legend">)" + keys + "</ul>";
}

Bar bar_of(reconcile::DriftKind kind, std::map<Fate, std::size_t> const& fates)
{
    Bar bar{.name = std::string{name_of(kind)}, .value = {}, .segments = {}};
    for (auto const& [fate, count] : fates) {
        bar.value += fmt::format("{}{} {}", bar.value.empty() ? "" : "  ", sign_of(fate), count);
        bar.segments.push_back({name_of(fate), static_cast<double>(count),
                                fmt::format("{}: {} {}", bar.name, count, words_for(fate))});
    }
    return bar;
}

/// By name in order of appearance; one that comes twice is summed.
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

}  // namespace

std::string_view sign_of(Fate fate)
{
    switch (fate) {
        case Fate::Applied:
            return "✓";
        case Fate::AlreadyPresent:
            return "=";
        case Fate::Stale:
            return "≠";
        case Fate::Failed:
            return "✗";
        case Fate::NotReached:
            return "–";
        case Fate::Due:
            return "→";
        case Fate::Rehearsed:
            return "○";
        case Fate::Held:
            return "‖";
        case Fate::Undecided:
            return "?";
    }
    return "";
}

std::string_view words_for(Fate fate)
{
    switch (fate) {
        case Fate::Applied:
            return "applied";
        case Fate::AlreadyPresent:
            return "already there";
        case Fate::Stale:
            return "stale";
        case Fate::Failed:
            return "failed";
        case Fate::NotReached:
            return "not reached";
        case Fate::Due:
            return "to apply";
        case Fate::Rehearsed:
            return "rehearsed";
        case Fate::Held:
            return "held back";
        case Fate::Undecided:
            return "for a person";
    }
    return "";
}

std::string fate_chart(Report const& report)
{
    auto const tallies = tally_fates(report);
    if (tallies.empty())
        return {};
    std::vector<Bar> bars;
    std::map<Fate, std::size_t> seen;
    for (auto const& [kind, fates] : tallies) {
        bars.push_back(bar_of(kind, fates));
        for (auto const& [fate, count] : fates)
            seen[fate] += count;
    }
    std::string keys;
    for (auto const& [fate, count] : seen)
        keys += key(name_of(fate), fmt::format("{} {}", sign_of(fate), words_for(fate)));
    return figure(report.has_begun() ? "Drift by kind, and what became of it"
                                     : "Drift by kind, and what would become of it",
                  bars, legend_of(keys));
}

std::string before_and_after_chart(Report const& report)
{
    if (!report.plan || !report.residual)
        return {};
    auto const before = tally_drift(*report.plan);
    auto const after = tally_drift(*report.residual);
    std::vector<Bar> bars;
    for (auto const kind : reconcile::kDriftKinds) {
        auto const was = before.at(kind).found;
        auto const is = after.at(kind).found;
        if (was + is == 0)
            continue;
        auto const gone = was > is ? was - is : 0;
        bars.push_back(
            {.name = std::string{name_of(kind)},
             .value = fmt::format("{} → {}", was, is),
             .segments = {{"after", static_cast<double>(is), fmt::format("{} left", is)},
                          {"before", static_cast<double>(gone), fmt::format("{} gone", gone)}}});
    }
    return bars.empty() ? std::string{}
                        : figure("Before and after", bars,
                                 legend_of(key("after", "left") + key("before", "gone")));
}

std::string phase_chart(Report const& report)
{
    std::vector<Bar> bars;
    for (auto const& [name, duration] : summed(report.phases)) {
        auto const value = fmt::format("{:.2f} s", duration.count());
        bars.push_back({name, value, {{"phase", duration.count(), value}}});
    }
    return bars.empty() ? std::string{} : figure("Duration by phase", bars, "");
}

}  // namespace tracking::job
