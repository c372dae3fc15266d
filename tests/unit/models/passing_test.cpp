#include "models/values/passing.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using testing::ElementsAre;

std::vector<Passed> passed(std::vector<Passing> const& all, std::string const& held = "")
{
    return pass_on(all, [&](std::string const& value) { return value == held; });
}

/// The group of each that is possible, and "-" for each that is not.
std::vector<std::string> groups(std::vector<Passed> const& all)
{
    std::vector<std::string> shown;
    shown.reserve(all.size());
    for (auto const& one : all)
        shown.push_back(one.is_possible ? std::to_string(one.together) : "-");
    return shown;
}

TEST(PassingTest, AFreeValueIsTakenAlone)
{
    EXPECT_THAT(groups(passed({{"a", "b"}, {"c", "d"}})), ElementsAre("0", "1"));
}

TEST(PassingTest, AValueThatSomebodyKeepsIsNotTaken)
{
    EXPECT_THAT(groups(passed({{"a", "b"}}, "b")), ElementsAre("-"));
    EXPECT_THAT(groups(passed({{"a", "b"}, {"b", "b"}})), ElementsAre("-", "1"));
}

TEST(PassingTest, ARingGoesRoundAtOnce)
{
    EXPECT_THAT(groups(passed({{"x", "y"}, {"a", "b"}, {"b", "c"}, {"c", "a"}})),
                ElementsAre("0", "1", "1", "1"));
}

TEST(PassingTest, AChainHangsOnItsLast)
{
    EXPECT_THAT(groups(passed({{"a", "b"}, {"b", "c"}})), ElementsAre("0", "0"));
    EXPECT_THAT(groups(passed({{"a", "b"}, {"b", "c"}}, "c")), ElementsAre("-", "-"));
}

TEST(PassingTest, OfTwoThatWantOneValueTheFirstGetsIt)
{
    EXPECT_THAT(groups(passed({{"a", "c"}, {"b", "c"}})), ElementsAre("0", "-"));
}

}  // namespace
}  // namespace tracking::models
