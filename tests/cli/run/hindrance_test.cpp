#include "tests/cli/job_test.hpp"

#include <chrono>

namespace tracking::testing {

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Settings = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

/// A machine that refuses what the job needs, or does not answer.
class HindranceTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        ASSERT_EQ(init().exit_code, 0);
    }

    Ended hindered(Settings const& arguments, std::string const& name, std::string const& value,
                   std::string const& dsn)
    {
        return run_job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", dsn},
                                   {"LD_PRELOAD", RECONCILE_HINDRANCE},
                                   {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                   {name, value}});
    }
};

TEST_P(HindranceTest, WithoutThreadsNothingIsBegunAndTheLimitIsNamed)
{
    auto const ended =
        hindered({"apply", "--yes", "--format=json"}, "HINDRANCE_THREADS", "0", database.dsn());
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("ulimit -u"), HasSubstr("unavailable")));
    EXPECT_EQ(outcome(parsed(ended)), "failed");
    EXPECT_EQ(count("customer_reconcile.run"), "0");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(HindranceTest, AJournalThatRefusesTheRunLeavesNoLease)
{
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'refused'; END$$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON customer_reconcile.run_start"
        " FOR EACH ROW EXECUTE FUNCTION refuse()");
    auto const ended = job({"apply", "--yes"});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(HindranceTest, AThreadThatCannotBeHadLaterLeavesNoLease)
{
    for (int threads = 1; threads <= 6; ++threads) {
        SCOPED_TRACE(std::to_string(threads) + " threads");
        auto const ended = hindered({"apply", "--yes"}, "HINDRANCE_THREADS",
                                    std::to_string(threads), database.dsn());
        EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 1) << ended.err;
        EXPECT_EQ(count("customer_reconcile.lease"), "0");
    }
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"
                             " ORDER BY started_at DESC LIMIT 1"),
              "ok");
}

TEST_P(HindranceTest, ALookUpThatHangsIsGivenUp)
{
    auto const start = Clock::now();
    auto const ended = hindered(
        {"plan", "--connect-timeout=1s", "--retry-attempts=2", "--retry-base=10ms"},
        "HINDRANCE_LOOK_UP", "1", "host=somewhere.example port=5432 dbname=none user=nobody");
    EXPECT_EQ(ended.exit_code, 69) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("look-up of the server's name"));
    EXPECT_LT(Clock::now() - start, 30s);
}

TEST_P(HindranceTest, TheDeadlineEndsALookUpThatHangs)
{
    auto const start = Clock::now();
    auto const ended =
        hindered({"plan", "--deadline=1s", "--connect-timeout=5m"}, "HINDRANCE_LOOK_UP", "1",
                 "host=somewhere.example port=5432 dbname=none user=nobody");
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_LT(Clock::now() - start, 11s);
}

TEST_P(HindranceTest, ALookUpOfThePushgatewayThatHangsCostsAWarning)
{
    auto const ended = hindered({"plan", "--format=json", "--metrics-timeout=1s",
                                 "--metrics-pushgateway=http://somewhere.example:9091"},
                                "HINDRANCE_LOOK_UP", "1", database.dsn());
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("no answer within 1000 ms"));
    EXPECT_EQ(outcome(parsed(ended)), "ok");
}

TEST_BOTH_GENERATIONS(HindranceTest);

}  // namespace

}  // namespace tracking::testing
