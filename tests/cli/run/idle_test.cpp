// Runs that have nothing to do, and runs that wait for another.

#include "tests/cli/job_test.hpp"

#include <chrono>
#include <csignal>
#include <thread>

namespace tracking::testing {

namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class IdleTest : public JobTest
{
protected:
    /// One tenant, whose customer a first run has made.
    void world_in_sync()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
        EXPECT_EQ(apply().exit_code, 0);
    }

    std::string entries() { return count("customer_reconcile.run"); }

    std::string idle(std::string const& column)
    {
        return database.value("SELECT " + column + " FROM customer_reconcile.idle_run");
    }

    /// Another run is at work, and its lease ends after this time.
    void hold_lease(std::string const& time)
    {
        database.execute(
            "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at)"
            " VALUES ('" +
            tenant_id(0) + "', gen_random_uuid(), 'node-7', now() + interval '" + time + "')");
    }
};

TEST_P(IdleTest, ARunWithNothingToDoIsOnlyCounted)
{
    world_in_sync();
    for (int i = 0; i < 2; ++i) {
        auto const ended = apply();
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        auto const report = parsed(ended);
        EXPECT_TRUE(report.at("converged").as_bool());
        EXPECT_TRUE(report.at("run").is_null());
    }
    EXPECT_EQ(entries(), "1");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_EQ(idle("runs || ' ' || tenants_read"), "2 1");
    EXPECT_THAT(job({"history"}).out, HasSubstr("Nothing to do: 2 runs since "));
    EXPECT_EQ(parsed(job({"history", "--format=json"})).at_pointer("/nothing_to_do/runs"), 2);
}

TEST_P(IdleTest, WhatItLeavesIsNotedAsEver)
{
    world_in_sync();
    world.tenant({.n = 2, .name = "Bolt"});  // it has no admin
    EXPECT_EQ(apply().exit_code, 0);
    auto const before = entries();
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(entries(), before);
    EXPECT_EQ(database.value("SELECT runs_seen FROM customer_reconcile.drift"), "2");
}

TEST_P(IdleTest, ItsReadingArmsTheGuardOfTheSource)
{
    world_in_sync();
    database.execute("DELETE FROM customer_reconcile.run_end");
    EXPECT_EQ(apply().exit_code, 0);
    database.execute("UPDATE customer_reconcile.idle_run SET tenants_read = 100");
    auto const ended = apply();
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_THAT(ended.out, HasSubstr("1 tenants were read"));
}

// Ten runs of one hour would have told the source's guard what is usual.
TEST_P(IdleTest, FrequentRunsThatWriteDoNotSayHowManyTenantsAreUsual)
{
    world_in_sync();
    database.execute(
        "DELETE FROM customer_reconcile.run_end;"
        "INSERT INTO customer_reconcile.run_end (tenant, run_id, ended_at, outcome, counts,"
        " tenants_read) SELECT '" +
        tenant_id(0) +
        "'::uuid, gen_random_uuid(), now() - n * interval '1 day', 'ok', '{}'::jsonb, 100 FROM"
        " generate_series(1, 10) n UNION ALL SELECT '" +
        tenant_id(0) +
        "'::uuid, gen_random_uuid(), now() - n * interval '5 minutes', 'ok',"
        " '{\"notes_drift\": false}'::jsonb, 1 FROM generate_series(1, 10) n");
    auto const ended = apply();
    EXPECT_EQ(ended.exit_code, 3) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("1 tenants were read, the last 10 complete readings saw 100"));
}

TEST_P(IdleTest, ARunThatIsHeldBackHasItsEntry)
{
    world_in_sync();
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    auto const ended = apply({{"CUSTOMER_RECONCILE_GUARD_CREATE_FLOOR", "0"}});
    EXPECT_EQ(ended.exit_code, 3) << ended.out << ended.err;
    EXPECT_EQ(entries(), "2");
}

TEST_P(IdleTest, ARunBeganWhenItTookItsLease)
{
    world_in_sync();
    EXPECT_EQ(database.value("SELECT count(*) FROM customer_reconcile.run r JOIN"
                             " customer_reconcile.change c USING (run_id)"
                             " WHERE r.started_at < c.recorded_at AND r.ended_at > c.recorded_at"),
              "1");
}

// Frequent runs had seen all drift by the night, so that no night found anything new.
TEST_P(IdleTest, ARunThatNotesNoDriftLeavesWhatIsNewAsItWas)
{
    std::map<std::string, std::string> const frequent{
        {"CUSTOMER_RECONCILE_JOURNAL_NOTE_DRIFT", "false"}};
    auto const new_drift = [&] {
        return parsed(job({"plan", "--format=json"})).at_pointer("/items/0/new");
    };
    world_in_sync();
    world.tenant({.n = 2, .name = "Bolt"});  // it has no admin
    world.tenant({.n = 3, .name = "Cask", .admin_email = "cy@cask.example"});
    EXPECT_EQ(apply(frequent).exit_code, 0);  // it creates both
    EXPECT_EQ(apply(frequent).exit_code, 0);  // it has nothing to do
    EXPECT_EQ(count("customer_reconcile.drift"), "0");
    EXPECT_EQ(new_drift(), true);
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(new_drift(), false);
    EXPECT_EQ(apply(frequent).exit_code, 0);
    EXPECT_EQ(new_drift(), false);
    EXPECT_EQ(idle("runs"), "3");
}

TEST_P(IdleTest, WhatIsNewIsSoSinceTheLastRunThatNotedItsDrift)
{
    world_in_sync();
    auto const last_run = [&] {
        return parsed(job({"plan", "--format=json"}))
            .at_pointer("/overview/since_last_run/last_run_ended");
    };
    database.execute("UPDATE customer_reconcile.run_end SET ended_at = '2026-01-01 00:00:00Z'");
    auto const first = last_run();
    EXPECT_EQ(apply({{"CUSTOMER_RECONCILE_JOURNAL_NOTE_DRIFT", "false"}}).exit_code, 0);
    EXPECT_EQ(last_run(), first);
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_NE(last_run(), first);
}

TEST_P(IdleTest, ItWaitsForALeaseAsLongAsItIsToldAndSaysForWhom)
{
    world_in_sync();
    hold_lease("2 seconds");
    auto const at_once = job({"apply", "--yes"});
    EXPECT_EQ(at_once.exit_code, 75);
    EXPECT_THAT(at_once.err, Not(HasSubstr("waits up to")));
    auto const ended = job({"apply", "--yes", "--lease-wait", "30s"});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.err, ContainsRegex("waits up to 30 s for the lease: run .* on node-7"));
}

TEST_P(IdleTest, ASignalEndsTheWait)
{
    world_in_sync();
    hold_lease("1 minute");
    RunningJob job{{"apply", "--yes", "--lease-wait", "1h", "--log-format", "json"},
                   {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}};
    while (!job.has_ended() && job.err_so_far().find("waits up to") == std::string::npos)
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    job.send(SIGTERM);
    auto const ended = job.wait();
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_EQ(entries(), "1");
}

TEST_P(IdleTest, ItEndsWhereTheLeaseIsHeldForLonger)
{
    world_in_sync();
    hold_lease("1 minute");
    auto const ended = job({"apply", "--yes", "--lease-wait", "1s"});
    EXPECT_EQ(ended.exit_code, 75);
    EXPECT_THAT(ended.err + ended.out, HasSubstr("node-7"));
}

TEST_P(IdleTest, ADeadlineEndsTheWait)
{
    world_in_sync();
    hold_lease("1 minute");
    EXPECT_EQ(job({"apply", "--yes", "--lease-wait", "1m", "--deadline", "1s"}).exit_code, 6);
}

TEST_BOTH_GENERATIONS(IdleTest);

}  // namespace

}  // namespace tracking::testing
