#pragma once

#include "job/forms/text_report.hpp"
#include "job/report/report.hpp"

#include "config/settings/config.hpp"

#include <string>

namespace tracking::job {

/// The report in this format. Text uses the style, Markdown only its list limit, others nothing.
std::string render(Report const& report, config::Format format, TextStyle const& style);

}  // namespace tracking::job
