// Which keys of a company's properties an undo puts back.

#include "reconcile/undo/undo.hpp"
#include "tests/support/worlds/past_changes.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {

namespace {

using builders::PastChanges;

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// An image of a company whose properties are this.
std::string image(std::string const& properties)
{
    return R"({"company": {"name": "A", "properties": )" + properties +
           R"(}, "rows": {"companies": 1}})";
}

models::PastChange changed(std::string const& before, std::string const& after,
                           std::string const& change = "adopt")
{
    return {.time = {},
            .run = {},
            .tenant = {},
            .company = {},
            .change = change,
            .outcome = "applied",
            .reason = {},
            .sqlstate = {},
            .before = image(before),
            .after = image(after)};
}

std::optional<models::Replaced> replaced(PastChanges const& past)
{
    auto const drift = builders::inverse_of(past, Policy{});
    EXPECT_THAT(drift, SizeIs(1));
    return drift.empty() ? std::nullopt
                         : models::as<models::Restore>(drift[0].change.value())->properties;
}

TEST(UndoPropertiesTest, OnlyTheKeysThatARunChangedArePutBack)
{
    EXPECT_EQ(replaced({{changed(R"({"a": 1, "b": 2})", R"({"a": 3, "b": 2, "c": 4})")}, {}}),
              (models::Replaced{.by = R"({"a":3,"c":4})", .was = R"({"a":1})"}));
}

TEST(UndoPropertiesTest, AChangeWhoseImagesLackAKeyDoesNotTakeItAway)
{
    EXPECT_EQ(
        replaced({{changed(R"({"a": 1})", R"({"a": 2})"), changed("{}", "{}", "rename")}, {}}),
        (models::Replaced{.by = R"({"a":2})", .was = R"({"a":1})"}));
}

TEST(UndoPropertiesTest, AKeyThatChangedTwiceGoesBackToTheFirstValue)
{
    EXPECT_EQ(replaced({{changed(R"({"a": 1})", R"({"a": 2})"), changed(R"({"a": 2})", "{}")}, {}}),
              (models::Replaced{.by = "{}", .was = R"({"a":1})"}));
}

TEST(UndoPropertiesTest, AKeyThatAnotherRunHasPutBackIsLeftOut)
{
    auto const run = changed(R"({"a": 1, "b": 1})", R"({"a": 2, "b": 2})");
    auto const undo = changed(R"({"a": 2})", R"({"a": 1})", "restore");
    EXPECT_EQ(replaced({{run}, {{{undo}, {}}}}),
              (models::Replaced{.by = R"({"b":2})", .was = R"({"b":1})"}));
}

TEST(UndoPropertiesTest, ACompanyOfWhichAllKeysArePutBackIsLeftOut)
{
    auto const run = changed("null", R"({"a": 2})");
    auto const undo = changed(R"({"a": 2})", "null", "restore");
    EXPECT_THAT(builders::inverse_of({{run}, {{{undo}, {}}}}, Policy{}), IsEmpty());
}

}  // namespace

}  // namespace tracking::reconcile
