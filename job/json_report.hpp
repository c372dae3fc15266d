#pragma once

#include "job/report.hpp"

#include <string>

namespace tracking::job {

/// Everything of the report, in the form that report.schema.json describes. One line an item, so
/// that two reports can be compared line by line. Bytes that are no UTF-8 become U+FFFD.
std::string render_json(Report const& report);

/// What the journal keeps of a run: counts, drift, changes and what was left, without any item. A
/// JSON object on one line.
std::string render_counts(Report const& report);

}  // namespace tracking::job
