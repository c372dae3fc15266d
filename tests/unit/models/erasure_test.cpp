#include "models/journal/erasure.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using Piece = Erasure::Piece;
using enum Erasure::Piece::Kind;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string without_ann(std::string text)
{
    Erasure{"ann@acme.example"}.take_out(text);
    return text;
}

TEST(ErasureTest, TakesTheAddressOutInEverySpellingThatIsTheSame)
{
    EXPECT_EQ(without_ann("ANN@Acme.Example is another contact's by now"),
              "forgotten is another contact's by now");
    EXPECT_EQ(without_ann("<ann@acme.example>,ann@acme.example."), "<forgotten>,forgotten.");
    EXPECT_EQ(without_ann("'ann@acme.example'\nÜber -ann@acme.example"),
              "'forgotten'\nÜber -forgotten");
    std::string text{"for \xC3\x84nn@x.example"};
    EXPECT_TRUE(Erasure{" \xC3\xA4nn@X.example\n"}.take_out(text));
    EXPECT_EQ(text, "for forgotten");
}

TEST(ErasureTest, AddressesOfOthersStay)
{
    for (auto const* const other :
         {"joann@acme.example", "jo.ann@acme.example", "jo+ann@acme.example", "ann@acme.example.au",
          "ann@acme.examples", "ann@acme.example-x", "ann", "acme.example"})
        EXPECT_EQ(without_ann(other), other);
}

TEST(ErasureTest, TheSignIsInWhateverHoldsTheAddress)
{
    EXPECT_EQ(Erasure{"Ann@Acme.example"}.sign(), "ann@acme.example");
    EXPECT_EQ(Erasure{"\xC3\x84nn@acme.example"}.sign(), "nn@acme.example")
        << "whatever the server "
           "makes lower case";
    EXPECT_EQ(Erasure{"a\"nn@acme.example"}.sign(), "nn@acme.example") << "JSON escapes the quote";
}

/// What is left of a change's reason and images.
std::vector<Piece> left_of(std::vector<Piece> row)
{
    Erasure ann{"ann@acme.example"};
    ann.learn(row);
    ann.take_out(row);
    return row;
}

TEST(ErasureTest, OfAPersonsContactOnlyIdsAndWhatIsNoTextStay)
{
    auto const row = left_of({{Image, R"({"rows": {"contacts": [
        {"contact_name_id": "00000000-0000-4000-8000-000000000001", "full_name": "Ann Lee",
         "email": "Ann@acme.example", "phones": ["1"], "notes": null, "is_inactive": false},
        {"full_name": "Bob", "email": "bob@acme.example"}]}, "size": 1.10})"}});
    EXPECT_EQ(
        *row[0].text,
        R"({"rows":{"contacts":[{"contact_name_id":"00000000-0000-4000-8000-000000000001",)"
        R"("full_name":"forgotten","email":"forgotten","phones":["forgotten"],)"
        R"("notes":null,"is_inactive":false},{"full_name":"Bob","email":"bob@acme.example"}]},)"
        R"("size":1.10,"forgotten":true})");
}

TEST(ErasureTest, TheNamesGoFromTheWholeRow)
{
    auto const row = left_of(
        {{Text, R"(expected "Ann Lee" with ann@acme.example, found Ann Lee)"},
         {Image,
          R"({"changed_contacts": [{"full_name": "Ann Lee", "email": "old@acme.example"}]})"},
         {Image, R"({"changed_contacts": [{"full_name": "Ann Lee", "email": "ann@acme.example"}],)"
                 R"( "company": {"name": "Ann Lee"}})"}});
    EXPECT_EQ(*row[0].text, R"(expected "forgotten" with forgotten, found forgotten)");
    EXPECT_THAT(*row[1].text,
                AllOf(HasSubstr(R"("full_name":"forgotten")"), HasSubstr("old@acme.example"),
                      HasSubstr(R"("forgotten":true)")));
    EXPECT_THAT(*row[2].text, HasSubstr(R"("company":{"name":"Ann Lee"})"))
        << "names of companies are no personal data";
}

TEST(ErasureTest, ANameOfOneWordIsTakenOnlyFromQuotes)
{
    auto const row = left_of({{Text, R"(a contact "a" with ann@acme.example)"},
                              {Document, R"({"full_name": "a", "email": "ann@acme.example"})"}});
    EXPECT_EQ(*row[0].text, R"(a contact "forgotten" with forgotten)");
}

TEST(ErasureTest, LinesThatAServerAddedGoSinceTheyMayQuoteARow)
{
    auto const row =
        left_of({{Text, "ERROR: refused\nDETAIL: (1, Ann Lee, 555, ann@acme.example)"}});
    EXPECT_EQ(*row[0].text, "ERROR: refused");
}

TEST(ErasureTest, ARowWithoutTheAddressStaysAsItIs)
{
    std::vector<Piece> row{{Text, "\"Ann Lee\"\nx"}, {Text, std::nullopt}, {Image, R"({"a":  1})"}};
    Erasure ann{"ann@acme.example"};
    ann.learn(
        std::vector<Piece>{{Document, R"({"full_name": "Ann Lee", "email": "ann@acme.example"})"}});
    EXPECT_FALSE(ann.learn(row));
    EXPECT_FALSE(ann.take_out(row));
    EXPECT_EQ(*row[0].text, "\"Ann Lee\"\nx");
    EXPECT_EQ(*row[2].text, R"({"a":  1})");
}

TEST(ErasureTest, ReasonsInADocumentLoseTheNameBesideTheAddress)
{
    Erasure ann{"ann@acme.example"};
    ann.learn(
        std::vector<Piece>{{Document, R"({"full_name": "Ann Lee", "email": "ann@acme.example"})"}});
    std::vector<Piece> row{{Document, R"({"reason": "Ann Lee <ann@acme.example> asked"})"}};
    EXPECT_TRUE(ann.take_out(row));
    EXPECT_EQ(*row[0].text, R"({"reason":"forgotten <forgotten> asked"})");
}

}  // namespace
}  // namespace tracking::models
