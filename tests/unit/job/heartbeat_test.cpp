#include "job/run/heartbeat.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <semaphore>

namespace tracking::job {
namespace {

using namespace std::chrono_literals;

constexpr auto kEver = 30s;  // a bound for what is to come at all

TEST(HeartbeatTest, BeatsAgainAndAgain)
{
    std::counting_semaphore<> beats{0};
    Heartbeat const heartbeat{1ms, [&] {
                                  beats.release();
                                  return true;
                              }};
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(beats.try_acquire_for(kEver));
}

TEST(HeartbeatTest, DoesNotBeatBeforeItsInterval)
{
    std::atomic<int> beats = 0;
    {
        Heartbeat const heartbeat{1h, [&] { return ++beats > 0; }};
    }
    EXPECT_EQ(beats, 0);
}

TEST(HeartbeatTest, TriesAgainAfterAQuarterOfItsIntervalAtTheEarliestWhereItFailed)
{
    using Clock = std::chrono::steady_clock;
    std::promise<Clock::time_point> first;
    std::promise<Clock::time_point> second;
    std::atomic<int> beats = 0;
    Heartbeat const heartbeat{400ms, [&] {
                                  auto const now = Clock::now();
                                  if (++beats == 1)
                                      first.set_value(now);
                                  if (beats == 2)
                                      second.set_value(now);
                                  return beats != 1;
                              }};
    auto const failed = first.get_future().get();
    EXPECT_GE(second.get_future().get() - failed, 100ms);
}

TEST(HeartbeatTest, WhatIsPostponedAllTheTimeNeverBeats)
{
    std::atomic<int> beats = 0;
    {
        Heartbeat heartbeat{1h, [&] { return ++beats > 0; }};
        for (int i = 0; i < 1'000; ++i)
            heartbeat.postpone();
    }
    EXPECT_EQ(beats, 0);
}

TEST(HeartbeatTest, EndsWhileItWaits)
{
    auto const ended = std::async(std::launch::async, [] {
        Heartbeat const heartbeat{1h, [] { return true; }};
    });
    EXPECT_EQ(ended.wait_for(kEver), std::future_status::ready);
}

}  // namespace
}  // namespace tracking::job
