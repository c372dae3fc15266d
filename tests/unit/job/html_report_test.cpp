#include "job/forms/html/html_report.hpp"

#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
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

/// What tick_items.py sees of the page in Chromium, as JSON.
boost::json::value ticked_in_browser(std::string const& page)
{
    auto const file = fmt::format("{}ticks.{}.html", ::testing::TempDir(), ::getpid());
    std::ofstream{file} << page;
    auto const seen = file + ".json";
    auto const status = std::system(
        fmt::format("{} '{}' '{}' '{}' >'{}'", PYTHON, PAGE_TICKER, CHROMIUM, file, seen).c_str());
    std::ifstream stream{seen};
    std::string const text{std::istreambuf_iterator<char>{stream}, {}};
    std::filesystem::remove(file);
    std::filesystem::remove(seen);
    return status == 0 ? boost::json::parse(text) : boost::json::value{};
}

/// A plan with an item that is due, one in grace, and two of one customer.
Report to_select_from()
{
    auto report = samples::plan_in_sync();
    auto const every = samples::plan_with_every_kind();
    report.plan->drift = {samples::missing(1, "Acme"),
                          samples::orphaned_in_grace(62, "Soon <Gone>")};
    for (auto const& drift : every.plan->drift)
        if (drift.tenant == samples::tenant_id(12) || !drift.change)
            report.plan->drift.push_back(drift);
    report.repeated.flags["apply"] = {"--policy='a & b'"};
    return report;
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

TEST(HtmlReportTest, TheTrendHasAColumnForEachRunAndSaysInWordsWhatItSaw)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1, "Acme")};
    EXPECT_THAT(render_html(report), Not(HasSubstr("Drift of the last runs")));
    report.trend = {{.started = *report.server_time, .outcome = "ok", .found = 4, .left = 1},
                    {.started = *report.server_time, .outcome = ""}};
    auto const html = render_html(report);
    EXPECT_THAT(
        html,
        AllOf(
            HasSubstr("<title>2026-10-01 02:00:03 UTC: killed, no reading</title>"),
            HasSubstr("<title>2026-10-01 02:00:03 UTC: ok, 4 found, 1 left</title>"),
            HasSubstr("<title>now: ok, 1 found</title>"),
            // 3 of 4 are gone, and 1 of 4 is left: from the top, of 96
            HasSubstr(R"(<rect class="before" x="36.67%" y="0.0" width="26.67%" height="72.0")"),
            HasSubstr(R"(<rect class="after" x="36.67%" y="72.0" width="26.67%" height="24.0")")));
    EXPECT_EQ(examine(html), 0);
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

TEST(HtmlReportTest, WhatIsLeftAloneHasItsShareOfALongList)
{
    auto report = with_missing(static_cast<int>(kMostHtmlItems) + 5);
    report.plan->left_alone = {samples::missing(7, "Left in peace")};
    auto const page = render_html(report);
    EXPECT_EQ(rows_of_items(page), kMostHtmlItems);
    EXPECT_THAT(page, HasSubstr("Left in peace"));
}

TEST(HtmlReportTest, TheIdThatSelectsAnItemIsTheTenantsOrWithoutOneTheCompanys)
{
    auto const page = render_html(to_select_from());
    EXPECT_THAT(
        page,
        AllOf(HasSubstr("<code class=\"choice\">" + samples::tenant_id(1).str()),
              HasSubstr("<code class=\"choice held\">" + samples::company_id(62).str()),
              HasSubstr("<code>" + samples::tenant_id(71).str()),
              HasSubstr("<aside class=\"selection\" aria-label=\"Selection\" hidden>"),
              HasSubstr("<code>customer-reconcile apply --policy=&apos;a &amp; b&apos;</code>")));
    EXPECT_EQ(examine(page), 0);
}

TEST(HtmlReportTest, WhatAPlanFileDoesNotHoldCannotBeSelectedFromIt)
{
    auto report = to_select_from();
    report.plan_file = "plan.json";
    report.repeated.flags["apply PLANFILE"] = {"--config=a.yaml"};
    report.plan->drift[0].restraint = reconcile::Restraint::PlanFile;
    report.plan->drift[1].restraint = reconcile::Restraint::Selection;
    auto const page = render_html(report);
    EXPECT_THAT(page,
                AllOf(HasSubstr("<code>customer-reconcile apply plan.json --config=a.yaml</code>"),
                      Not(HasSubstr("\">" + samples::tenant_id(1).str())),
                      Not(HasSubstr("\">" + samples::company_id(62).str()))));
    report.command = "apply";
    EXPECT_THAT(render_html(report),
                HasSubstr("<code class=\"choice\">" + samples::company_id(62).str()));
}

TEST(HtmlReportTest, NothingCanBeSelectedFromAPastRunOrAnUndo)
{
    for (auto const* command : {"show", "undo", "link"}) {
        auto report = to_select_from();
        report.command = command;
        EXPECT_THAT(render_html(report),
                    AllOf(Not(HasSubstr("class=\"choice")), Not(HasSubstr("<aside"))))
            << command;
    }
}

TEST(HtmlReportTest, TickingItemsInABrowserMakesTheCommandForJustThese)
{
    ASSERT_TRUE(std::filesystem::exists(CHROMIUM)) << "./dev test installs it";
    auto const seen = ticked_in_browser(render_html(to_select_from()));
    ASSERT_TRUE(seen.is_object());
    EXPECT_EQ(seen.at("command").as_string(),
              fmt::format("customer-reconcile apply --policy='a & b' --only {} --only {} --only {}",
                          samples::company_id(62).str(), samples::tenant_id(1).str(),
                          samples::tenant_id(12).str()));
    EXPECT_THAT(boost::json::serialize(seen.at("boxes")),
                AllOf(HasSubstr("Apply \\\"Acme\\\" (missing)"), HasSubstr("Soon <Gone>")));
    EXPECT_EQ(seen.at("presses"), 3) << "the two boxes of one customer go together";
    EXPECT_EQ(seen.at("boxes").as_array().size(), 4U);
    EXPECT_EQ(seen.at("shown"), 5) << "four boxes, and the command";
    EXPECT_EQ(seen.at("on_paper"), 0);
    EXPECT_EQ(seen.at("without_scripts"), 0);
}

}  // namespace
}  // namespace tracking::job
