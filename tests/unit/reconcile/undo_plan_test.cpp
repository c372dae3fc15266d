#include "reconcile/guard/guards.hpp"
#include "reconcile/undo/undo.hpp"
#include "tests/support/worlds/past_changes.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {

namespace {

using builders::PastChanges;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

models::UuidBytes bytes_of(std::uint8_t n)
{
    models::UuidBytes bytes{};
    bytes.back() = n;
    return bytes;
}

/// A change of company `n` that was applied.
models::PastChange past(std::uint8_t n, std::string change, std::string before, std::string after)
{
    return {.time = {},
            .run = {},
            .tenant = models::TenantId{bytes_of(n)},
            .company = models::CompanyId{bytes_of(n)},
            .change = std::move(change),
            .outcome = "applied",
            .reason = {},
            .sqlstate = {},
            .before = std::move(before),
            .after = std::move(after)};
}

models::PastChange created(std::uint8_t n, std::string const& also_made = {})
{
    return past(n, "create", "",
                R"({"company": {"name": "A"}, "made": {"companies": [{"url": ""}], )"
                R"("tag_mappings": [{"mapping_id": "m"}])" +
                    also_made + R"(}, "rows": {"companies": 1, "contacts": 0, "tags": 1}})");
}

models::PastChange renamed(std::uint8_t n, std::string const& from, std::string const& to)
{
    return past(n, "rename", R"({"company": {"name": ")" + from + R"("}})",
                R"({"company": {"name": ")" + to +
                    R"("}, "rows": {"companies": 1, "contacts": 0, "tags": 0}})");
}

models::Restore restore_of(Drift const& drift)
{
    return *models::as<models::Restore>(drift.change.value());
}

/// What an undo makes of a creation.
models::PastChange removed(std::uint8_t n)
{
    return past(n, "restore",
                R"({"company": {"name": "A"}, "rows": {"companies": [{"url": ""}], )"
                R"("tag_mappings": [{"mapping_id": "m"}]}})",
                R"({"company": null, "rows": {"companies": 1, "contacts": 0, "tags": 1}})");
}

/// A run of which nothing has been taken back.
std::vector<Drift> inverse_of(std::vector<models::PastChange> changes)
{
    return builders::inverse_of({.changes = std::move(changes), .undoers = {}}, Policy{});
}

std::vector<std::uint8_t> companies_of(PastChanges const& past)
{
    std::vector<std::uint8_t> companies;
    for (auto const& drift : builders::inverse_of(past, Policy{}))
        companies.push_back(drift.company->bytes().back());
    return companies;
}

TEST(InverseOf, FoldsTheChangesOfACompanyIntoOne)
{
    std::vector const changes{renamed(1, "first", "second"), renamed(1, "second", "third")};
    auto const drift = inverse_of(changes);
    ASSERT_THAT(drift, SizeIs(1));
    EXPECT_EQ(drift[0].kind, DriftKind::Undone);
    EXPECT_EQ(restore_of(drift[0]).renamed, (models::ReplacedName{.by = "third", .was = "first"}));
}

TEST(InverseOf, TellsPropertiesThatWereNullFromAJsonNull)
{
    auto const linked = [](std::uint8_t n, std::string const& properties) {
        return past(n, "adopt", R"({"company": {"name": "A")" + properties + "}}",
                    R"({"company": {"name": "A", "properties": {}}, )"
                    R"("rows": {"companies": 1, "contacts": 0, "tags": 0}})");
    };
    std::vector const changes{linked(2, R"(, "properties": null)"), linked(1, "")};
    auto const drift = inverse_of(changes);
    EXPECT_EQ(restore_of(drift[0]).properties, (models::Replaced{.by = "{}", .was = "null"}));
    EXPECT_EQ(restore_of(drift[1]).properties, (models::Replaced{.by = "{}", .was = ""}));
}

TEST(InverseOf, KeepsNumbersOfPropertiesAsTheyAre)
{
    std::string const was = R"({"a":1.10,"b":12345678901234567890123,"c":[1e400]})";
    auto const adopted =
        past(1, "adopt", R"({"company": {"name": "A", "properties": )" + was + "}}",
             R"({"company": {"name": "A", "properties": {}}, "rows": {"companies": 1}})");
    auto const drift = inverse_of(std::vector{adopted});
    EXPECT_EQ(restore_of(drift[0]).properties, (models::Replaced{.by = "{}", .was = was}));
}

TEST(InverseOf, SaysWhichImageCannotBeReadAndGoesOn)
{
    auto const deep = std::string(16'000, '[') + std::string(16'000, ']');
    auto const unreadable =
        past(1, "adopt", R"({"company": {"name": "A", "properties": )" + deep + "}}",
             R"({"company": {"name": "A"}, "rows": {"companies": 1}})");
    auto const drift = inverse_of(std::vector{unreadable, renamed(2, "first", "second")});
    ASSERT_THAT(drift, SizeIs(2));
    EXPECT_TRUE(drift[0].change);
    EXPECT_FALSE(drift[1].change);
    EXPECT_THAT(drift[1].detail, HasSubstr("images of \"adopt\" cannot be read"));
}

TEST(InverseOf, UndoesTheLastFirstAndADefinitionWithTheLastOfTheTags)
{
    std::vector const changes{renamed(1, "a", "b"), created(2),
                              created(3, R"(, "tag_definitions": [{"tag_id": "t"}])"), created(4)};
    std::vector<std::uint8_t> order;
    std::vector<std::uint8_t> with_definition;
    for (auto const& drift : inverse_of(changes)) {
        order.push_back(drift.company->bytes().back());
        if (restore_of(drift).made.find("tag_definitions") != std::string::npos)
            with_definition.push_back(order.back());
    }
    EXPECT_THAT(order, ElementsAre(4, 3, 2, 1));
    EXPECT_THAT(with_definition, ElementsAre(2));
}

TEST(InverseOf, PutsADefinitionBackWithEachTagThatNeedsIt)
{
    auto const untagged = [](std::uint8_t n, std::string const& tag, std::string const& also) {
        return past(n, "restore",
                    R"({"company": {"name": "A"}, "rows": {"tag_mappings": [{"mapping_id": "m", )"
                    R"("tag_id": ")" +
                        tag + R"("}])" + also + "}}",
                    R"({"company": {"name": "A"}, "rows": {"companies": 0, "tags": 1}})");
    };
    std::vector const changes{untagged(1, "t", ""),
                              untagged(2, "u", R"(, "tag_definitions": [{"tag_id": "t"}])"),
                              untagged(3, "t", "")};
    std::vector<std::uint8_t> with_definition;
    for (auto const& drift : inverse_of(changes)) {
        if (restore_of(drift).removed.find("tag_definitions") != std::string::npos)
            with_definition.push_back(drift.company->bytes().back());
    }
    EXPECT_THAT(with_definition, ElementsAre(3, 1));
}

TEST(InverseOf, LeavesOutWhatChangedNothing)
{
    auto stale = renamed(1, "first", "second");
    stale.outcome = "stale";
    EXPECT_THAT(inverse_of(std::vector{stale}), IsEmpty());
}

TEST(InverseOf, LeavesOutWhatAnUndoHasTakenBackAndNotWhatWasDoneAgain)
{
    PastChanges const done_again{.changes = {renamed(1, "first", "second")}, .undoers = {}};
    PastChanges undo{.changes = {renamed(1, "second", "first"), removed(2)}, .undoers = {}};
    PastChanges run{.changes = {renamed(1, "first", "second"), created(2), created(3)},
                    .undoers = {undo}};
    EXPECT_EQ(companies_of(run), (std::vector<std::uint8_t>{3}));
    run.undoers[0].undoers = {done_again};
    EXPECT_EQ(companies_of(run), (std::vector<std::uint8_t>{3, 1}));
}

TEST(InverseOf, OfWhatAnUndoHasLeftSomethingOfHasTheRest)
{
    auto const both = past(1, "clean_up", R"({"company": {"name": "A", "is_inactive": false}})",
                           R"({"company": {"name": "A", "is_inactive": true}, )"
                           R"("made": {"tag_mappings": [{"mapping_id": "m"}]}, )"
                           R"("rows": {"companies": 1, "contacts": 0, "tags": 1}})");
    auto const half = past(1, "restore", R"({"company": {"name": "A", "is_inactive": true}})",
                           R"({"company": {"name": "A", "is_inactive": false}, )"
                           R"("rows": {"companies": 1, "contacts": 0, "tags": 0}})");
    PastChanges const undo{.changes = {half}, .undoers = {}};
    auto const drift = builders::inverse_of({.changes = {both}, .undoers = {undo}}, Policy{});
    ASSERT_THAT(drift, SizeIs(1));
    EXPECT_EQ(restore_of(drift[0]).was_inactive, std::nullopt);
    EXPECT_THAT(restore_of(drift[0]).made, HasSubstr("tag_mappings"));
}

TEST(InverseOf, SaysWhereTheImagesAreNotEnough)
{
    auto const without_image = past(1, "create", "", "");
    auto const without_rows =
        past(2, "repair_tag", R"({"company": {"name": "A"}})",
             R"({"company": {"name": "A"}, "rows": {"companies": 0, "contacts": 0, "tags": 1}})");
    auto const drift = inverse_of(std::vector{without_image, without_rows});
    ASSERT_THAT(drift, SizeIs(2));
    for (auto const& one : drift) {
        EXPECT_FALSE(one.change);
        EXPECT_THAT(one.detail, HasSubstr("cannot be undone: "));
    }
}

TEST(InverseOf, AnObjectionIsNotForgottenForALaterChangeOfTheCompany)
{
    auto const without_rows =
        past(1, "repair_tag", R"({"company": {"name": "A"}})",
             R"({"company": {"name": "A"}, "rows": {"companies": 0, "contacts": 0, "tags": 1}})");
    auto const drift = inverse_of(std::vector{without_rows, renamed(1, "A", "B")});
    ASSERT_THAT(drift, SizeIs(1));
    EXPECT_FALSE(drift[0].change);
    EXPECT_THAT(drift[0].detail, HasSubstr("cannot be undone: "));
}

TEST(InverseOf, OfAReactivationIsACleanUpForTheGuards)
{
    auto const reactivated =
        past(1, "reactivate", R"({"company": {"name": "A", "is_inactive": true}})",
             R"({"company": {"name": "A", "is_inactive": false}, )"
             R"("rows": {"companies": 1, "contacts": 0, "tags": 0}})");
    auto const drift = inverse_of(std::vector{reactivated});
    EXPECT_EQ(restore_of(drift[0]).was_inactive, std::optional{true});
    EXPECT_EQ(guarded_kind_of(*drift[0].change), GuardedKind::Cleanup);
}

TEST(InverseOf, OfADeletionIsACreationForTheGuards)
{
    auto const deleted =
        past(1, "delete", R"({"company": {"name": "A"}, "rows": {"companies": [{"notes": ""}]}})",
             R"({"company": null, "rows": {"companies": 1, "contacts": 0, "tags": 0}})");
    auto const drift = inverse_of(std::vector{deleted});
    EXPECT_TRUE(restore_of(drift[0]).has_removed_company);
    EXPECT_EQ(guarded_kind_of(*drift[0].change), GuardedKind::Create);
}

TEST(InverseTest, ReachTellsWhatItMayComeTo)
{
    auto const deleted =
        past(3, "delete", R"({"company": {"name": "A"}, "rows": {"companies": [{"notes": ""}]}})",
             R"({"company": null, "rows": {"companies": 1, "contacts": 0, "tags": 0}})");
    auto const reach = [](std::vector<models::PastChange> const& changes) {
        builders::Journal const journal{{.changes = changes, .undoers = {}}};
        return Inverse{journal.run, Policy{}, journal.changes()}.reach();
    };
    EXPECT_EQ(reach({}), UndoReach::Columns);
    EXPECT_EQ(reach({past(1, "create", "", "")}), UndoReach::Columns) << "nothing can be done";
    EXPECT_EQ(reach({renamed(1, "a", "b")}), UndoReach::Columns);
    EXPECT_EQ(reach({created(1), renamed(2, "a", "b")}), UndoReach::RemovesRows);
    EXPECT_EQ(reach({created(1), created(2, R"(, "tag_definitions": [{"tag_id": "t"}])")}),
              UndoReach::PutsRowsBack);
    EXPECT_EQ(reach({created(1), deleted}), UndoReach::PutsRowsBack);
}

TEST(InverseOf, OfACreationIsACleanUpForTheGuardsAndOfTheRestAChange)
{
    EXPECT_EQ(guarded_kind_of(*inverse_of(std::vector{created(1)})[0].change),
              GuardedKind::Cleanup);
    EXPECT_EQ(guarded_kind_of(*inverse_of(std::vector{renamed(1, "a", "b")})[0].change),
              GuardedKind::Change);
}

}  // namespace

}  // namespace tracking::reconcile
