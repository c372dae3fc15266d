#include "job/forms/render.hpp"

#include "job/forms/csv_report.hpp"
#include "job/forms/html/html_report.hpp"
#include "job/forms/json_report.hpp"
#include "job/forms/markdown_report.hpp"

#include <algorithm>
#include <limits>
#include <ostream>
#include <vector>

namespace tracking::job {

namespace {

std::vector<config::Format> formats_of_reports(config::Config const& config)
{
    std::vector formats{config.format};
    for (auto const& file : config.report)
        formats.push_back(config::format_of(file).value_or(config::Format::Text));
    return formats;
}

bool lists_all(config::Format format)
{
    return format == config::Format::Json || format == config::Format::JsonLines ||
           format == config::Format::Csv;
}

}  // namespace

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
    std::size_t most = 0;
    for (auto const format : formats_of_reports(config))
        most = std::max(most, most_listed(format, limit));
    return most;
}

reconcile::Room room_for_residual(config::Config const& config)
{
    auto const formats = formats_of_reports(config);
    return std::ranges::any_of(formats, lists_all) ? reconcile::kRoomForAll
                                                   : room_of_reports(config);
}

}  // namespace tracking::job
