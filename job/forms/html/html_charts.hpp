#pragma once

#include "job/report/report.hpp"
#include "job/report/tally.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

// Drawings of the HTML report: bars that are a share of the width, so that texts keep their size on
// any screen. Each says in words what it shows.

/// What fills a part of a bar: a class of the style sheet.
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

struct Key
{
    std::string_view style;
    std::string words;
};

/// Each bar is as long as its share of the longest one.
struct Figure
{
    std::string_view title;
    std::vector<Bar> bars;
    std::vector<Key> legend = {};
};

double length_of(Bar const& bar);

/// A sign for each fate, so that colour is not the only one.
std::string_view sign_of(Fate fate);
std::string_view words_for(Fate fate);

/// Drift by kind and what becomes of it, the drift before and after an apply, and where the time
/// went; without those that have nothing to show.
std::vector<Figure> figures_of(Report const& report);

}  // namespace tracking::job
