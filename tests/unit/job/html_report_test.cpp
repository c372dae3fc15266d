#include "job/forms/html/html_report.hpp"

#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace tracking::job {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// 0, or 3 for what examine_page.py finds wrong with it.
int examine(std::string const& page)
{
    auto const file = fmt::format("{}report.{}.html", ::testing::TempDir(), ::getpid());
    std::ofstream{file} << page;
    auto const status =
        std::system(fmt::format("{} '{}' '{}'", PYTHON, PAGE_EXAMINER, file).c_str());
    std::filesystem::remove(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::size_t rows_of_items(std::string const& page)
{
    std::size_t count = 0;
    for (auto at = page.find("<tr class="); at != page.npos; at = page.find("<tr class=", at + 1))
        ++count;
    return count;
}

Report with_missing(int count)
{
    auto report = samples::plan_in_sync();
    for (int number = 0; number < count; ++number)
        report.plan->drift.push_back(samples::missing(number, "Acme"));
    return report;
}

TEST(HtmlReportTest, EveryPageIsWellFormedAndLoadsNothing)
{
    for (auto const& report : samples::all())
        EXPECT_EQ(examine(render_html(report)), 0) << report.command << name_of(report.outcome);
}

TEST(HtmlReportTest, HostileNamesMakeNoElements)
{
    auto report = samples::apply_with_every_outcome();
    std::string const name =
        R"("'></td><img src=x onerror=alert(1)><script>x</script>&lt;{{{script}}})";
    report.error = report.management_database = report.management_tenant_name = name;
    report.warnings = report.refusals = report.plan->remarks = {name};
    report.phases.push_back({name, std::chrono::seconds{1}});
    for (auto* plan : {&*report.plan, &*report.residual}) {
        for (auto& drift : plan->drift)
            drift.tenant_name = drift.company_name = drift.detail = drift.restraint_reason = name;
    }
    auto const page = render_html(report);
    EXPECT_THAT(page,
                AllOf(Not(HasSubstr("<img")), HasSubstr("&lt;img"), HasSubstr("{{{script}}}")));
    EXPECT_EQ(examine(page), 0);
}

TEST(HtmlReportTest, TheExaminationFindsAnInlineHandler)
{
    auto page = render_html(samples::plan_in_sync());
    page.insert(page.find("<p class"), "<p onclick=\"x\"></p>");
    EXPECT_EQ(examine(page), 3);
}

TEST(HtmlReportTest, VerdictThenWhatToDoThenAllElse)
{
    auto const page = render_html(samples::plan_with_every_kind());
    auto const verdict = page.find("<h1>");
    auto const command = page.find("<code>customer-reconcile apply</code>");
    auto const charts = page.find("<figure>");
    EXPECT_LT(verdict, command);
    EXPECT_LT(command, charts);
    EXPECT_LT(charts, page.find("<table"));
}

TEST(HtmlReportTest, ChartsSayInWordsWhatTheyShow)
{
    auto const page = render_html(samples::apply_with_every_outcome());
    EXPECT_THAT(page,
                AllOf(HasSubstr("aria-label=\"Drift by kind, and what became of it: missing "),
                      HasSubstr("aria-label=\"Before and after: missing 3 → 2; "),
                      HasSubstr("aria-label=\"Duration by phase: connect 0.05 s; ")));
}

TEST(HtmlReportTest, APlanHasNothingAfterwards)
{
    EXPECT_THAT(render_html(samples::plan_with_every_kind()),
                AllOf(Not(HasSubstr("Before and after")), HasSubstr("would become of it")));
}

TEST(HtmlReportTest, EveryItemHasARowThatSaysItsState)
{
    auto const report = samples::plan_with_every_kind();
    auto const page = render_html(report);
    EXPECT_EQ(rows_of_items(page), report.plan->drift.size());
    EXPECT_THAT(page,
                HasSubstr("<tr class=\"s-undecided\"><td><span class=\"sign\" "
                          "aria-hidden=\"true\">?</span> for a person</td><td>duplicate</td>"));
}

TEST(HtmlReportTest, MoreItemsThanABrowserCanTakeAreCountedAndNotListed)
{
    auto const page = render_html(with_missing(static_cast<int>(kMostHtmlItems) + 5));
    EXPECT_EQ(rows_of_items(page), kMostHtmlItems);
    EXPECT_LT(page.size(), 5'000'000U);
    EXPECT_THAT(page, HasSubstr("missing: 10000 of 10005 are listed ... and 5 more; all of them "
                                "are in --report FILE.json"));
}

}  // namespace
}  // namespace tracking::job
