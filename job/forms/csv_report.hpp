#pragma once

#include "job/report/report.hpp"

#include <iosfwd>

namespace tracking::job {

/// One line an item (RFC 4180, UTF-8), with a head and always the same columns. A column without a
/// value is empty. The words are those of the JSON report. A text that a spreadsheet would take for
/// a formula gets an apostrophe in front. Characters that break lines are escaped.
void write_csv(Report const& report, std::ostream& out);

}  // namespace tracking::job
