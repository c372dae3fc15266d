#pragma once

#include "job/forms/html/html_charts.hpp"
#include "job/forms/html/html_data.hpp"
#include "job/report/report.hpp"

namespace tracking::job {

// The charts of the page, as its template takes them.

data figure_data(Figure const& figure);

/// `false` where there is no trend.
data trend_data(Report const& report);

}  // namespace tracking::job
