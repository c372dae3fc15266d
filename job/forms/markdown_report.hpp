#pragma once

#include "job/report/report.hpp"

#include <cstddef>
#include <string>

namespace tracking::job {

/// The report for a ticket or a chat, in GitHub's Markdown: how the command ended, what to do now,
/// the counts, and the items folded away, `list_limit` (0: all) of each kind. Texts of the database
/// stand only in code spans and code blocks, where no markup, link or mention works.
std::string render_markdown(Report const& report, std::size_t list_limit);

}  // namespace tracking::job
