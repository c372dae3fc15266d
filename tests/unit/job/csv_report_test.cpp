#include "job/forms/csv_report.hpp"

#include "tests/support/reports/rendered.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

namespace tracking::job {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

using Record = std::vector<std::string>;

/// A reader by the letter of RFC 4180.
std::vector<Record> records_of(std::string const& csv)
{
    std::vector<Record> records{{""}};
    bool is_quoted = false;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        auto& field = records.back().back();
        if (is_quoted && csv[i] == '"' && csv[i + 1] == '"')
            field += csv[i++];
        else if (csv[i] == '"')
            is_quoted = !is_quoted;
        else if (is_quoted || (csv[i] != ',' && csv[i] != '\r'))
            field += csv[i];
        else if (csv[i] == ',')
            records.back().emplace_back();
        else if (csv[++i] == '\n')
            records.push_back({""});
    }
    records.pop_back();
    return records;
}

/// By column, each line below the head.
std::vector<std::map<std::string, std::string>> lines_of(Report const& report)
{
    auto const records = records_of(render_csv(report));
    std::vector<std::map<std::string, std::string>> lines;
    for (std::size_t i = 1; i < records.size(); ++i) {
        lines.emplace_back();
        for (std::size_t column = 0; column < records[i].size(); ++column)
            lines.back()[records.front().at(column)] = records[i][column];
    }
    return lines;
}

Report with_tenant_named(std::string const& name)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1, name)};
    return report;
}

std::string shown_name(std::string const& name)
{
    return lines_of(with_tenant_named(name)).front().at("tenant_name");
}

TEST(CsvReportTest, EveryLineHasEveryColumn)
{
    for (auto const& report : samples::all()) {
        auto const records = records_of(render_csv(report));
        for (auto const& record : records)
            EXPECT_EQ(record.size(), records.front().size());
    }
}

TEST(CsvReportTest, ColumnsAreFixed)
{
    EXPECT_EQ(render_csv(samples::without_connection()),
              "list,kind,state,tenant_id,tenant_name,company_id,company_name,detail,change,hold,"
              "restraint_reason,due_at,reason,sqlstate,runs_seen,age_seconds,new,values,ways_out,"
              "group\r\n");
}

TEST(CsvReportTest, AnItemIsOneLineWhateverItsName)
{
    auto const csv = render_csv(with_tenant_named("a\nb\r\nc\x1B[31m\u202E"));
    EXPECT_EQ(std::ranges::count(csv, '\n'), 2);
    EXPECT_THAT(csv, HasSubstr("a\\u000Ab\\u000D\\u000Ac\\u001B[31m\\u202E"));
}

TEST(CsvReportTest, QuotesAndCommasComeBackAsTheyWere)
{
    EXPECT_EQ(shown_name(R"(Smith, "Sons" & Co)"), R"(Smith, "Sons" & Co)");
    EXPECT_EQ(shown_name("日本電気"), "日本電気");
}

TEST(CsvReportTest, NoTextIsTakenForAFormula)
{
    for (std::string const start : {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"})
        EXPECT_THAT(shown_name(start + "cmd|' /C calc'!A0"), StartsWith("'")) << start;
    EXPECT_EQ(shown_name("Acme = Best"), "Acme = Best");
}

TEST(CsvReportTest, ItemsSayWhatBecameOfThem)
{
    auto const lines = lines_of(samples::apply_with_every_outcome());
    EXPECT_EQ(lines[0].at("state"), "applied");
    EXPECT_EQ(lines[0].at("company_id"), samples::company_id(1).str());
    EXPECT_EQ(lines[1].at("state"), "failed");
    EXPECT_EQ(lines[1].at("sqlstate"), "55P03");
    EXPECT_EQ(lines[1].at("company_id"), "") << "there is none";
    EXPECT_EQ(lines[2].at("hold"), "waived");
    EXPECT_EQ(lines[11].at("state"), "not_reached");
    EXPECT_EQ(lines.back().at("list"), "residual");
}

TEST(CsvReportTest, GraceHasTheTimeWhenItEnds)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::orphaned_in_grace(1, "Gone")};
    EXPECT_EQ(lines_of(report).front().at("due_at"), "2026-10-03T03:00:03Z");
}

TEST(CsvReportTest, EachTenantAndCompanyOfAGroupHasOneLine)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::crowd(3, 2)};
    auto const lines = lines_of(report);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0].at("tenant_id"), samples::tenant_id(1).str());
    EXPECT_EQ(lines[2].at("tenant_id"), samples::tenant_id(3).str());
    EXPECT_EQ(lines[3].at("tenant_id"), "");
    EXPECT_EQ(lines[4].at("company_name"), "Trial 2");
    for (auto const& line : lines)
        EXPECT_EQ(line.at("group"), samples::tenant_id(1).str());
}

}  // namespace
}  // namespace tracking::job
