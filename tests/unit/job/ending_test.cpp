#include "job/process/ending.hpp"

#include "tests/support/reports/rendered.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace tracking::job {
namespace {

struct Code
{
    int number;
    std::string_view word;
};

/// Scripts and alerts read both: none may change.
constexpr Code kCodes[]{
    {0, "ok"},    {1, "failed"},      {2, "drift"},   {3, "refused"}, {4, "partial"},
    {5, "stale"}, {6, "interrupted"}, {64, "usage"},  {65, "data"},   {69, "unavailable"},
    {75, "busy"}, {77, "denied"},     {78, "config"},
};

TEST(ExitCodeTest, EveryCodeHasItsWord)
{
    for (auto const& [number, word] : kCodes)
        EXPECT_EQ(name_of(static_cast<Ending>(number)), word);
}

TEST(ExitCodeTest, AReportHasBoth)
{
    for (auto const& [number, word] : kCodes) {
        auto report = samples::without_connection();
        report.outcome = static_cast<Ending>(number);
        auto const json = boost::json::parse(render_json(report));
        EXPECT_EQ(json.at("outcome").as_string(), word);
        EXPECT_EQ(json.at("exit_code").as_int64(), number);
    }
}

}  // namespace
}  // namespace tracking::job
