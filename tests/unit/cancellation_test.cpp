#include "models/cancellation.hpp"

#include "models/errors.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace tracking::models {
namespace {

using namespace std::chrono_literals;
using ::testing::ThrowsMessage;

struct CountingSession final : Cancellable
{
    void cancel_statement() noexcept override { ++cancelled; }
    int cancelled = 0;
};

struct CancellationTest : ::testing::Test
{
    Cancellation cancellation;
    CountingSession session;
};

TEST_F(CancellationTest, NothingIsStoppedBeforeTheRequest)
{
    EXPECT_FALSE(cancellation.is_requested());
    EXPECT_NO_THROW(cancellation.stop_if_requested());
    EXPECT_NO_THROW(cancellation.wait(1ms));
}

TEST_F(CancellationTest, TheFirstReasonStays)
{
    cancellation.request("a signal");
    cancellation.request("the deadline");
    EXPECT_THAT([&] { cancellation.stop_if_requested(); }, ThrowsMessage<Interrupted>("a signal"));
}

TEST_F(CancellationTest, EverySessionsStatementIsCancelledUntilItsEnd)
{
    cancellation.add(session);
    cancellation.request("a signal");
    cancellation.cancel_statements();
    EXPECT_EQ(session.cancelled, 2);
    cancellation.remove(session);
    cancellation.cancel_statements();
    EXPECT_EQ(session.cancelled, 2);
}

TEST_F(CancellationTest, OnceLiftedStatementsRunAgain)
{
    cancellation.add(session);
    cancellation.request("a signal");
    cancellation.lift();
    cancellation.cancel_statements();
    EXPECT_EQ(session.cancelled, 1);
    EXPECT_NO_THROW(cancellation.stop_if_requested());
    EXPECT_FALSE(cancellation.is_waiting_for_the_end());
    EXPECT_TRUE(cancellation.is_requested());
}

TEST_F(CancellationTest, AWaitEndsWithTheRequest)
{
    std::thread other{[&] { cancellation.request("a signal"); }};
    EXPECT_THAT([&] { cancellation.wait(1h); }, ThrowsMessage<Interrupted>("a signal"));
    other.join();
}

}  // namespace
}  // namespace tracking::models
