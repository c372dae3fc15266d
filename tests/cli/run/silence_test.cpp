#include "tests/cli/job_test.hpp"
#include "tests/support/servers/proxy.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <pqxx/pqxx>

#include <signal.h>

#include <chrono>
#include <filesystem>

namespace tracking::testing {

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Settings = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

/// How soon a run has ended after a deadline, a signal, or statement-timeout.
constexpr auto kWayOut = 10s;

/// A server that keeps its connections and says nothing. Nothing waits for it for ever, and the job
/// puts in order what it can.
class SilenceTest : public JobTest
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

    void TearDown() override
    {
        if (frozen_ != 0)
            kill(frozen_, SIGCONT);
    }

    /// The server process that waits for that; 0: there is none.
    pid_t process_where(std::string const& waits)
    {
        auto const found = database.rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND " + waits);
        return found.empty() ? 0 : std::stoi(found[0][0]);
    }

    bool freeze_when(std::string const& waits)
    {
        frozen_ = process_where(waits);
        return frozen_ != 0 && kill(frozen_, SIGSTOP) == 0;
    }

    bool is_stalled() { return process_where(kStalled) != 0; }
    bool freeze_when_stalled() { return freeze_when(kStalled); }

    Ended apply_until(std::function<bool()> const& is_time, int signal, Settings const& settings,
                      std::string const& dsn)
    {
        Settings arguments{"apply", "--yes", "--format=json", "--batch-size=1",
                           "--retry-base=10ms"};
        arguments.insert(arguments.end(), settings.begin(), settings.end());
        auto const start = [&] {
            bool const it_is = is_time();
            if (it_is)
                silent_since_ = Clock::now();
            return it_is;
        };
        auto ended = run_job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", dsn}}, start, signal);
        took_ = Clock::now() - silent_since_;
        return ended;
    }

    void expect_two_whole_batches(Ended const& ended, int exit_code, std::string const& outcome)
    {
        EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
        auto const report = parsed(ended);
        EXPECT_EQ(JobTest::outcome(report), outcome);
        EXPECT_EQ(report.at_pointer("/totals/applied"), 2) << ended.err;
        EXPECT_EQ(count("customer_reconcile.change"), "2");
    }

    static constexpr char const* kStalled = "wait_event = 'PgSleep'";

    pid_t frozen_ = 0;
    Clock::time_point silent_since_ = Clock::now();
    Clock::duration took_{};
};

TEST_P(SilenceTest, DeadlineEndsTheWaitForAFrozenServerProcess)
{
    stall_receipts_of(3);
    auto const ended = apply_until([&] { return freeze_when_stalled(); }, 0,
                                   {"--deadline=6s", "--statement-timeout=1h"}, database.dsn());
    expect_two_whole_batches(ended, 6, "interrupted");
    EXPECT_LT(took_, 6s + kWayOut);
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "interrupted");
}

TEST_P(SilenceTest, SignalEndsTheWaitForAFrozenServerProcessBehindAPooler)
{
    stall_receipts_of(3);
    auto const ended = apply_until([&] { return freeze_when_stalled(); }, SIGTERM,
                                   {"--statement-timeout=1h"}, database.dsn_through_pooler());
    expect_two_whole_batches(ended, 6, "interrupted");
    EXPECT_LT(took_, kWayOut);
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "interrupted");
}

TEST_P(SilenceTest, AFrozenServerProcessIsGivenUpWhenItsStatementShouldHaveEnded)
{
    stall_receipts_of(3);
    auto const ended = apply_until([&] { return freeze_when_stalled(); }, 0,
                                   {"--statement-timeout=2s"}, database.dsn());
    expect_two_whole_batches(ended, 69, "unavailable");
    EXPECT_LT(took_, 2s + kWayOut);
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "unavailable");
}

TEST_P(SilenceTest, AReadingWhoseServerProcessFreezesIsDoneAgain)
{
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE users");
    RunningJob job{{"plan", "--statement-timeout=2s", "--lock-timeout=1h", "--retry-base=10ms"},
                   {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}};
    while (!job.has_ended() && !freeze_when("wait_event_type = 'Lock'")) {
    }
    holding.abort();
    auto const ended = job.wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("no answer from the server within 4 s"));
}

TEST_P(SilenceTest, SignalEndsTheWaitForANetworkThatIsSilent)
{
    stall_receipts_of(3);
    Proxy proxy{database.dsn()};
    auto const fall_silent = [&] {
        if (!is_stalled())
            return false;
        proxy.fall_silent();
        return true;
    };
    auto const ended = apply_until(fall_silent, SIGTERM, {"--statement-timeout=1h"}, proxy.dsn());
    expect_two_whole_batches(ended, 6, "interrupted");
    EXPECT_LT(took_, kWayOut);
}

TEST_P(SilenceTest, ASilentNetworkIsGivenUpWhenTheStatementShouldHaveEnded)
{
    stall_receipts_of(3);
    Proxy proxy{database.dsn()};
    auto const fall_silent = [&] {
        if (!is_stalled())
            return false;
        proxy.fall_silent();
        return true;
    };
    auto const ended = apply_until(fall_silent, 0, {"--statement-timeout=2s"}, proxy.dsn());
    expect_two_whole_batches(ended, 69, "unavailable");
    EXPECT_LT(took_, 2s + kWayOut);
}

TEST_P(SilenceTest, SignalEndsAPushThatHangs)
{
    ScriptedServer silent{""};
    TemporaryFolder folder;
    auto const file = folder.path() / "report.json";
    auto const ended =
        apply_until([&] { return !silent.request().empty(); }, SIGTERM,
                    {"--metrics-timeout=5m", "--metrics-pushgateway=http://" + silent.address(),
                     "--report=" + file.string()},
                    database.dsn());
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_LT(took_, kWayOut);
    auto const report = parsed(ended);
    EXPECT_EQ(outcome(report), "interrupted");
    EXPECT_EQ(report.at_pointer("/totals/applied"), 4);
    EXPECT_TRUE(std::filesystem::exists(file));
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "ok");
}

TEST_P(SilenceTest, WhatDoctorHasFoundIsThereWhenItsTimeIsOver)
{
    ScriptedServer silent{""};
    auto const address = silent.address();
    auto const ended = run_job(
        {"doctor", "--deadline=2s"},
        {{"CUSTOMER_RECONCILE_MANAGEMENT_DSN", "host=127.0.0.1 port=1 dbname=none user=nobody"},
         {"CUSTOMER_RECONCILE_SOURCE_DSN",
          "host=127.0.0.1 dbname=none user=nobody port=" + address.substr(address.find(':') + 1)}});
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("FAIL  management"));
}

TEST_BOTH_GENERATIONS(SilenceTest);

}  // namespace

}  // namespace tracking::testing
