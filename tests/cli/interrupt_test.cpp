#include "tests/cli/job_test.hpp"

#include <pqxx/pqxx>

#include <csignal>

namespace tracking::testing {

namespace {

using Settings = std::vector<std::string>;

/// What would end by itself only after the test's own time is over ends because it was cancelled.
class InterruptTest : public JobTest
{
protected:
    void SetUp() override
    {
        for (int n = 1; n <= 4; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
        ASSERT_EQ(init().exit_code, 0);
    }

    /// The journal's receipts of tenant 3 take an hour.
    void stall_in_the_third_batch()
    {
        database.execute(
            "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_sleep(3600); RETURN NULL; END$$;"
            "CREATE TRIGGER stall AFTER INSERT ON customer_reconcile.change"
            " FOR EACH ROW WHEN (NEW.tracked_tenant = '" +
            tenant_id(3) + "') EXECUTE FUNCTION stall()");
    }

    /// Whether a statement of the job waits: for `PgSleep`, or for another's lock.
    bool waits_for(std::string const& event)
    {
        return count(
                   "pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                   " AND '" +
                   event + "' IN (wait_event, wait_event_type)") != "0";
    }

    Ended apply_until(std::function<bool()> const& is_time, Settings const& settings = {},
                      std::string const& dsn = {})
    {
        Settings arguments{"apply",
                           "--yes",
                           "--format=json",
                           "--batch-size=1",
                           "--statement-timeout=1h",
                           "--lock-timeout=1h"};
        arguments.insert(arguments.end(), settings.begin(), settings.end());
        return run_job(arguments,
                       {{"CUSTOMER_RECONCILE_SOURCE_DSN", dsn.empty() ? database.dsn() : dsn}},
                       is_time);
    }

    /// Two batches stand, the third is rolled back, and nobody has to wait for the lease.
    void expect_two_whole_batches(Ended const& ended)
    {
        EXPECT_EQ(ended.exit_code, 6) << ended.err;
        auto const report = parsed(ended);
        EXPECT_EQ(outcome(report), "interrupted");
        EXPECT_EQ(report.at_pointer("/totals/applied"), 2);
        EXPECT_EQ(report.at_pointer("/totals/not_reached"), 2);
        EXPECT_EQ(count("customer_reconcile.change"), "2");
        EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "interrupted");
        EXPECT_EQ(count("customer_reconcile.lease"), "0");
    }
};

TEST_P(InterruptTest, SignalCancelsTheStatementThatRuns)
{
    stall_in_the_third_batch();
    expect_two_whole_batches(apply_until([&] { return waits_for("PgSleep"); }));
}

TEST_P(InterruptTest, SignalCancelsTheStatementThroughAPooler)
{
    stall_in_the_third_batch();
    expect_two_whole_batches(
        apply_until([&] { return waits_for("PgSleep"); }, {}, database.dsn_through_pooler()));
}

TEST_P(InterruptTest, DeadlineCancelsTheStatementThatRuns)
{
    stall_in_the_third_batch();
    auto const ended = apply_until([] { return false; }, {"--deadline=5s"});
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_THAT(ended.err, ::testing::HasSubstr("stopped at the deadline"));
    EXPECT_EQ(count("customer_reconcile.change WHERE outcome = 'failed'"), "0");
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "interrupted");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(InterruptTest, SignalCancelsAWaitForALockOfAWrite)
{
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    auto const name =
        database.value("SELECT {company}_name FROM tenants WHERE tenant = '" + tenant_id(3) + "'");
    holding.exec(database.in_generation(
        "INSERT INTO {companies} (tenant, {company}_id, {company}_name) VALUES ('" + tenant_id(0) +
        "', '" + company_id(3) + "', '" + name + "')"));
    expect_two_whole_batches(apply_until([&] { return waits_for("Lock"); }));
}

TEST_P(InterruptTest, SignalCancelsTheReading)
{
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE users");
    auto const ended = apply_until([&] { return waits_for("Lock"); });
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "interrupted");
}

TEST_BOTH_GENERATIONS(InterruptTest);

}  // namespace

}  // namespace tracking::testing
