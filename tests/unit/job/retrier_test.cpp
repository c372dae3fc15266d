#include "job/process/retrier.hpp"

#include <gmock/gmock.h>

namespace tracking::job {
namespace {

using namespace std::chrono_literals;
using models::ConnectionLost;
using models::LoginRefused;
using models::StatementFailed;
using ::testing::Throws;
using ::testing::ThrowsMessage;

struct RetrierTest : ::testing::Test
{
    Retries counts;
    Retrier retrier{{.attempts = 3, .base = 1ms, .limit = 1ms}, counts};
    int tries = 0;
    int renewals = 0;

    /// Does what fails so often with `error`.
    auto persist(int failures, auto const& error)
    {
        return retrier.run(
            [&, failures] {
                if (++tries <= failures)
                    throw error;
                return tries;
            },
            [&] { ++renewals; });
    }
};

TEST_F(RetrierTest, ALostConnectionIsRenewedAndTheWorkDoneAgain)
{
    EXPECT_EQ(persist(2, ConnectionLost{"gone"}), 3);
    EXPECT_EQ(renewals, 2);
    EXPECT_EQ(counts[RetryReason::ConnectionLost], 2U);
    EXPECT_EQ(counts.connection_failures, 2U);
}

TEST_F(RetrierTest, ADeadlockNeedsNoNewSession)
{
    EXPECT_EQ(persist(1, StatementFailed{"deadlock", "40P01"}), 2);
    EXPECT_EQ(renewals, 0);
    EXPECT_EQ(counts[RetryReason::Deadlock], 1U);
    EXPECT_EQ(counts.connection_failures, 0U);
}

TEST_F(RetrierTest, TriesAreBounded)
{
    EXPECT_THAT(
        [&] {
            persist(9, StatementFailed{"serialization", "40001"});
        },
        Throws<StatementFailed>());
    EXPECT_EQ(tries, 3);
    EXPECT_EQ(counts[RetryReason::SerializationFailure], 2U);
}

TEST_F(RetrierTest, AServerThatTakesNoWritesIsInTheEndAsGoodAsNone)
{
    EXPECT_THAT(
        [&] {
            persist(9, StatementFailed{"read-only", "25006"});
        },
        ThrowsMessage<ConnectionLost>("the server takes no writes: read-only"));
    EXPECT_EQ(renewals, 2);
    EXPECT_EQ(counts[RetryReason::ReadOnly], 2U);
}

TEST_F(RetrierTest, ALockThatPassesIsWaitedFor)
{
    EXPECT_EQ(persist(2, StatementFailed{"lock timeout", "55P03"}), 3);
    EXPECT_EQ(renewals, 0);
    EXPECT_EQ(counts[RetryReason::LockTimeout], 2U);
}

TEST_F(RetrierTest, AStatementThatTookTooLongIsTriedAgain)
{
    EXPECT_EQ(persist(1, StatementFailed{"statement timeout", "57014"}), 2);
    EXPECT_EQ(counts[RetryReason::StatementTimeout], 1U);
}

TEST_F(RetrierTest, AServerWithoutRoomIsInTheEndAsGoodAsNone)
{
    EXPECT_THAT(
        [&] {
            persist(9, StatementFailed{"disk full", "53100"});
        },
        ThrowsMessage<ConnectionLost>("the server has no room for more: disk full"));
    EXPECT_EQ(counts[RetryReason::NoResources], 2U);
}

TEST_F(RetrierTest, AServerThatWasSilentGetsOneMoreChance)
{
    Retrier patient{{.attempts = 9, .base = 1ms, .limit = 1ms}, counts};
    auto const work = [&] {
        ++tries;
        throw ConnectionLost{"no answer", models::Loss::Silent};
    };
    EXPECT_THROW(patient.run(work, [] {}), ConnectionLost);
    EXPECT_EQ(tries, 2);
}

TEST_F(RetrierTest, WhatWouldFailAgainIsNotTriedAgain)
{
    EXPECT_THAT([&] { persist(9, LoginRefused{"no"}); }, Throws<LoginRefused>());
    EXPECT_THAT([&] { persist(9, models::ConnectionMisconfigured{"no"}); },
                Throws<models::ConnectionMisconfigured>());
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(counts.all(), 0U);
}

TEST_F(RetrierTest, ARenewalThatFailsIsATryToo)
{
    auto const work = [&] {
        ++tries;
        throw ConnectionLost{"gone"};
    };
    EXPECT_THAT([&] { retrier.run(work, [] { throw ConnectionLost{"still gone"}; }); },
                ThrowsMessage<ConnectionLost>("still gone"));
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(counts.connection_failures, 3U);
}

TEST(BackOffTest, TheBoundDoublesUpToTheLimit)
{
    config::Retry const policy{.base = 100ms, .limit = 1s};
    EXPECT_EQ(back_off(policy, 1, 1.0), 100ms);
    EXPECT_EQ(back_off(policy, 2, 1.0), 200ms);
    EXPECT_EQ(back_off(policy, 4, 1.0), 800ms);
    EXPECT_EQ(back_off(policy, 5, 1.0), 1s);
    EXPECT_EQ(back_off(policy, 99, 1.0), 1s);
}

TEST(BackOffTest, AnythingUpToTheBoundMayCome)
{
    config::Retry const policy{.base = 100ms, .limit = 1s};
    EXPECT_EQ(back_off(policy, 3, 0.0), 0ms);
    EXPECT_EQ(back_off(policy, 3, 0.5), 200ms);
}

TEST(BackOffTest, ABaseAboveTheLimitIsTheLimit)
{
    EXPECT_EQ(back_off({.base = 1h, .limit = 1s}, 1, 1.0), 1s);
}

}  // namespace
}  // namespace tracking::job
