#include "tests/cli/job_test.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Five tenants without customers, and a limit of four creates a run.
class GuardTest : public JobTest
{
protected:
    GuardTest()
    {
        for (int n = 1; n <= 5; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
        init();
    }
    ~GuardTest() override { std::filesystem::remove(file_); }

    Ended guarded(std::vector<std::string> arguments) const
    {
        arguments.insert(arguments.end(), {"--format=json", "--guard-create-number=4"});
        return job(arguments);
    }

    /// Saves the plan, and applies it with these options.
    Ended apply_saved(std::vector<std::string> const& options) const
    {
        std::vector<std::string> arguments{"apply", file_, "--yes"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return guarded(arguments);
    }

    /// Two of five tenants are gone, as if the source had answered with a part only.
    void lose_two_tenants()
    {
        auto const two = "('" + tenant_id(1) + "', '" + tenant_id(2) + "')";
        database.execute(
            "SET session_replication_role = replica;"
            "DELETE FROM user_roles WHERE tenant IN " +
            two + "; DELETE FROM tenants WHERE tenant IN " + two);
    }

    void empty_the_source()
    {
        database.execute(
            "SET session_replication_role = replica; DELETE FROM tenants WHERE tenant <> '" +
            tenant_id(0) + "'");
    }

    std::string created()
    {
        return count("{companies} WHERE notes LIKE 'PSA Customer - Tenant: %'");
    }

    std::string file_ = std::filesystem::temp_directory_path() / (database.name() + "-plan.json");
};

TEST_P(GuardTest, TrippedGuardHoldsBackItsKindAndLetsTheRestGo)
{
    world.company({.n = 7, .name = "Tenant 5", .link = tenant_id(5), .tagged = false});
    world.tenant({.n = 6, .name = "Tenant 6", .admin_email = "a6@t.example"});
    auto const applied = guarded({"apply", "--yes"});
    EXPECT_EQ(applied.exit_code, 3) << applied.err;
    EXPECT_EQ(created(), "0");
    EXPECT_EQ(count("tag_mappings WHERE tagged_id = '" + company_id(7) + "'"), "1");
}

TEST_P(GuardTest, PlanEvaluatesTheGuardsToo)
{
    EXPECT_EQ(guarded({"plan"}).exit_code, 3);
    EXPECT_THAT(job({"plan", "--guard-create-number=4"}).out,
                AllOf(HasSubstr("create: 5 are due, the limit is 4"),
                      HasSubstr("--allow create=5 --reason")));
}

TEST_P(GuardTest, AllowanceHoldsForOnePlanFileAndItsExactCount)
{
    guarded({"plan", "--out", file_});
    EXPECT_EQ(apply_saved({"--allow", "create=6", "--reason=first night"}).exit_code, 3);
    EXPECT_EQ(created(), "0");
    guarded({"plan", "--out", file_, "--exclude", tenant_id(5)});
    auto const other = apply_saved({"--allow", "create=5", "--reason=first night"});
    EXPECT_EQ(other.exit_code, 3) << other.err;
    EXPECT_THAT(other.out, HasSubstr("this guard has not tripped (4 changes"));
    EXPECT_EQ(created(), "0") << "refused before anything is written";
}

TEST_P(GuardTest, AnAllowanceThatFitsNoTrippedGuardIsRefusedBeforeAnythingIsWritten)
{
    guarded({"plan", "--out", file_});
    auto const other =
        apply_saved({"--allow", "create=5", "--allow", "cleanup=1", "--reason=first night"});
    EXPECT_EQ(other.exit_code, 3) << other.err;
    EXPECT_THAT(other.out, HasSubstr("--allow cleanup=1: this guard has not tripped"));
    EXPECT_EQ(created(), "0");
    EXPECT_EQ(apply_saved({"--allow", "create=5", "--reason=first night"}).exit_code, 0);
}

TEST_P(GuardTest, AnAllowanceOutlivesItemsThatHaveGoneStale)
{
    job({"plan", "--out", file_, "--guard-create-number=3"});
    database.execute("UPDATE tenants SET {company}_name = 'Renamed' WHERE tenant = '" +
                     tenant_id(2) + "'");
    auto const applied = job(
        {"apply", file_, "--yes", "--format=json", "--allow", "create=5", "--reason=first night"});
    EXPECT_EQ(applied.exit_code, 0) << applied.err << applied.out;
    EXPECT_EQ(created(), "4");
    auto const report = parsed(applied);
    EXPECT_EQ(report.at_pointer("/totals/stale"), 1);
    EXPECT_EQ(report.at_pointer("/totals/applied"), 4);
    EXPECT_EQ(database.value("SELECT counts #>> '{guards,0,due}' FROM customer_reconcile.run"), "4")
        << "what was used, beside what was allowed";
}

TEST_P(GuardTest, ThePrintedCommandWorksAsItIsPrinted)
{
    world.company({.n = 7, .name = "Other", .link = tenant_id(5), .contact_email = "a5@t.example"});
    auto const planned =
        job({"plan", "--guard-create-number=3", "--drift-renamed=apply", "--out", file_});
    EXPECT_EQ(planned.exit_code, 3);
    auto const begin = planned.out.find("apply " + file_);
    ASSERT_NE(begin, std::string::npos) << planned.out;
    std::istringstream words{planned.out.substr(begin, planned.out.find('\n', begin) - begin)};
    std::vector<std::string> command{std::istream_iterator<std::string>{words}, {}};
    command.emplace_back("--yes");  // there is no terminal to ask on
    auto const applied = job(command);
    EXPECT_EQ(applied.exit_code, 0) << applied.err << applied.out;
    EXPECT_EQ(created(), "4");
    EXPECT_EQ(
        count("{companies} WHERE {company}_name = 'Tenant 5' AND tenant = '" + tenant_id(0) + "'"),
        "1")
        << "renamed";
}

TEST_P(GuardTest, AllowedPlanIsAppliedAndTheReasonIsKept)
{
    guarded({"plan", "--out", file_});
    auto const applied = apply_saved({"--allow", "create=5", "--reason=first night"});
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(created(), "5");
    EXPECT_EQ(database.value("SELECT allowances ->> 'reason' FROM customer_reconcile.run"
                             " WHERE plan_digest IS NOT NULL"),
              "first night");
}

TEST_P(GuardTest, RefusedAllowanceDoesNotUseThePlanFileUp)
{
    guarded({"plan", "--out", file_});
    EXPECT_EQ(apply_saved({"--allow", "create=6", "--reason=miscounted"}).exit_code, 3);
    EXPECT_EQ(apply_saved({"--allow", "create=5", "--reason=first night"}).exit_code, 0);
    EXPECT_EQ(created(), "5");
}

TEST_P(GuardTest, APlanFileMayBeAppliedUntilNothingOfItIsLeft)
{
    guarded({"plan", "--out", file_});
    apply_saved({"--allow", "create=5", "--reason=first night"});
    auto const again = apply_saved({"--allow", "create=5", "--reason=again"});
    EXPECT_EQ(again.exit_code, 5);
    auto const report = parsed(again);
    EXPECT_TRUE(report.at("run").is_string()) << "the journal has it";
    EXPECT_EQ(report.at_pointer("/totals/stale"), 5);
    EXPECT_EQ(report.at_pointer("/stale/0/expected/company"), boost::json::value(nullptr))
        << "none without a name";
    EXPECT_EQ(created(), "5");
}

TEST_P(GuardTest, StaleChangesDropOutAndTheRestGoesOn)
{
    job({"plan", "--out", file_});
    database.execute("UPDATE tenants SET {company}_name = 'Renamed' WHERE tenant = '" +
                     tenant_id(2) + "'");
    auto const applied = job({"apply", file_, "--yes"});
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(created(), "4");
    EXPECT_THAT(applied.out, HasSubstr("No longer valid of the plan file (1)"));
}

TEST_P(GuardTest, PlanFileOfWhichNothingIsValidIsStale)
{
    job({"plan", "--out", file_});
    apply();
    EXPECT_EQ(job({"apply", file_, "--yes"}).exit_code, 5);
}

TEST_P(GuardTest, PlanFileAppliesNothingThatIsNotInIt)
{
    job({"plan", "--out", file_});
    world.tenant({.n = 6, .name = "Later", .admin_email = "later@t.example"});
    EXPECT_EQ(job({"apply", file_, "--yes"}).exit_code, 0);
    EXPECT_EQ(created(), "5");
    EXPECT_EQ(found(plan(), "missing"), 1);
}

TEST_P(GuardTest, PlanFileOfAnotherDatabaseIsRefused)
{
    job({"plan", "--out", file_});
    TestDatabase other{GetParam()};
    World{other}.tenant({.n = 1, .name = "Tenant 1", .admin_email = "a1@t.example"});
    std::map<std::string, std::string> const there{{"CUSTOMER_RECONCILE_SOURCE_DSN", other.dsn()}};
    job({"init", "--yes"}, there);
    auto const applied = job({"apply", file_, "--yes"}, there);
    EXPECT_EQ(applied.exit_code, 65);
    EXPECT_THAT(applied.err, HasSubstr("the plan was made for management database"));
}

TEST_P(GuardTest, TruncatedOrEditedPlanFileIsRefusedWithThePlace)
{
    job({"plan", "--out", file_});
    std::ifstream stream{file_};
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    std::ofstream{file_} << text.substr(0, text.size() / 2);
    EXPECT_THAT(job({"apply", file_, "--yes"}).err, HasSubstr("line "));
    text.replace(text.find("Tenant 3"), 8, "Tenant X");
    std::ofstream{file_} << text;
    auto const edited = job({"show", file_});
    EXPECT_EQ(edited.exit_code, 65);
    EXPECT_THAT(edited.err, HasSubstr("was edited"));
}

TEST_P(GuardTest, ShowRendersAPlanFileThatIsStale)
{
    job({"plan", "--out", file_});
    apply();
    auto const shown = job({"show", file_});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("create company \"Tenant 3\""));
}

TEST_P(GuardTest, AllowanceNeedsPlanFileAndReason)
{
    EXPECT_EQ(guarded({"apply", "--yes", "--allow", "create=5", "--reason=x"}).exit_code, 64);
    guarded({"plan", "--out", file_});
    EXPECT_EQ(apply_saved({"--allow", "create=5"}).exit_code, 64);
    EXPECT_EQ(apply_saved({"--allow", "creates=5", "--reason=x"}).exit_code, 64);
}

TEST_P(GuardTest, ShrunkSourceRefusesTheWholeRunAndLeavesTheClocks)
{
    apply();
    lose_two_tenants();
    auto const applied = job({"apply", "--yes", "--grace-runs=1", "--grace-time=0"});
    EXPECT_EQ(applied.exit_code, 3);
    EXPECT_THAT(applied.out, HasSubstr("3 tenants were read"));
    EXPECT_EQ(count("{companies} WHERE is_inactive"), "0");
    EXPECT_EQ(count("customer_reconcile.drift WHERE kind = 'orphaned'"), "0");
}

TEST_P(GuardTest, WhatAnUndoHasCountedDoesNotMakeAShrunkSourceUsual)
{
    apply();
    auto const run = database.value("SELECT run_id FROM customer_reconcile.run");
    lose_two_tenants();
    job({"undo", run, "--yes"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    EXPECT_EQ(database.value("SELECT string_agg(mode || ' ' || COALESCE(tenants_read, 0), ','"
                             " ORDER BY started_at) FROM customer_reconcile.run"),
              "apply 5,undo 0");
    EXPECT_EQ(apply().exit_code, 3);
}

TEST_P(GuardTest, ARunThatIsRefusedByAnotherGuardArmsTheSourceGuard)
{
    EXPECT_EQ(guarded({"apply", "--yes"}).exit_code, 3);
    lose_two_tenants();
    auto const applied = guarded({"apply", "--yes"});
    EXPECT_EQ(applied.exit_code, 3);
    EXPECT_THAT(applied.out, HasSubstr("3 tenants were read"));
    EXPECT_EQ(database.value("SELECT string_agg(COALESCE(tenants_read, 0)::text, ','"
                             " ORDER BY started_at) FROM customer_reconcile.run"),
              "5,0")
        << "a reading that is refused is none";
}

TEST_P(GuardTest, EmptySourceRefusesTheWholeRun)
{
    empty_the_source();
    auto const applied = guarded({"apply", "--yes"});
    EXPECT_EQ(applied.exit_code, 3);
    EXPECT_EQ(parsed(applied).at("refusals").as_array().size(), 1U);
}

TEST_P(GuardTest, ExplainSaysThatWhatWasReadIsInDoubt)
{
    EXPECT_EQ(job({"apply", "--yes"}).exit_code, 0);
    EXPECT_THAT(job({"explain", "Tenant 1"}).out, Not(HasSubstr("in doubt")));
    empty_the_source();
    for (auto const& subject : {std::string{"Tenant 1"}, tenant_id(1)})
        EXPECT_THAT(job({"explain", subject}).out,
                    HasSubstr("in doubt         there are no tenants but the management tenant"));
}

TEST_P(GuardTest, RowSecurityRefusesTheWholeRun)
{
    auto const role = database.name() + "_walled";
    database.execute("CREATE ROLE " + role +
                     " LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role +
                     "; GRANT ALL ON SCHEMA customer_reconcile TO " + role +
                     "; GRANT ALL ON ALL TABLES IN SCHEMA customer_reconcile TO " + role +
                     "; ALTER TABLE tenants ENABLE ROW LEVEL SECURITY"
                     "; CREATE POLICY mine ON tenants USING (tenant = '" +
                     tenant_id(0) + "')");
    auto const planned = job({"plan"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(role)}});
    database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    EXPECT_EQ(planned.exit_code, 3);
    EXPECT_THAT(planned.out, HasSubstr("row security may hide rows of tenants"));
}

TEST_P(GuardTest, SecondRunIsBusyAndNamesTheHolder)
{
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(42) + "', 'node-7', now() + interval '1 minute')");
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 75);
    EXPECT_THAT(applied.err, AllOf(HasSubstr(tenant_id(42)), HasSubstr("node-7")));
    EXPECT_EQ(created(), "0");
}

TEST_P(GuardTest, ExpiredLeaseIsTakenOverAndGivenBack)
{
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(42) + "', 'node-7', now() - interval '1 second')");
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_EQ(created(), "5");
}

TEST_BOTH_GENERATIONS(GuardTest);

}  // namespace

}  // namespace tracking::testing
