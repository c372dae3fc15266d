// What an undo that did not take everything back leaves for the next one.

#include "models/rules/json_text.hpp"
#include "reconcile/undo/undo.hpp"
#include "tests/support/worlds/past_changes.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include <utility>

namespace tracking::reconcile {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

models::ContactId contact(std::string const& last)
{
    return models::ContactId::parse("e0000000-0000-4000-8000-00000000000" + last).value();
}

/// A list of contacts, as images have it.
std::string people(std::vector<std::string> const& all)
{
    std::string list;
    for (auto const& one : all)
        list += (list.empty() ? "\"" : ", \"") + contact(one).str() + "\"";
    return "[" + list + "]";
}

models::PastChange past(std::string change, std::string before, std::string after)
{
    return {.time = {},
            .run = {},
            .tenant = {},
            .company = {},
            .change = std::move(change),
            .outcome = "applied",
            .reason = {},
            .sqlstate = {},
            .before = std::move(before),
            .after = std::move(after)};
}

/// A change of the activity of a company and of contacts.
models::PastChange switched(std::string const& change, bool was_inactive, bool is_inactive,
                            std::string const& also_before = "", std::string const& also_after = "")
{
    auto const company = [](bool inactive) {
        return R"({"company": {"name": "A", "is_inactive": )" +
               std::string{inactive ? "true}" : "false}"};
    };
    return past(change, company(was_inactive) + also_before + "}",
                company(is_inactive) + also_after + R"(, "rows": {"companies": 1}})");
}

std::vector<Drift> rest_of(models::PastChange run, models::PastChange undo)
{
    return builders::inverse_of(
        {.changes = {std::move(run)}, .undoers = {{.changes = {std::move(undo)}, .undoers = {}}}},
        Policy{});
}

models::Restore only(std::vector<Drift> const& rest)
{
    EXPECT_THAT(rest, SizeIs(1));
    return rest.empty() ? models::Restore{} : *models::as<models::Restore>(*rest[0].change);
}

TEST(UndoRestTest, ContactsThatAreActiveAgainAreLeftOut)
{
    auto const cleaned_up =
        switched("clean_up", false, true, R"(, "active_contacts": )" + people({"1", "2", "3"}));
    auto const undone =
        switched("restore", true, false, R"(, "inactive_contacts": )" + people({"1", "3"}));
    EXPECT_THAT(only(rest_of(cleaned_up, undone)).deactivated, ElementsAre(contact("2")));
}

TEST(UndoRestTest, ContactsThatAreInactiveAgainAreLeftOut)
{
    auto const reactivated =
        switched("reactivate", true, false, R"(, "inactive_contacts": )" + people({"1", "2"}));
    auto const undone =
        switched("restore", false, true, R"(, "active_contacts": )" + people({"2"}));
    EXPECT_THAT(only(rest_of(reactivated, undone)).activated, ElementsAre(contact("1")));
}

TEST(UndoRestTest, RowsThatWereTakenAwayAreLeftOut)
{
    auto const cleaned_up =
        switched("clean_up", false, true, R"(, "active_contacts": )" + people({"1"}),
                 R"(, "made": {"tag_mappings": [{"mapping_id": "m"}, {"mapping_id": "n"}]})");
    auto const undone =
        switched("restore", true, true, R"(, "rows": {"tag_mappings": [{"mapping_id": "m"}]})");
    auto const rest = only(rest_of(cleaned_up, undone));
    EXPECT_THAT(rest.made, HasSubstr(R"("mapping_id":"n")"));
    EXPECT_THAT(rest.made, Not(HasSubstr(R"("mapping_id":"m")")));
    EXPECT_EQ(rest.was_inactive, std::optional{false});
}

TEST(UndoRestTest, RowsThatWerePutBackAreLeftOut)
{
    auto const untagged = past(
        "untag",
        R"({"company": {"name": "A"}, "tag_mappings": [{"mapping_id": "m"}, {"mapping_id": "n"}]})",
        R"({"company": {"name": "A"}, "rows": {"tags": 2}})");
    auto const undone = past("restore", R"({"company": {"name": "A"}})",
                             R"({"company": {"name": "A"}, "made": {"tag_mappings": )"
                             R"([{"mapping_id": "n"}]}, "rows": {"tags": 1}})");
    auto const rest = only(rest_of(untagged, undone));
    EXPECT_THAT(rest.removed, HasSubstr(R"("mapping_id":"m")"));
    EXPECT_THAT(rest.removed, Not(HasSubstr(R"("mapping_id":"n")")));
}

TEST(UndoRestTest, ColumnsThatTheUndoDidNotTouchAreToBeTakenBackYet)
{
    auto const both = past("rename", R"({"company": {"name": "A", "is_inactive": false}})",
                           R"({"company": {"name": "B", "is_inactive": true}, "rows": {}, )"
                           R"("renamed_profiles": ["b0000000-0000-4000-8000-000000000001"]})");
    auto const undone = past("restore", R"({"company": {"name": "B", "is_inactive": true}})",
                             R"({"company": {"name": "B", "is_inactive": false}, "rows": {}})");
    auto const rest = only(rest_of(both, undone));
    EXPECT_EQ(rest.renamed, (models::ReplacedName{.by = "B", .was = "A"}));
    EXPECT_THAT(rest.renamed_profiles, SizeIs(1));
    EXPECT_EQ(rest.was_inactive, std::nullopt);
}

TEST(UndoRestTest, OfWhatWasTakenBackWholeNothingIsLeft)
{
    auto const cleaned_up =
        switched("clean_up", false, true, R"(, "active_contacts": )" + people({"1"}),
                 R"(, "made": {"tag_mappings": [{"mapping_id": "m"}]})");
    auto const undone = switched("restore", true, false,
                                 R"(, "rows": {"tag_mappings": [{"mapping_id": "m"}]}, )"
                                 R"("inactive_contacts": )" +
                                     people({"1"}));
    EXPECT_THAT(rest_of(cleaned_up, undone), IsEmpty());
}

// The undo itself changed a customer that it had to keep. That does not count as a person's change.
TEST(UndoRestTest, ACustomerThatWasKeptIsExpectedAsTheUndoLeftIt)
{
    auto const created = past(
        "create", "",
        R"({"company": {"name": "A", "is_inactive": false}, "made": {"companies": [{"url": ""}], )"
        R"("contacts": [{"contact_name_id": ")" +
            contact("1").str() + R"("}, {"contact_name_id": ")" + contact("2").str() +
            R"("}], "tag_mappings": [{"mapping_id": "m"}]}, "rows": {"companies": 1}})");
    auto const kept = switched("restore", false, true, R"(, "active_contacts": )" + people({"2"}),
                               R"(, "made": {"tag_mappings": [{"mapping_id": "canceled"}]})");
    auto const rest = only(rest_of(created, kept));
    EXPECT_TRUE(rest.has_made_company);
    auto const made = models::parsed_json(rest.made);
    EXPECT_TRUE(made.at_pointer("/companies/0/is_inactive").as_bool());
    EXPECT_FALSE(made.at_pointer("/contacts/0").as_object().contains("is_inactive"));
    EXPECT_TRUE(made.at_pointer("/contacts/1/is_inactive").as_bool());
    EXPECT_THAT(made.at("tag_mappings").as_array(), SizeIs(2));
}

TEST(UndoRestTest, ADefinitionThatWentOrCameBackIsLeftOut)
{
    std::string const rows = R"({"tag_mappings": [{"mapping_id": "m", "tag_id": "t"}], )"
                             R"("tag_definitions": [{"tag_id": "t"}]})";
    auto const made = past("repair_tag", R"({"company": {"name": "A"}})",
                           R"({"company": {"name": "A"}, "made": )" + rows + R"(, "rows": {}})");
    auto const removed = past("restore", R"({"company": {"name": "A"}, "rows": )" + rows + "}",
                              R"({"company": {"name": "A"}, "rows": {}})");
    auto other = past("rename", R"({"company": {"name": "A"}})",
                      R"({"company": {"name": "B"}, "rows": {}})");
    other.company = models::CompanyId::parse("c0000000-0000-4000-8000-000000000001").value();
    for (auto const& [done, undone] : {std::pair{made, removed}, std::pair{removed, made}}) {
        auto const rest = only(builders::inverse_of(
            {.changes = {done, other}, .undoers = {{.changes = {undone}, .undoers = {}}}},
            Policy{}));
        EXPECT_EQ(rest.made, "");
        EXPECT_EQ(rest.removed, "");
    }
}

TEST(UndoRestTest, ACompanyThatCameBackAndWentAgainIsTakenBack)
{
    auto const deleted =
        past("delete", R"({"company": {"name": "A"}, "rows": {"companies": [{"notes": ""}]}})",
             R"({"company": null, "rows": {"companies": 1}})");
    auto const put_back =
        past("restore", R"({"company": null})",
             R"({"company": {"name": "A"}, "made": {"companies": [{"notes": ""}]}, "rows": {}})");
    EXPECT_THAT(rest_of(deleted, put_back), IsEmpty());
    EXPECT_THAT(rest_of(put_back, deleted), IsEmpty());
}

}  // namespace

}  // namespace tracking::reconcile
