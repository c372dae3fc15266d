#pragma once

#include "job/report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

// Charts of the HTML report. Bars are a share of the width, so that texts keep their size on any
// screen. Each chart also says in words what it shows.

/// A part of a bar. `style` is a class of the style sheet.
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

/// A chart of bars. The longest bar takes the whole width.
struct Figure
{
    std::string_view title;
    std::vector<Bar> bars;
    std::vector<Key> legend = {};
};

double length_of(Bar const& bar);

/// Charts of the drift by kind and fate, of the drift before and after an apply, and of the time
/// that each phase took. A chart that has nothing to show is left out.
std::vector<Figure> figures_of(Report const& report);

}  // namespace tracking::job
