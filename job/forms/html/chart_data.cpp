#include "job/forms/html/chart_data.hpp"

#include "job/document/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace tracking::job {

namespace {

/// A bar with name and value above it. Its length is its share of `whole`.
data bar_data(Bar const& bar, double whole, int top)
{
    double x = 0;
    auto const segment_data = [&](Segment const& segment) -> data {
        auto const width = whole > 0 ? segment.amount / whole * 100 : 0;
        return object{{"style", text(segment.style)},
                      {"x", fmt::format("{:.2f}", std::exchange(x, x + width))},
                      {"width", fmt::format("{:.2f}", width)},
                      {"label", segment.label}};
    };
    return object{{"name", bar.name},
                  {"value", bar.value},
                  {"text_y", std::to_string(top + 14)},
                  {"bar_y", std::to_string(top + 20)},
                  {"segments", each(bar.segments, segment_data)}};
}

/// `2026-11-27 03:00:01 UTC: ok, 283 found, 12 left`
std::string words_of(Reading const& reading)
{
    auto const& drift = reading.drift;
    auto words = fmt::format("{}: {}", reading.when(), ending_of(drift));
    if (drift.found)
        words += fmt::format(", {} found", *drift.found);
    if (drift.left)
        words += fmt::format(", {} left", *drift.left);
    return drift.last_seen() ? words : words + ", no reading";
}

/// A column of what a run found, of which what it left is the lower part.
data column_data(Reading const& reading, std::size_t most, double x, double width)
{
    constexpr double kHeight = 96;
    auto const height = [&](std::size_t drift) {
        return most == 0 ? 0 : kHeight * static_cast<double>(drift) / static_cast<double>(most);
    };
    auto const left = height(reading.drift.last_seen().value_or(0));
    auto const found = std::max(left, height(reading.drift.found.value_or(0)));
    auto const rect = [&](std::string_view style, double from, double to) -> data {
        return object{{"style", text(style)},
                      {"y", fmt::format("{:.1f}", kHeight - to)},
                      {"height", fmt::format("{:.1f}", to - from)}};
    };
    return object{
        {"x", fmt::format("{:.2f}", x + width * .1)},
        {"width", fmt::format("{:.2f}", width * .8)},
        {"middle", fmt::format("{:.2f}", x + width / 2)},
        {"label", words_of(reading)},
        {"is_troubled", ending_of(reading.drift) != name_of(Ending::Ok)},
        {"rects", reading.drift.last_seen()
                      ? mustache::list{rect("before", left, found), rect("after", 0, left)}
                      : mustache::list{rect("not_reached", 0, kHeight)}}};
}

}  // namespace

data figure_data(Figure const& figure)
{
    constexpr int kRowHeight = 42;
    double whole = 0;
    std::string words;
    for (auto const& bar : figure.bars) {
        whole = std::max(whole, length_of(bar));
        words += fmt::format("{} {}; ", bar.name, bar.value);
    }
    int height = 0;
    auto const bars = each(figure.bars, [&](Bar const& bar) {
        return bar_data(bar, whole, std::exchange(height, height + kRowHeight));
    });
    auto const keys = each(figure.legend, [](Key const& key) -> data {
        return object{{"style", text(key.style)}, {"words", key.words}};
    });
    return object{{"title", text(figure.title)},
                  {"words", words},
                  {"height", std::to_string(height)},
                  {"bars", bars},
                  {"legend", keys.empty() ? data{false} : object{{"keys", keys}}}};
}

data trend_data(Report const& report)
{
    auto const readings = trend_of(report);
    if (readings.empty())
        return false;
    std::size_t most = 0;
    std::string words;
    for (auto const& reading : readings) {
        most = std::max({most, reading.drift.found.value_or(0), reading.drift.left.value_or(0)});
        words += words_of(reading) + "; ";
    }
    auto const width = 100. / static_cast<double>(readings.size());
    double x = 0;
    return object{{"most", std::to_string(most)},
                  {"first", readings.front().when()},
                  {"words", words},
                  {"columns", each(readings, [&](Reading const& reading) {
                       return column_data(reading, most, std::exchange(x, x + width), width);
                   })}};
}

}  // namespace tracking::job
