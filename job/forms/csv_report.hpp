#pragma once

#include "job/report/report.hpp"

#include <string>

namespace tracking::job {

/// One line an item (RFC 4180, UTF-8), with a head and always the same columns; what there is none
/// of is empty. The words are those of the JSON report. A text that a spreadsheet would take for a
/// formula gets an apostrophe in front, and characters that break lines are escaped.
std::string render_csv(Report const& report);

}  // namespace tracking::job
