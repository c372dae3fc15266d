#include "models/rules/tag_color.hpp"

#include <gtest/gtest.h>

namespace tracking::models {
namespace {

struct Case
{
    std::string text;
    std::int64_t hash;
    std::string background;
};

void PrintTo(Case const& c, std::ostream* out)
{
    *out << '"' << c.text << '"';
}

class TagColorTest : public testing::TestWithParam<Case>
{};

TEST_P(TagColorTest, ComesFromTheTextAsOnThePlatform)
{
    EXPECT_EQ(tag_hash(GetParam().text), GetParam().hash);
    EXPECT_EQ(tag_colors(GetParam().text), (TagColors{GetParam().background, "#2C3E50"}));
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, TagColorTest,
    testing::Values(Case{"PSA Customer", 1691950912, "#BEC5F4"},
                    Case{"AlgaDesk Customer", -6663147712, "#BEC5F4"},
                    Case{"Canceled", -58529607, "#DBF4BE"}, Case{"VIP", 84989, "#F4D8BE"},
                    Case{"psa customer", -2198347008, "#BEF4E9"}, Case{"a", 97, "#D3F4BE"},
                    Case{"Zürich", -1482116162, "#BEF4C0"}, Case{"日本語", 25921943, "#BEF4D3"},
                    Case{"😀", 1772899, "#CFBEF4"},
                    Case{std::string(50, 'z'), 2603990336, "#BEF4F0"},
                    Case{"Server & Network: 24/7 <on-call>", -5152205387, "#BECAF4"}));

}  // namespace
}  // namespace tracking::models
