#pragma once

#include "job/report/report.hpp"

#include <iosfwd>
#include <string>

namespace tracking::job {

/// Everything of the report, in the form that report.schema.json describes. One line an item, so
/// that two reports can be compared line by line. Bytes that are no UTF-8 become U+FFFD.
void write_json(Report const& report, std::ostream& out);

/// The same as one object a line, for tools that read line by line. First comes `"line": "report"`,
/// with the ending and the databases. Then come the items of the lists ("stale", "item",
/// "left_alone", "residual"), and last "summary" with all other members. Together they are the JSON
/// report.
void write_json_lines(Report const& report, std::ostream& out);

/// What the journal keeps of a run, as a JSON object on one line: counts, drift, changes, guards
/// and what was left, but no items.
std::string render_counts(Report const& report);

}  // namespace tracking::job
