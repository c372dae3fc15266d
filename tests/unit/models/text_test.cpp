#include "models/rules/text.hpp"

#include <gmock/gmock.h>

#include "models/rules/rule_violation.hpp"

namespace tracking::models {
namespace {

class WhiteSpace : public testing::TestWithParam<char const*>
{};

TEST_P(WhiteSpace, IsTrimmedOnBothSidesAndKeptInside)
{
    std::string const space = GetParam();
    EXPECT_EQ(trim(space + "a" + space + "b" + space), "a" + space + "b");
    EXPECT_TRUE(is_blank(space));
}

INSTANTIATE_TEST_SUITE_P(TextTest, WhiteSpace,
                         testing::Values(" ", "\t", "\n", "\v", "\f", "\r", "\u00A0", "\uFEFF",
                                         "\u1680", "\u2000", "\u200A", "\u2028", "\u2029", "\u202F",
                                         "\u205F", "\u3000"));

TEST(TextTest, ZeroWidthSpaceIsNoWhiteSpace)
{
    EXPECT_EQ(trim("\u200Ba"), "\u200Ba");
    EXPECT_FALSE(is_blank("\u200B"));
}

TEST(TextTest, NothingIsBlank)
{
    EXPECT_TRUE(is_blank(""));
    EXPECT_FALSE(is_blank(" x "));
}

TEST(TextTest, Utf16LengthCountsASurrogatePairAsTwo)
{
    EXPECT_EQ(utf16_length("Zürich"), 6U);
    EXPECT_EQ(utf16_length("日本語"), 3U);
    EXPECT_EQ(utf16_length("😀"), 2U);
    EXPECT_EQ(to_utf16("😀"), u"😀");
}

class BrokenUtf8 : public testing::TestWithParam<std::string>
{};

TEST_P(BrokenUtf8, IsWalkedByteByByteAndKept)
{
    auto const& broken = GetParam();
    EXPECT_EQ(utf16_length(broken), broken.size());
    EXPECT_EQ(trim(" " + broken + " "), broken);
    EXPECT_EQ(normalize_email("A" + broken + "B"), "a" + broken + "b");
    EXPECT_THAT(printable(broken), testing::MatchesRegex(R"((\\x[0-9A-F][0-9A-F])+)"));
}

INSTANTIATE_TEST_SUITE_P(TextTest, BrokenUtf8,
                         testing::Values("\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC0\xAF",
                                         "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF\xFE"));

TEST(TextTest, EmailsAreComparedTrimmedAndInLowerCase)
{
    EXPECT_EQ(normalize_email("  Ada@Example.COM\n"), "ada@example.com");
    EXPECT_EQ(normalize_email("\u00A0ÄÖÜ@ΑΩ.ЖЯ"), "äöü@αω.жя");
    EXPECT_EQ(normalize_email("日本@例.😀"), "日本@例.😀");
}

TEST(TextTest, PrintableEscapesWhatWouldDisturbALine)
{
    EXPECT_EQ(printable("a\tb\nc\x1B[1m"), R"(a\u0009b\u000Ac\u001B[1m)");
    EXPECT_EQ(printable("\u202Eevil\u2028"), R"(\u202Eevil\u2028)");
    EXPECT_EQ(printable("\u2066a\u2067b\u2068c\u2069"), R"(\u2066a\u2067b\u2068c\u2069)");
    EXPECT_EQ(printable("\u200E\u200F\u061C\u202A\u2029"), R"(\u200E\u200F\u061C\u202A\u2029)");
    EXPECT_EQ(printable("\x7F\u0080\u009F"), R"(\u007F\u0080\u009F)");
    EXPECT_EQ(printable("\u200D\u2027\u202F\u2065\u206A\u061D"),
              "\u200D\u2027\u202F\u2065\u206A\u061D");
    EXPECT_EQ(printable("Zürich \"x\" 日本 שלום"), "Zürich \"x\" 日本 שלום");
}

TEST(TextTest, PrintableCutsBetweenCharacters)
{
    EXPECT_EQ(printable("äöü", 3), "äöü");
    EXPECT_EQ(printable("äöüß", 3), "äöü…");
}

TEST(RuleViolationTest, MessageNamesFieldShortenedValueAndRemedy)
{
    RuleViolation const violation{"tag text", std::string(10'000, 'x'), "shorten it"};
    EXPECT_EQ(violation.what(),
              "tag text \"" + std::string(60, 'x') + "…\" is refused: shorten it");
    EXPECT_EQ(violation.value().size(), 10'000U);
}

}  // namespace
}  // namespace tracking::models
