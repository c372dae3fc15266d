#include "models/rules/tag_text.hpp"

#include <gmock/gmock.h>

#include "models/rules/rule_violation.hpp"

namespace tracking::models {
namespace {

using testing::HasSubstr;

/// What checked_tag_text() says against the text; empty if nothing.
std::string refusal(std::string const& text)
{
    try {
        checked_tag_text(text);
        return "";
    } catch (RuleViolation const& violation) {
        return violation.what();
    }
}

TEST(TagTextTest, IsTrimmed)
{
    EXPECT_EQ(checked_tag_text("  padded  "), "padded");
    EXPECT_EQ(checked_tag_text("\u00A0PSA Customer\u00A0"), "PSA Customer");
}

TEST(TagTextTest, MayHaveTabsNewlinesAndCommonPunctuationInside)
{
    EXPECT_EQ(checked_tag_text("a\tb\nc"), "a\tb\nc");
    EXPECT_EQ(checked_tag_text("Server & Network: 24/7 <on-call>"),
              "Server & Network: 24/7 <on-call>");
    EXPECT_EQ(checked_tag_text(R"(!"#$%&'()*+,-./:;<=>?@[]^_{})"),
              R"(!"#$%&'()*+,-./:;<=>?@[]^_{})");
}

TEST(TagTextTest, IsRequired)
{
    EXPECT_THAT(refusal(""), HasSubstr("not only blanks"));
    EXPECT_THAT(refusal(" \t\u00A0"), HasSubstr("not only blanks"));
}

TEST(TagTextTest, HasAtMostFiftyCharactersAfterTrimming)
{
    EXPECT_EQ(refusal(" " + std::string(50, 'x') + " "), "");
    EXPECT_THAT(refusal(std::string(51, 'x')), HasSubstr("shorten it to 50"));
}

class ForbiddenTagText : public testing::TestWithParam<std::string>
{};

TEST_P(ForbiddenTagText, IsRefusedWithTheCharactersToUse)
{
    EXPECT_THAT(refusal(GetParam()), HasSubstr("use ASCII letters"));
}

INSTANTIATE_TEST_SUITE_P(TagTextTest, ForbiddenTagText,
                         testing::Values("Zürich", "a|b", "a`b", "a~b", R"(a\b)", "a😀b", "a–b",
                                         "a\x01z", "a\x7Fz", "a\u00A0z", "a\xFFz",
                                         std::string{"a\0b", 3}));

}  // namespace
}  // namespace tracking::models
