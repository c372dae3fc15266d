#include "job/forms/json_report.hpp"

#include "tests/support/reports/rendered.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace tracking::job {
namespace {

namespace json = boost::json;

std::vector<json::object> lines_of(Report const& report)
{
    std::vector<json::object> lines;
    std::istringstream in{render_json_lines(report)};
    for (std::string line; std::getline(in, line);)
        lines.push_back(json::parse(line).as_object());
    return lines;
}

/// The items of one list, without the member that says which.
json::array items(std::vector<json::object> const& lines, char const* line)
{
    json::array all;
    for (auto item : lines) {
        if (item.at("line") != line)
            continue;
        item.erase("line");
        all.push_back(std::move(item));
    }
    return all;
}

json::object put_together(std::vector<json::object> lines)
{
    auto report = lines.front();
    for (auto const& [key, value] : lines.back())
        report[key] = value;
    report.erase("line");
    report["items"] = items(lines, "item");
    report["stale"] = items(lines, "stale");
    report["left_alone"] = items(lines, "left_alone");
    if (report.at("residual").is_object())
        report["residual"].as_object()["items"] = items(lines, "residual");
    return report;
}

TEST(JsonLinesTest, PutTogetherTheyAreTheJsonReport)
{
    for (auto const& report : samples::all())
        EXPECT_EQ(put_together(lines_of(report)), json::parse(render_json(report)));
}

TEST(JsonLinesTest, TheReportComesFirstAndTheSummaryLast)
{
    auto const lines = lines_of(samples::apply_with_every_outcome());
    EXPECT_EQ(lines.front().at("line"), "report");
    EXPECT_EQ(lines.front().at("outcome"), "partial");
    EXPECT_EQ(lines.back().at("line"), "summary");
    EXPECT_EQ(lines.back().at("converged"), false);
}

TEST(JsonLinesTest, EachItemHasALineThatSaysOfWhichListItIs)
{
    auto const report = samples::apply_with_every_outcome();
    auto const lines = lines_of(report);
    EXPECT_EQ(items(lines, "item").size(), report.plan->drift.size());
    EXPECT_EQ(items(lines, "residual").size(), report.residual->drift.size());
    EXPECT_EQ(items(lines, "stale").size(), report.stale.size());
    EXPECT_EQ(lines.size(),
              2 + report.plan->drift.size() + report.residual->drift.size() + report.stale.size());
}

}  // namespace
}  // namespace tracking::job
