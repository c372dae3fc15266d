#include "job/forms/render.hpp"

#include "job/forms/csv_report.hpp"
#include "job/forms/html/html_report.hpp"
#include "job/forms/json_report.hpp"
#include "job/forms/markdown_report.hpp"

#include <limits>

namespace tracking::job {

std::string render(Report const& report, config::Format format, TextStyle const& style)
{
    switch (format) {
        case config::Format::Text:
            return render_text(report, style);
        case config::Format::Json:
            return render_json(report);
        case config::Format::JsonLines:
            return render_json_lines(report);
        case config::Format::Markdown:
            return render_markdown(report, style.list_limit);
        case config::Format::Html:
            return render_html(report);
        case config::Format::Csv:
            return render_csv(report);
    }
    return {};
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
            return kAll;
    }
    return kAll;
}

}  // namespace tracking::job
