#include "job/forms/json_report.hpp"

#include "tests/support/reports/rendered.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace tracking::job {
namespace {

namespace json = boost::json;

constexpr int kInvalid = 3;

int validate(std::string const& report)
{
    auto const file = fmt::format("{}report.{}.json", ::testing::TempDir(), ::getpid());
    std::ofstream{file} << report;
    auto const command =
        fmt::format("{} '{}' '{}' '{}'", PYTHON, JSON_VALIDATOR, REPORT_SCHEMA, file);
    auto const status = std::system(command.c_str());
    std::filesystem::remove(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

json::value parsed(Report const& report)
{
    return json::parse(render_json(report));
}

TEST(JsonReportTest, PlanInSyncMatchesTheSchema)
{
    EXPECT_EQ(validate(render_json(samples::plan_in_sync())), 0);
}

TEST(JsonReportTest, PlanWithEveryKindMatchesTheSchema)
{
    EXPECT_EQ(validate(render_json(samples::plan_with_every_kind())), 0);
}

TEST(JsonReportTest, ApplyWithEveryOutcomeMatchesTheSchema)
{
    EXPECT_EQ(validate(render_json(samples::apply_with_every_outcome())), 0);
}

TEST(JsonReportTest, ConvergedApplyMatchesTheSchema)
{
    EXPECT_EQ(validate(render_json(samples::apply_that_converged())), 0);
}

TEST(JsonReportTest, EveryModeOfCleanUpMatchesTheSchema)
{
    auto report = samples::plan_in_sync();
    auto orphan = samples::orphaned_in_grace(1, "Gone");
    orphan.change = models::Untag{*orphan.tenant, *orphan.company, {"PSA Customer"}};
    report.plan->drift.push_back(orphan);
    orphan.change = models::DeleteCustomer{
        .tenant = *orphan.tenant, .company = *orphan.company, .name = "Gone", .contacts = 1};
    orphan.blast_radius =
        models::BlastRadius{.tags = 2, .dependents = {{"invoices", 3}}, .unreadable = {"projects"}};
    report.plan->drift.push_back(orphan);
    auto const text = render_json(report);
    EXPECT_EQ(validate(text), 0);
    EXPECT_EQ(json::serialize(json::parse(text).at_pointer("/items/1/blast_radius/dependents")),
              R"([{"table":"invoices","rows":3}])");
}

TEST(JsonReportTest, DryRunMatchesTheSchema)
{
    EXPECT_EQ(validate(render_json(samples::dry_run())), 0);
    EXPECT_EQ(validate(render_json(samples::rehearsal())), 0);
}

TEST(JsonReportTest, ItemsForAPersonCarryTheirCommands)
{
    auto report = samples::plan_in_sync();
    report.command = "link";
    report.plan->drift = {
        {.kind = reconcile::DriftKind::Unlinked, .company = samples::company_id(1)},
        {.kind = reconcile::DriftKind::Unstamped,
         .tenant = samples::tenant_id(2),
         .company = samples::company_id(2),
         .change = models::LinkCompany{samples::tenant_id(2), samples::company_id(2), "Two", {}}}};
    EXPECT_EQ(validate(render_json(report)), 0);
    EXPECT_EQ(
        parsed(report).at_pointer("/items/0/ways_out/0").as_string(),
        "customer-reconcile link TENANT " + samples::company_id(1).str() + " --reason \"...\"");
    EXPECT_EQ(parsed(report).at_pointer("/items/1/change/kind"), "link");
}

TEST(JsonReportTest, AGroupHasEveryRowOnce)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::crowd(1'500, 1'490)};
    auto const text = render_json(report);
    EXPECT_EQ(validate(text), 0);
    auto const item = parsed(report).at_pointer("/items/0");
    EXPECT_EQ(item.at_pointer("/group/tenants").as_array().size(), 1'500U);
    EXPECT_EQ(item.at_pointer("/group/companies/1489/name"), "Trial 1490");
    EXPECT_LT(text.size(), 2'990U * 100);
}

TEST(JsonReportTest, ItemTellsHowOldItIs)
{
    auto const items = parsed(samples::plan_with_every_kind()).at("items");
    EXPECT_EQ(items.at(0).at("seen"), (json::value{{"runs", 3}, {"age_seconds", 49 * 3600}}));
    EXPECT_EQ(items.at(0).at("tenant_age_seconds"), json::value(12 * 86400));
    EXPECT_TRUE(items.at(1).at("seen").is_null());
}

TEST(JsonReportTest, ErrorBeforeTheConnectionMatchesTheSchema)
{
    EXPECT_EQ(validate(render_json(samples::without_connection())), 0);
}

TEST(JsonReportTest, SchemaRefusesWhatItDoesNotName)
{
    auto report = parsed(samples::apply_with_every_outcome());
    report.as_object()["surprise"] = 1;
    EXPECT_EQ(validate(json::serialize(report)), kInvalid);
}

TEST(JsonReportTest, SchemaRefusesAChangeWithoutItsFields)
{
    auto report = parsed(samples::plan_with_every_kind());
    report.at("items").at(0).at("change").as_object().erase("contact");
    EXPECT_EQ(validate(json::serialize(report)), kInvalid);
}

TEST(JsonReportTest, EveryKindOfDriftMatchesTheSchema)
{
    auto report = samples::plan_in_sync();
    for (auto const kind : reconcile::kDriftKinds)
        report.plan->drift.push_back({.kind = kind, .company = samples::company_id(1)});
    EXPECT_EQ(validate(render_json(report)), 0);
}

TEST(JsonReportTest, EveryKindOfChangeMatchesTheSchema)
{
    auto report = samples::plan_in_sync();
    for (auto const& change : models::blank_changes()) {
        report.plan->drift.push_back(samples::missing(1, "Acme"));
        report.plan->drift.back().change = change;
    }
    EXPECT_EQ(validate(render_json(report)), 0);
}

TEST(JsonReportTest, CountsEveryKindAlsoWhereThereIsNone)
{
    auto const report = parsed(samples::plan_in_sync());
    EXPECT_EQ(report.at("drift").as_object().size(), reconcile::kDriftKinds.size());
    EXPECT_EQ(report.at_pointer("/drift/missing/found"), 0);
    EXPECT_EQ(report.at_pointer("/drift/orphaned/held/grace"), 0);
    EXPECT_TRUE(report.at("items").as_array().empty());
    EXPECT_TRUE(report.at("converged").is_null());
}

TEST(JsonReportTest, FoundIsDueAndUndecidedAndHeld)
{
    auto const report = parsed(samples::plan_with_every_kind());
    EXPECT_EQ(json::serialize(report.at_pointer("/drift/orphaned")),
              R"({"found":3,"due":1,"undecided":0,)"
              R"("held":{"report":0,"policy":0,"adoption":0,"grace":2,"waived":0,"guard":0,)"
              R"("plan_file":0,"selection":0}})");
    EXPECT_EQ(report.at_pointer("/drift/duplicate/undecided"), 1);
}

TEST(JsonReportTest, GraceIsDueFromTheTimeOfTheReading)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::orphaned_in_grace(1, "Gone")};
    auto const hold = parsed(report).at("items").at(0).at("hold");
    EXPECT_EQ(hold.at("kind"), "grace");
    EXPECT_EQ(hold.at("due_at"), "2026-10-03T03:00:03Z");  // 49 hours later
}

TEST(JsonReportTest, ItemsCarryWhatBecameOfThem)
{
    auto const report = parsed(samples::apply_with_every_outcome());
    auto const failed = report.at("items").at(1);
    EXPECT_EQ(failed.at_pointer("/change/kind"), "create");
    EXPECT_EQ(failed.at_pointer("/result/outcome"), "failed");
    EXPECT_EQ(failed.at_pointer("/result/sqlstate"), "55P03");
    EXPECT_TRUE(report.at("items").at(2).at("result").is_null()) << "held back";
    EXPECT_EQ(report.at("converged"), false);
    EXPECT_EQ(report.at("exit_code"), 4);
}

TEST(JsonReportTest, TotalsComeFromReceiptsAndNotFromThePlan)
{
    auto const report = parsed(samples::apply_with_every_outcome());
    EXPECT_EQ(
        json::serialize(report.at("totals")),
        R"({"due":8,"applied":4,"already_present":1,"stale":1,"failed":1,"rehearsed":0,"not_reached":1,)"
        R"("rows":{"companies":4,"contacts":2,"tags":1}})");
    EXPECT_EQ(report.at_pointer("/changes/create/applied"), 1);
    EXPECT_EQ(report.at_pointer("/changes/clean_up/not_reached"), 1);
}

TEST(JsonReportTest, RetriesAreCountedForEveryReason)
{
    EXPECT_EQ(json::serialize(parsed(samples::apply_with_every_outcome()).at("retries")),
              R"({"connection_lost":0,"deadlock":2,"serialization_failure":0,"read_only":0,)"
              R"("lock_timeout":0,"statement_timeout":0,"no_resources":0})");
    EXPECT_EQ(parsed(samples::apply_with_every_outcome()).at("connection_failures"), 1);
    EXPECT_EQ(parsed(samples::plan_in_sync()).at_pointer("/retries/connection_lost"), 0);
}

TEST(JsonReportTest, HostileNamesComeBackAsTheyWere)
{
    std::string const name = "a\"b\\c\nd\x1B[31m\u202E\u2028";
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1, name)};
    EXPECT_EQ(parsed(report).at_pointer("/items/0/tenant/name").as_string(), name);
}

TEST(JsonReportTest, BytesThatAreNoUtf8AreReplaced)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1,
                                           "a\xFF"
                                           "b\xC3")};
    EXPECT_EQ(parsed(report).at_pointer("/items/0/tenant/name"), "a\uFFFDb\uFFFD");
}

TEST(JsonReportTest, EachItemHasALineOfItsOwn)
{
    auto report = samples::plan_in_sync();
    auto const lines = std::ranges::count(render_json(report), '\n');
    for (int number = 0; number < 1000; ++number)
        report.plan->drift.push_back(samples::missing(number, "Acme"));
    EXPECT_EQ(std::ranges::count(render_json(report), '\n'), lines + 1001);
}

TEST(JsonReportTest, JournalCountsAreOneObjectOnOneLine)
{
    auto const text = render_counts(samples::apply_with_every_outcome());
    auto const counts = json::parse(text);
    EXPECT_EQ(std::ranges::count(text, '\n'), 0);
    EXPECT_EQ(counts.at_pointer("/changes/create/failed"), 1);
    EXPECT_EQ(counts.at_pointer("/residual/missing/found"), 2);
}

TEST(JsonReportTest, JournalCountsTellWhatIsOnlyCounted)
{
    auto report = samples::apply_with_every_outcome();
    auto const whole = render_counts(report);
    reconcile::cut(*report.residual, 0);
    ASSERT_FALSE(report.residual->counted.empty());
    EXPECT_EQ(render_counts(report), whole);
}

}  // namespace
}  // namespace tracking::job
