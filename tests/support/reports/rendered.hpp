#pragma once

#include "job/forms/csv_report.hpp"
#include "job/forms/json_report.hpp"
#include "job/forms/render.hpp"

#include <sstream>
#include <string>

namespace tracking::job {

// The forms that are written to a stream, as texts.

inline std::string rendered(auto const& write)
{
    std::ostringstream out;
    write(out);
    return out.str();
}

inline std::string render_json(Report const& report)
{
    return rendered([&](auto& out) { write_json(report, out); });
}

inline std::string render_json_lines(Report const& report)
{
    return rendered([&](auto& out) { write_json_lines(report, out); });
}

inline std::string render_csv(Report const& report)
{
    return rendered([&](auto& out) { write_csv(report, out); });
}

inline std::string render(Report const& report, config::Format format, TextStyle const& style)
{
    return rendered([&](auto& out) { render(report, format, style, out); });
}

}  // namespace tracking::job
