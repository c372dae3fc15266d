// What was read in doubt is told as a fact in no form of the report.

#include "job/forms/html/html_report.hpp"
#include "job/forms/json_report.hpp"
#include "job/forms/markdown_report.hpp"
#include "job/forms/text_report.hpp"
#include "job/notify/digest.hpp"
#include "job/report/past_counts.hpp"
#include "job/telemetry/metrics.hpp"
#include "job/telemetry/report_log.hpp"

#include "tests/support/reports/rendered.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tracking::job {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace json = boost::json;

constexpr char const* kNothing = "with nothing: what was read is in doubt";

/// The sentence on the comparison, no counts of new or gone drift, and no claim that nothing waits.
auto compares_nothing()
{
    return AllOf(HasSubstr(kNothing), Not(HasSubstr("since the last run")),
                 Not(HasSubstr("waits for a decision")));
}

Report empty_in_doubt()
{
    auto report = samples::apply_in_doubt();
    report.plan->drift.clear();
    return report;
}

TEST(DoubtTest, TextMarkdownAndHtmlCompareNothing)
{
    auto const report = samples::apply_in_doubt();
    EXPECT_THAT(render_text(report, {}), compares_nothing());
    EXPECT_THAT(render_markdown(report, 65536), compares_nothing());
    EXPECT_THAT(render_html(report), compares_nothing());
}

TEST(DoubtTest, WhatARunLeftIsNotKnownWhereItsProofIsInDoubt)
{
    auto report = samples::apply_that_converged();
    report.residual.reset();
    EXPECT_THAT(render_text(report, {}), AllOf(HasSubstr("what was read again is in doubt"),
                                               HasSubstr("converged: unknown")));
}

TEST(DoubtTest, TheDigestComparesNothing)
{
    EXPECT_THAT(digest_of(samples::apply_in_doubt(), {}, "eu"), compares_nothing());
}

TEST(DoubtTest, AnEmptyReadingIsNoProofThatEveryTenantHasItsCustomer)
{
    auto const report = empty_in_doubt();
    for (auto const& text :
         {render_text(report, {}), render_markdown(report, 65536), render_html(report)})
        EXPECT_THAT(text, AllOf(HasSubstr("No drift in what was read, but that is in doubt."),
                                Not(HasSubstr("every tenant in scope"))));
}

TEST(DoubtTest, JsonSaysSoAndKnowsNothingNew)
{
    auto const report = json::parse(render_json(samples::apply_in_doubt()));
    EXPECT_EQ(report.at_pointer("/overview/in_doubt"), true);
    EXPECT_TRUE(report.at_pointer("/overview/since_last_run").is_null());
    EXPECT_TRUE(report.at_pointer("/overview/waiting").is_null());
    EXPECT_TRUE(report.at_pointer("/items/0/new").is_null());
    EXPECT_THAT(render_json_lines(samples::apply_in_doubt()), HasSubstr(R"("in_doubt":true)"));
}

TEST(DoubtTest, ItemsOfTheCsvAreNeitherNewNorOld)
{
    auto report = samples::apply_in_doubt();
    auto const in_doubt = render_csv(report);
    report.plan->since = reconcile::SinceRun{};
    EXPECT_NE(in_doubt, render_csv(report));
    EXPECT_THAT(in_doubt, Not(HasSubstr(",no,")));
    EXPECT_THAT(in_doubt, Not(HasSubstr(",yes,")));
}

TEST(DoubtTest, MetricsLeaveOutWhatIsNotSure)
{
    auto const text = render_metrics(samples::apply_in_doubt(), {});
    for (auto const* family :
         {"drift", "drift_new", "drift_remaining", "oldest_drift_age_seconds", "tenants",
          "oldest_missing_tenant_age_seconds", "tracked_customers", "left_out", "waived_drift"})
        EXPECT_THAT(text, Not(HasSubstr(fmt::format("\ncustomer_reconcile_{}{{", family))));
    EXPECT_THAT(text, HasSubstr("customer_reconcile_last_run_exit_code{mode=\"apply\"} 3"));
    EXPECT_THAT(text, HasSubstr("customer_reconcile_guard_blocked{"));
}

TEST(DoubtTest, TheLogCountsNoTenantsAndNoDrift)
{
    auto const event = summary_event(samples::apply_in_doubt());
    for (auto const* name : {"tenants", "drift_found"})
        EXPECT_EQ(std::ranges::count(event.fields, name, [](auto const& one) { return one.first; }),
                  0);
}

TEST(DoubtTest, ThePastRunIsShownAsItWas)
{
    Report shown{.command = "show", .plan = reconcile::Plan{}};
    tell_counts(shown, json::parse(render_counts(samples::apply_in_doubt())));
    EXPECT_TRUE(shown.plan->is_in_doubt);
    EXPECT_THAT(render_text(shown, {}), compares_nothing());
}

TEST(DoubtTest, ARunThatComparedWhatItHadRefusedIsShownWithoutThat)
{
    auto counts = json::parse(render_counts(samples::apply_in_doubt()));
    auto& overview = counts.at("overview").as_object();
    overview.erase("in_doubt");
    overview["since_last_run"] = {{"run", nullptr},
                                  {"last_run_ended", "2026-10-01T02:00:03Z"},
                                  {"new", 0},
                                  {"gone", 41},
                                  {"as_before", 0}};
    Report shown{.command = "show", .plan = reconcile::Plan{}};
    tell_counts(shown, counts);
    EXPECT_FALSE(shown.plan->since);
    EXPECT_THAT(render_text(shown, {}), compares_nothing());
}

TEST(DoubtTest, AnOptionThatIsRefusedIsNoDoubtAboutTheReading)
{
    auto report = samples::plan_in_sync();
    report.refusals = {"--allow cleanup=3: this guard has not tripped"};
    report.plan->since = reconcile::SinceRun{.fresh = 3};
    EXPECT_THAT(render_text(report, {}), HasSubstr("since the last run: 3 new"));
}

}  // namespace
}  // namespace tracking::job
