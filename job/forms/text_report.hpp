#pragma once

#include "config/settings/config.hpp"
#include "job/document/document.hpp"
#include "job/forms/text_page.hpp"
#include "job/report/report.hpp"

#include <cstddef>
#include <string>

namespace tracking::job {

struct TextStyle
{
    Colors colors = Colors::Off;
    int width = 100;              ///< columns at which sentences are wrapped
    std::size_t list_limit = 20;  ///< items of each kind; 0: all
};

/// The style that the configuration asks for, for output to `fd`.
TextStyle style_for(config::Config const& config, int fd);

/// The report for people: first what matters most, then the items. The last line says how the
/// command ended or what to do next. An apply that has not begun yet reads as its plan.
std::string render_text(Report const& report, TextStyle const& style);

/// Prints the items of the section, and how many more there are.
void print_entries(TextPage& page, Section const& section);

}  // namespace tracking::job
