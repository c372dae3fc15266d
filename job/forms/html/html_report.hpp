#pragma once

#include "job/report/report.hpp"

#include <cstddef>
#include <string>

namespace tracking::job {

/// The most items that an HTML report lists, so that a browser stays quick. The page then has about
/// 5 MB.
inline constexpr std::size_t kMostHtmlItems = 10'000;

/// The report as one page that loads nothing from elsewhere. First it says how the command ended
/// and what to do; then come charts, tables and the items. It reads the same without scripts, on
/// paper and on a telephone. Its content security policy only allows its own style and script.
std::string render_html(Report const& report);

}  // namespace tracking::job
