#pragma once

#include "job/report/report.hpp"

#include <cstddef>
#include <string>

namespace tracking::job {

/// The report for a ticket or a chat, in GitHub's Markdown: how it ended, what to do now, the
/// counts, and the items folded away, `list_limit` (0: all) of each kind. What comes from the
/// database stands in code spans and code blocks only, where no markup, link or mention works.
std::string render_markdown(Report const& report, std::size_t list_limit);

}  // namespace tracking::job
