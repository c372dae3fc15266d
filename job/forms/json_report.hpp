#pragma once

#include "job/report/report.hpp"

#include <string>

namespace tracking::job {

/// Everything of the report, in the form that report.schema.json describes. One line an item, so
/// that two reports can be compared line by line. Bytes that are no UTF-8 become U+FFFD.
std::string render_json(Report const& report);

/// The same cut into lines, an object each, for tools that read line by line: `"line": "report"`
/// with how it ended and on what, then each item of the lists ("stale", "item", "residual"), and at
/// last "summary" with all other members. Put together, they are the JSON report.
std::string render_json_lines(Report const& report);

/// What the journal keeps of a run: counts, drift, changes and what was left, without any item. A
/// JSON object on one line.
std::string render_counts(Report const& report);

}  // namespace tracking::job
