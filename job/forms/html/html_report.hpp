#pragma once

#include "job/report/report.hpp"

#include <cstddef>
#include <string>

namespace tracking::job {

/// Items that an HTML report lists at most, so that a browser stays quick: 5 MB or so.
inline constexpr std::size_t kMostHtmlItems = 10'000;

/// The report as one page without anything from elsewhere: how it ended and what to do first, then
/// charts, tables and the items. It reads the same without scripts, on paper and on a telephone;
/// its content security policy lets nothing run or load but its own style and script.
std::string render_html(Report const& report);

}  // namespace tracking::job
