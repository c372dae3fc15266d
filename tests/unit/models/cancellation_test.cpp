#include "models/pg/cancellation.hpp"

#include "models/values/errors.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace tracking::models {
namespace {

using namespace std::chrono_literals;
using ::testing::ThrowsMessage;

using Clock = Cancellation::Clock;

struct RecordingWay final : Cancellable
{
    void cancel_statement() noexcept override { ++cancelled; }
    void shut() noexcept override { is_shut = true; }
    int cancelled = 0;
    bool is_shut = false;
};

struct CancellationTest : ::testing::Test
{
    Cancellation cancellation;
    RecordingWay way;
    Clock::time_point const start = Clock::now();
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

TEST_F(CancellationTest, WhatIsWaitedForIsCancelledUntilTheWaitIsOver)
{
    {
        Cancellation::Wait const wait{&cancellation, way, start + 1h};
        cancellation.request("a signal");
        cancellation.end_what_is_over();
        EXPECT_EQ(way.cancelled, 2);
    }
    cancellation.end_what_is_over();
    EXPECT_EQ(way.cancelled, 2);
    EXPECT_FALSE(way.is_shut);
}

TEST_F(CancellationTest, AWayThatCancellingDoesNotFreeIsShut)
{
    Cancellation::Wait const wait{&cancellation, way, start + 1h};
    cancellation.request("a signal");
    cancellation.end_what_is_over(Clock::now() + Cancellation::kAsking);
    EXPECT_TRUE(way.is_shut);
}

TEST_F(CancellationTest, AWayIsShutWhenTheWaitsOwnTimeIsOverWithoutAnyRequest)
{
    Cancellation::Wait const wait{&cancellation, way, start + 1h};
    cancellation.end_what_is_over(start + 59min);
    EXPECT_FALSE(way.is_shut);
    cancellation.end_what_is_over(start + 1h);
    EXPECT_TRUE(way.is_shut);
    EXPECT_EQ(way.cancelled, 0);
}

TEST_F(CancellationTest, OnceLiftedStatementsRunAgainForALittleWhile)
{
    cancellation.request("a signal");
    cancellation.lift();
    Cancellation::Wait const wait{&cancellation, way, start + 1h};
    cancellation.end_what_is_over();
    EXPECT_EQ(way.cancelled, 0);
    EXPECT_FALSE(way.is_shut);
    EXPECT_NO_THROW(cancellation.stop_if_requested());
    EXPECT_TRUE(cancellation.is_requested());
    cancellation.end_what_is_over(cancellation.last_moment());
    EXPECT_TRUE(way.is_shut);
}

TEST_F(CancellationTest, AWaitEndsWithTheRequest)
{
    std::thread other{[&] { cancellation.request("a signal"); }};
    EXPECT_THAT([&] { cancellation.wait(1h); }, ThrowsMessage<Interrupted>("a signal"));
    other.join();
}

}  // namespace
}  // namespace tracking::models
