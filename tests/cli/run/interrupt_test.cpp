#include "tests/cli/job_test.hpp"

#include <pqxx/pqxx>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace tracking::testing {

namespace {

using Settings = std::vector<std::string>;

/// A port of ours that refuses connections, until somebody listens there.
struct ClosedPort
{
    ClosedPort()
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(fd, generic, size) != 0 || getsockname(fd, generic, &size) != 0)
            throw std::runtime_error{"cannot bind a port"};
        number = ntohs(address.sin_port);
    }
    ~ClosedPort() { close(fd); }
    ClosedPort(ClosedPort const&) = delete;
    ClosedPort& operator=(ClosedPort const&) = delete;

    std::string dsn() const
    {
        return "host=127.0.0.1 dbname=server user=nobody port=" + std::to_string(number);
    }

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int number = 0;
};

/// Each of these would end by itself only after the test's own time. So it ended because it was
/// cancelled.
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

    static void send_when(RunningJob& job, std::function<bool()> const& is_time)
    {
        while (!job.has_ended()) {
            if (is_time()) {
                job.send(SIGTERM);
                return;
            }
        }
    }

    static void expect_interrupted(Ended const& ended)
    {
        EXPECT_EQ(ended.exit_code, 6) << ended.err;
        EXPECT_THAT(ended.err, ::testing::HasSubstr("stopped by SIGTERM"));
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
    stall_receipts_of(3);
    expect_two_whole_batches(apply_until([&] { return waits_for("PgSleep"); }));
}

TEST_P(InterruptTest, SignalCancelsTheStatementThroughAPooler)
{
    stall_receipts_of(3);
    expect_two_whole_batches(
        apply_until([&] { return waits_for("PgSleep"); }, {}, database.dsn_through_pooler()));
}

TEST_P(InterruptTest, DeadlineCancelsTheStatementThatRuns)
{
    stall_receipts_of(3);
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

TEST_P(InterruptTest, SignalCancelsAReadingInTwoSessions)
{
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email)"
        " SELECT md5('many ' || n)::uuid, 'Many ' || n, n || '@many.example'"
        "   FROM generate_series(1, 6000) n; ANALYZE tenants");
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE users");
    auto const ended = apply_until([&] {
        return count(
                   "pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY (%'"
                   " AND wait_event_type = 'Lock'") != "0";
    });
    expect_interrupted(ended);
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(InterruptTest, ATerminalThatGoesAwayEndsTheRunInOrder)
{
    stall_receipts_of(3);
    RunningJob job{{"apply", "--yes", "--statement-timeout=1h"},
                   {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}};
    while (!job.has_ended() && !waits_for("PgSleep")) {
    }
    job.send(SIGHUP);
    auto const ended = job.wait();
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_THAT(ended.err, ::testing::HasSubstr("stopped by SIGHUP"));
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(InterruptTest, UnderNohupARunGoesOnWithoutItsTerminal)
{
    auto const ended = run_shell(
        "trap '' HUP; $JOB apply --yes & while kill -HUP $! 2>/dev/null; do sleep 0.01; done; wait "
        "$!",
        {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(count("customer_reconcile.change"), "4");
}

TEST_P(InterruptTest, SecondSignalEndsTheRunAtOnce)
{
    database.execute(
        "CREATE SEQUENCE cancels;"  // which no rollback turns back
        "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN LOOP BEGIN PERFORM pg_sleep(3600);"
        "         EXCEPTION WHEN query_canceled THEN PERFORM nextval('cancels'); END; END LOOP;"
        "   END$$;"
        "CREATE TRIGGER stall AFTER INSERT ON customer_reconcile.change"
        " FOR EACH ROW EXECUTE FUNCTION stall()");
    RunningJob job{{"apply", "--yes", "--statement-timeout=1h"},
                   {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}};
    send_when(job, [&] { return waits_for("PgSleep"); });
    send_when(job, [&] { return database.value("SELECT is_called FROM cancels") == "t"; });
    EXPECT_EQ(job.wait().exit_code, -SIGTERM);
}

TEST_P(InterruptTest, SignalEndsAConnectionAttemptThatNobodyAnswers)
{
    ClosedPort port;
    ASSERT_EQ(listen(port.fd, 1), 0);
    RunningJob job{{"apply", "--yes", "--connect-timeout=5m"},
                   {{"CUSTOMER_RECONCILE_SOURCE_DSN", port.dsn()}}};
    send_when(job, [&] {
        pollfd calling{port.fd, POLLIN, 0};
        return poll(&calling, 1, 10) == 1;
    });
    expect_interrupted(job.wait());
}

TEST_P(InterruptTest, SignalEndsTheWaitForTheNextTry)
{
    ClosedPort port;
    RunningJob job{{"apply", "--yes", "--retry-base=1h", "--retry-limit=1h"},
                   {{"CUSTOMER_RECONCILE_SOURCE_DSN", port.dsn()}}};
    send_when(job, [&] { return job.err_so_far().find("trying again in") != std::string::npos; });
    expect_interrupted(job.wait());
}

TEST_BOTH_GENERATIONS(InterruptTest);

}  // namespace

}  // namespace tracking::testing
