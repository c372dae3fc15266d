#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HistoryTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    /// A run without changes, `days` old, as if it had ended with the outcome ('': killed).
    void past_run(int n, int days, std::string const& outcome)
    {
        database.execute(
            "INSERT INTO customer_reconcile.run_start (tenant, run_id, mode, started_at,"
            " executed_by, host, version) VALUES ('" +
            tenant_id(0) + "', '" + tenant_id(n) + "', 'apply', now() - interval '" +
            std::to_string(days) + " days', 'x', 'y', '0')");
        if (!outcome.empty())
            database.execute(
                "INSERT INTO customer_reconcile.run_end (tenant, run_id, ended_at, outcome)"
                " VALUES ('" +
                tenant_id(0) + "', '" + tenant_id(n) + "', now() - interval '" +
                std::to_string(days) + " days', '" + outcome + "')");
    }

    /// A change of it.
    void past_change(int run, int company)
    {
        database.execute(
            "INSERT INTO customer_reconcile.change (tenant, run_id, tracked_tenant, company_id,"
            " change, outcome) VALUES ('" +
            tenant_id(0) + "', '" + tenant_id(run) + "', '" + tenant_id(1) + "', '" +
            company_id(company) + "', 'create', 'applied')");
    }

    std::string runs_kept()
    {
        return database.value(
            "SELECT coalesce(string_agg(right(run_id::text, 3), ',' ORDER BY run_id), '')"
            " FROM customer_reconcile.run WHERE executed_by = 'x'");
    }
};

TEST_P(HistoryTest, ListsRunsNewestFirstWithWhatBecameOfThem)
{
    apply();
    past_run(801, 1, "partial");
    auto const runs = parsed(job({"history", "--format=json"})).at("runs").as_array();
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].at("run"), boost::json::value(latest_run()));
    EXPECT_EQ(runs[0].at("applied"), 1);
    EXPECT_EQ(runs[0].at("ended_as"), "ok");
    EXPECT_EQ(runs[1].at("ended_as"), "partial");
    EXPECT_EQ(parsed(job({"history", "1", "--format=json"})).at("runs").as_array().size(), 1U);
    EXPECT_THAT(job({"history"}).out, AllOf(HasSubstr(latest_run()), HasSubstr("partial")));
}

TEST_P(HistoryTest, RunWithoutEndWasKilledUnlessItsLeaseLasts)
{
    past_run(801, 1, "");
    EXPECT_THAT(job({"history"}).out, HasSubstr("killed"));
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at)"
        " VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(801) + "', 'y', now() + interval '1 minute')");
    EXPECT_THAT(job({"history"}).out, AllOf(HasSubstr("running"), Not(HasSubstr("killed"))));
}

TEST_P(HistoryTest, TellsWhatAPersonAllowedAndWhy)
{
    TemporaryFolder const folder;
    auto const file = (folder.path() / "plan.json").string();
    job({"plan", "--out", file, "--guard-create-number=0", "--guard-create-floor=0",
         "--guard-create-ratio=0"});
    ASSERT_EQ(job({"apply", file, "--yes", "--guard-create-floor=0", "--guard-create-ratio=0",
                   "--allow=create=1", "--reason=reviewed by Grace"})
                  .exit_code,
              0);
    EXPECT_THAT(job({"history"}).out, HasSubstr("reviewed by Grace"));
    EXPECT_THAT(job({"show", latest_run()}).out, HasSubstr("reviewed by Grace"));
}

TEST_P(HistoryTest, AddressesInWhatPeopleWroteAreMaskedUnlessTheyAreWanted)
{
    apply();
    database.execute(
        "UPDATE customer_reconcile.run_start SET executed_by = 'grace@vendor.example',"
        " allowances = '{\"reason\": \"asked by ada@acme.example: row contains (a, b)\","
        " \"selection\": {\"only\": [\"bob@bolt.example\"], \"except\": []}}'");
    auto const words = {"grace@", "ada@", "bob@"};
    for (auto const& command : {std::vector<std::string>{"history"}, {"show", latest_run()}}) {
        for (auto const* const format : {"text", "json"}) {
            auto arguments = command;
            arguments.push_back(std::string{"--format="} + format);
            auto const masked = job(arguments).out;
            EXPECT_THAT(masked, HasSubstr("***@acme.example")) << masked;
            arguments.emplace_back("--personal-data=show");
            auto const shown = job(arguments).out;
            for (auto const* const word : words) {
                EXPECT_THAT(masked, Not(HasSubstr(word)));
                EXPECT_THAT(shown, HasSubstr(word));
            }
        }
    }
    EXPECT_EQ(parsed(job({"history", "--format=json"})).at_pointer("/runs/0/allowances/reason"),
              "asked by ***@acme.example: row contains (***)");
}

TEST_P(HistoryTest, WhatAChangeFailedOfIsExplainedAndShownWithoutTheRowThatTheServerQuotes)
{
    apply();
    database.execute(
        "UPDATE customer_reconcile.change SET outcome = 'failed',"
        " reason = 'DETAIL:  Failing row contains (1, Ada, ada@acme.example'");
    for (auto const& command :
         {std::vector<std::string>{"explain", "Acme"}, {"show", latest_run()}}) {
        for (auto const* const format : {"text", "json"}) {
            auto arguments = command;
            arguments.push_back(std::string{"--format="} + format);
            auto const out = job(arguments).out;
            EXPECT_THAT(out, AllOf(HasSubstr("row contains (***"), Not(HasSubstr("1, Ada"))));
            if (std::string_view{format} == "json") {
                EXPECT_NO_THROW(boost::json::parse(out)) << out;
            }
        }
    }
}

TEST_P(HistoryTest, PastRunIsShownInEveryFormatWithItsChanges)
{
    apply();
    auto const shown = job({"show", latest_run(), "--format=json", "--personal-data=show"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    auto const report = parsed(shown);
    EXPECT_EQ(report.at("command"), "show");
    EXPECT_EQ(report.at("run"), boost::json::value(latest_run()));
    auto const& item = report.at_pointer("/items/0");
    EXPECT_EQ(item.at("kind"), "missing");
    EXPECT_EQ(item.at_pointer("/change/name"), "Acme");
    EXPECT_EQ(item.at_pointer("/change/tag"), "PSA Customer");
    EXPECT_EQ(item.at_pointer("/change/contact/email"), "ada@acme.example");
    EXPECT_EQ(item.at_pointer("/result/outcome"), "applied");
    EXPECT_THAT(job({"show", latest_run().substr(0, 8)}).out,
                HasSubstr("create company \"Acme\" with tag \"PSA Customer\""));
}

TEST_P(HistoryTest, PastRunIsShownWithoutTheTransactionsThatTheJournalDoesNotCount)
{
    EXPECT_THAT(job({"apply", "--yes"}).out, HasSubstr("in 1 transaction; 0 rollbacks."));
    EXPECT_THAT(job({"show", latest_run()}).out,
                HasSubstr("Written: 1 company, 1 contact, 1 tag.\n"));
}

TEST_P(HistoryTest, ChangesThatNoListHasRoomForAreCountedAllTheSame)
{
    for (int n = 2; n <= 5; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    world.company({.n = 61, .name = "Gone", .link = tenant_id(777)});
    world.company({.n = 62, .name = "Gone too", .link = tenant_id(778)});
    apply({{"CUSTOMER_RECONCILE_GRACE_RUNS", "1"}, {"CUSTOMER_RECONCILE_GRACE_TIME", "0"}});
    auto const run = latest_run();
    auto const whole = job({"show", run, "--list-limit=0"}).out;
    auto const short_one = job({"show", run, "--list-limit=1"}).out;
    EXPECT_THAT(short_one, HasSubstr("and 4 more"));
    for (auto const* part : {"done         5 created, 0 changed, 2 cleaned up",
                             "Written: 7 companies, 5 contacts, 7 tags.", "Gone", "Gone too"})
        EXPECT_THAT(short_one, HasSubstr(part)) << whole;

    database.execute("DELETE FROM customer_reconcile.run_end");  // as if it had been killed
    EXPECT_THAT(job({"show", run, "--list-limit=1"}).out,
                HasSubstr("done         5 created, 0 changed, 2 cleaned up"));
}

TEST_P(HistoryTest, ARefusedRunIsShownWithTheCountsGuardsAndOutcomeOfItsOwnReport)
{
    for (int n = 2; n <= 5; ++n)
        world.tenant({.n = n, .name = "Tenant " + std::to_string(n), .admin_email = {}});
    world.company({.n = 61, .name = "Gone", .link = tenant_id(777)});
    world.company({.n = 62, .name = "Nobody"});
    auto const own = parsed(job({"apply", "--yes", "--format=json", "--guard-create-floor=0",
                                 "--guard-create-ratio=0.01"}));
    ASSERT_EQ(own.at("outcome"), "refused");
    auto const ended = job({"show", latest_run(), "--format=json"});
    EXPECT_EQ(ended.exit_code, 0) << "show itself went well";
    auto const shown = parsed(ended);
    for (auto const* key : {"outcome", "exit_code", "overview", "counts", "drift", "guards",
                            "changes", "totals", "converged", "refusals"})
        EXPECT_EQ(shown.at(key), own.at(key)) << key;
    EXPECT_EQ(shown.at_pointer("/residual/drift"), own.at_pointer("/residual/drift"));
    EXPECT_THAT(
        job({"show", latest_run()}).out,
        AllOf(HasSubstr("show: refused (exit code 3): a guard held something back"),
              HasSubstr("held back    5 to create"), HasSubstr("GUARD    create: 5 are due"),
              HasSubstr("orphaned             1")));
}

TEST_P(HistoryTest, RunsOfOlderProgramsAreShownWithWhatTheyNoted)
{
    apply();
    database.execute(
        "UPDATE customer_reconcile.run_end SET counts = counts - 'overview' - 'converged'"
        " - 'refusals'");
    EXPECT_THAT(job({"show", latest_run()}).out,
                AllOf(HasSubstr("done         1 created, 0 changed, 0 cleaned up"),
                      HasSubstr("tenants      1, of which 0 linked")));
    past_run(801, 1, "");
    EXPECT_THAT(
        job({"show", tenant_id(801)}).out,
        AllOf(HasSubstr("failed (exit code 1): it was killed"), Not(HasSubstr("tenants  "))));
}

TEST_P(HistoryTest, ASavedPlanIsShownWithoutCountsThatItDoesNotHold)
{
    TemporaryFolder const folder;
    auto const file = (folder.path() / "plan.json").string();
    job({"plan", "--out", file});
    auto const text = job({"show", file}).out;
    EXPECT_THAT(text, AllOf(HasSubstr("to do        1 to create, 0 to change, 0 to clean up"),
                            HasSubstr("made at"), HasSubstr("1 change saved"),
                            Not(HasSubstr("tenants  ")), Not(HasSubstr("\n  person"))));
    auto const report = parsed(job({"show", file, "--format=json"}));
    EXPECT_TRUE(report.at("counts").is_null());
    EXPECT_TRUE(report.at("drift").is_null());
    EXPECT_EQ(report.at("items").as_array().size(), 1U);
}

TEST_P(HistoryTest, TheJournalKeepsThePersonBesideTheLogin)
{
    ASSERT_EQ(job({"apply", "--yes", "--by=Grace Hopper, OPS-17"}).exit_code, 0);
    auto const run = parsed(job({"history", "1", "--format=json"})).at_pointer("/runs/0");
    EXPECT_EQ(run.at("executed_by"), "Grace Hopper, OPS-17");
    auto const login = std::string{run.at("login").as_string()};
    EXPECT_EQ(login, database.value("SELECT login FROM customer_reconcile.run"));
    auto const actor = HasSubstr("by Grace Hopper, OPS-17 (login " + login + ") on ");
    EXPECT_THAT(job({"history"}).out, actor);
    EXPECT_THAT(job({"show", latest_run()}).out, actor);
}

TEST_P(HistoryTest, WhereTheJournalIsToNameAPersonACommandWithoutOneWritesNothing)
{
    std::map<std::string, std::string> asking{
        {"CUSTOMER_RECONCILE_JOURNAL_REQUIRE_BY", "link,apply"}};
    auto const refused = apply(asking);
    EXPECT_EQ(refused.exit_code, 64);
    EXPECT_THAT(refused.err, HasSubstr("apply needs --by NAME"));
    EXPECT_EQ(count("customer_reconcile.run"), "0");
    EXPECT_EQ(job({"apply", "--dry-run"}, asking).exit_code, 0);
    asking["CUSTOMER_RECONCILE_BY"] = "Grace";
    EXPECT_EQ(apply(asking).exit_code, 0);
}

TEST_P(HistoryTest, PastFailureIsShownWithItsReason)
{
    database.execute("ALTER TABLE {companies} ADD CHECK ({company}_name <> 'Acme') NOT VALID");
    EXPECT_EQ(apply().exit_code, 1);
    auto const result =
        parsed(job({"show", latest_run(), "--format=json"})).at_pointer("/items/0/result");
    EXPECT_EQ(result.at("outcome"), "failed");
    EXPECT_EQ(result.at("sqlstate"), "23514");
    EXPECT_FALSE(result.at("reason").is_null());
}

TEST_P(HistoryTest, UnknownRunIsAnErrorWithTheRemedy)
{
    auto const ended = job({"show", tenant_id(999)});
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, AllOf(HasSubstr(tenant_id(999)), HasSubstr("history")));
}

TEST_P(HistoryTest, SuccessfulApplyForgetsWhatIsOlderThanTheRetention)
{
    past_run(801, 500, "partial");
    past_change(801, 1);
    past_run(802, 300, "partial");
    past_change(802, 1);
    auto const kept = apply();
    EXPECT_EQ(kept.exit_code, 0) << kept.err;
    EXPECT_THAT(kept.out, HasSubstr("grant the role customer_reconcile_pruner"));
    EXPECT_EQ(runs_kept(), "801,802");

    database.execute("GRANT " + roles().pruner() + " TO " + roles().writer());
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_THAT(applied.out, Not(HasSubstr("customer_reconcile_pruner")));
    EXPECT_EQ(runs_kept(), "802");
    EXPECT_EQ(count("customer_reconcile.change WHERE run_id = '" + tenant_id(801) + "'"), "0");
    EXPECT_EQ(parsed(applied).at("pruned_runs"), 1);
}

TEST_P(HistoryTest, RetentionOfZeroForgetsNothing)
{
    past_run(801, 5000, "partial");
    apply({{"CUSTOMER_RECONCILE_JOURNAL_RETENTION", "0"}});
    EXPECT_EQ(runs_kept(), "801");
}

TEST_P(HistoryTest, RunsThatTheSourceGuardLooksAtAreKept)
{
    for (int n = 801; n <= 813; ++n)
        past_run(n, 1300 - n, "refused");
    database.execute("UPDATE customer_reconcile.run_end SET tenants_read = 7 WHERE run_id <> '" +
                     tenant_id(813) + "'");
    auto const pruned = job({"init", "--prune"});
    EXPECT_EQ(pruned.exit_code, 0) << pruned.err;
    EXPECT_EQ(runs_kept(), "803,804,805,806,807,808,809,810,811,812");
    EXPECT_THAT(pruned.out, HasSubstr("Forgot 3 runs"));
}

TEST_P(HistoryTest, OpenRunIsKeptWhileItsLeaseLasts)
{
    past_run(801, 500, "");
    past_run(802, 500, "");
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at)"
        " VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(801) + "', 'y', now() + interval '5 min')");
    job({"init", "--prune"});
    EXPECT_EQ(runs_kept(), "801");
}

TEST_P(HistoryTest, DriftOutlivesTheRunsThatSawIt)
{
    apply({{"CUSTOMER_RECONCILE_DRIFT_MISSING", "report"}});
    database.execute(
        "UPDATE customer_reconcile.run_start SET started_at = now() - interval '500 days';"
        "UPDATE customer_reconcile.run_end SET tenants_read = NULL");
    job({"init", "--prune"});
    EXPECT_EQ(count("customer_reconcile.run"), "0");
    EXPECT_EQ(count("customer_reconcile.drift"), "1");
}

TEST_P(HistoryTest, JournalOfTheFirstVersionIsUpgradedInPlace)
{
    apply();
    database.execute(journal_back_to_version_3() +
                     "DELETE FROM customer_reconcile.version WHERE version > 1;"
                     "ALTER TABLE customer_reconcile.run DROP COLUMN undoes;"
                     "DROP INDEX customer_reconcile.run_by_start");
    EXPECT_EQ(apply().exit_code, 65);
    EXPECT_THAT(job({"explain", "Acme"}).out, HasSubstr("create applied"));
    EXPECT_EQ(init().exit_code, 0);
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(count("customer_reconcile.run"), "1");
    EXPECT_EQ(count("customer_reconcile.idle_run"), "1");
}

TEST_P(HistoryTest, JournalOfANewerVersionIsNamedAsSuch)
{
    apply();
    database.execute("INSERT INTO customer_reconcile.version (version) VALUES (99)");
    EXPECT_THAT(job({"explain", "Acme"}).out,
                AllOf(HasSubstr("the journal is of version 99, made by a newer customer-reconcile"),
                      Not(HasSubstr("knows nothing"))));
}

TEST_P(HistoryTest, WhatIsGoneIsExplainedByItsHistory)
{
    apply();
    auto const company =
        database.value("SELECT company_id FROM customer_reconcile.change WHERE change = 'create'");
    database.execute(
        "SET session_replication_role = replica; DELETE FROM {companies} WHERE "
        "{company}_id = '" +
        company + "'; DELETE FROM tenants WHERE tenant = '" + tenant_id(1) + "'");
    for (auto const& id : {company, tenant_id(1)}) {
        auto const ended = job({"explain", id});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_THAT(ended.out, AllOf(HasSubstr("not there"), HasSubstr("create applied")));
    }
    EXPECT_EQ(job({"explain", tenant_id(2)}).exit_code, 65);
}

TEST_BOTH_GENERATIONS(HistoryTest);

}  // namespace

}  // namespace tracking::testing
