#pragma once

#include "job/forms/text_report.hpp"
#include "job/report/report.hpp"

#include "config/settings/config.hpp"

#include <cstddef>
#include <iosfwd>

namespace tracking::job {

/// Writes the report in this format. Text uses the style, Markdown only its list limit, others
/// nothing.
void render(Report const& report, config::Format format, TextStyle const& style, std::ostream& out);

/// How many items of one kind this form takes from the report itself at most. JSON, JSON Lines and
/// CSV take them from Report::all_items.
std::size_t most_listed(config::Format format, std::size_t list_limit);

/// The same of all forms in which the report is to be written.
std::size_t room_of_reports(config::Config const& config);

/// For how many items of each kind of drift that is left these reports have room. Some forms list
/// all of them.
reconcile::Room room_for_residual(config::Config const& config);

}  // namespace tracking::job
