#include "job/forms/markdown_report.hpp"

#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <sstream>
#include <string>

namespace tracking::job {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::size_t kAll = 0;

/// What stands neither in code blocks nor in code spans: where markup works.
std::string outside_of_code(std::string const& markdown)
{
    std::string text;
    std::string fence;
    std::istringstream in{markdown};
    for (std::string line; std::getline(in, line);) {
        auto const start = line.find_first_not_of(' ');
        auto const ticks = start == line.npos ? 0 : line.find_first_not_of('`', start) - start;
        if (!fence.empty()) {
            if (line.substr(std::min(start, line.size())) == fence)
                fence.clear();
        } else if (start != line.npos && line.compare(start, 3, "```") == 0) {
            fence.assign(std::min(line.size() - start, ticks), '`');
        } else {
            text += line + '\n';
        }
    }
    for (auto at = text.find('`'); at != text.npos; at = text.find('`', at)) {
        std::string const run(text.find_first_not_of('`', at) - at, '`');
        auto const end = text.find(run, at + run.size());
        text.erase(at, end + run.size() - at);
    }
    return text;
}

TEST(MarkdownReportTest, TheVerdictComesFirst)
{
    EXPECT_THAT(render_markdown(samples::apply_with_every_outcome(), kAll),
                StartsWith("## ⚠️ customer-reconcile 0.1.0 apply: partial (exit code 4): some "
                           "changes failed, the others did not\n"));
}

TEST(MarkdownReportTest, WhatToDoComesBeforeTheCounts)
{
    auto const text = render_markdown(samples::plan_with_every_kind(), kAll);
    EXPECT_THAT(text, HasSubstr("- 8 changes would be applied:\n\n"
                                "  ```sh\n  customer-reconcile apply\n  ```\n"));
    EXPECT_LT(text.find("would be applied"), text.find("| Drift |"));
}

TEST(MarkdownReportTest, CountsAreATable)
{
    EXPECT_THAT(render_markdown(samples::plan_with_every_kind(), kAll),
                HasSubstr("| Drift | found | apply | held | person | |\n|---|--:|--:|--:|--:|---|\n"
                          "| `missing` | 3 | 2 | 1 | – | tenants without a customer |\n"));
}

TEST(MarkdownReportTest, ItemsAreFoldedAway)
{
    EXPECT_THAT(render_markdown(samples::plan_with_every_kind(), kAll),
                HasSubstr("<details><summary><b>missing</b> (3): 2 to apply, 1 waived</summary>\n"
                          "\n```text\n  + tenant   a0000000"));
}

TEST(MarkdownReportTest, LongListsAreCutAndSayWhereTheRestIs)
{
    auto report = samples::plan_in_sync();
    for (int number = 0; number < 30; ++number)
        report.plan->drift.push_back(samples::missing(number, "Acme"));
    EXPECT_THAT(render_markdown(report, 20),
                HasSubstr("... and 10 more; all of them are in --report FILE.json\n```\n"));
}

TEST(MarkdownReportTest, NothingOfTheDatabaseStandsOutsideOfCode)
{
    std::string const name = "EVIL ```\n# EVIL `x` <img src=x> @EVIL #1 | [EVIL](http://EVIL) ~~~";
    auto report = samples::apply_with_every_outcome();
    report.error = report.management_database = report.management_tenant_name = name;
    report.warnings = report.refusals = report.plan->remarks = {name};
    report.stale = {{samples::missing(1, name), name, samples::missing(2, name).change}};
    for (auto* plan : {&*report.plan, &*report.residual}) {
        for (auto& drift : plan->drift)
            drift.tenant_name = drift.company_name = drift.detail = drift.restraint_reason = name;
    }
    for (auto& [index, receipt] : report.applied.results)
        receipt.reason = name;
    auto const text = render_markdown(report, kAll);
    EXPECT_THAT(text, HasSubstr("EVIL"));
    EXPECT_THAT(outside_of_code(text), AllOf(HasSubstr("| Drift |"), Not(HasSubstr("EVIL"))));
}

TEST(MarkdownReportTest, AnErrorBeforeTheConnectionSaysWhatToDo)
{
    EXPECT_THAT(render_markdown(samples::without_connection(), kAll),
                AllOf(HasSubstr("`cannot connect to db.internal:5432: connection refused`"),
                      HasSubstr("customer-reconcile doctor")));
}

}  // namespace
}  // namespace tracking::job
