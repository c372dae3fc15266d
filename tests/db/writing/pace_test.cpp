#include "models/writing/pace.hpp"

#include <gtest/gtest.h>

namespace tracking::models {

namespace {

using namespace std::chrono_literals;

TEST(PaceTest, ATransactionThatTookTooLongMakesTheNextOnesSmaller)
{
    Pace pace{Pace::kUnlimited};
    pace.note(500, 1s);
    EXPECT_EQ(pace.limit(), 150U);
}

TEST(PaceTest, QuickOnesMakeThemLargerAgainWhereTheyWereFull)
{
    Pace pace{50};
    pace.note(40, 1ms);
    EXPECT_EQ(pace.limit(), 50U);
    pace.note(50, 1ms);
    EXPECT_EQ(pace.limit(), 100U);
}

// At 200 ms a batch of 70 stayed as small as it was, while most of that was a cost of its own.
TEST(PaceTest, WhatLeavesTimeGrowsByWhatWouldFillIt)
{
    Pace pace{70};
    pace.note(70, 200ms);
    EXPECT_EQ(pace.limit(), 105U);
    pace.note(105, 0ms);
    EXPECT_EQ(pace.limit(), 210U);
}

TEST(PaceTest, WhatTakesAboutAsLongAsItMayStaysAsItIs)
{
    Pace pace{50};
    pace.note(50, 300ms);
    EXPECT_EQ(pace.limit(), 50U);
}

TEST(PaceTest, AHandfulIsAlwaysAllowed)
{
    Pace pace{50};
    pace.note(50, 1h);
    EXPECT_EQ(pace.limit(), 16U);
}

}  // namespace

}  // namespace tracking::models
