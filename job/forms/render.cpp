#include "job/forms/render.hpp"

#include "job/forms/csv_report.hpp"
#include "job/forms/html/html_report.hpp"
#include "job/forms/json_report.hpp"
#include "job/forms/markdown_report.hpp"

#include <algorithm>
#include <limits>
#include <ostream>

namespace tracking::job {

void render(Report const& report, config::Format format, TextStyle const& style, std::ostream& out)
{
    switch (format) {
        case config::Format::Text:
            out << render_text(report, style);
            return;
        case config::Format::Json:
            return write_json(report, out);
        case config::Format::JsonLines:
            return write_json_lines(report, out);
        case config::Format::Markdown:
            out << render_markdown(report, style.list_limit);
            return;
        case config::Format::Html:
            out << render_html(report);
            return;
        case config::Format::Csv:
            return write_csv(report, out);
    }
}

std::size_t most_listed(config::Format format, std::size_t list_limit)
{
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    switch (format) {
        case config::Format::Text:
        case config::Format::Markdown:
            return list_limit == 0 ? kAll : list_limit;
        case config::Format::Html:
            return kMostHtmlItems;
        case config::Format::Json:
        case config::Format::JsonLines:
        case config::Format::Csv:
            return 0;
    }
    return 0;
}

std::size_t room_of_reports(config::Config const& config)
{
    auto const limit = static_cast<std::size_t>(config.list_limit);
    auto most = most_listed(config.format, limit);
    for (auto const& file : config.report)
        most = std::max(most,
                        most_listed(config::format_of(file).value_or(config::Format::Text), limit));
    return most;
}

}  // namespace tracking::job
