#include "models/rules/json_text.hpp"
#include "models/rules/rule_violation.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

std::string again(std::string const& text)
{
    return json_text(parsed_json(text));
}

TEST(JsonTextsTest, AreVisitedAtEveryDepthWithoutNamesOfMembersAndNumbers)
{
    auto value = parsed_json(R"({"a": "x", "b": [1.10, "y", {"c": "z", "d": null}], "e": true})");
    for_each_text(value, [](json::string& text) { text += "!"; });
    EXPECT_EQ(json_text(value), R"({"a":"x!","b":[1.10,"y!",{"c":"z!","d":null}],"e":true})");
}

class JsonTextTest : public testing::TestWithParam<char const*>
{};

TEST_P(JsonTextTest, IsTheSameAfterReadingAndWriting)
{
    std::string const text = GetParam();
    EXPECT_EQ(again(text), text);
    auto const within = "{\"a\":[" + text + "," + text + "],\"b\":" + text + "}";
    EXPECT_EQ(again(within), within);
}

INSTANTIATE_TEST_SUITE_P(Numbers, JsonTextTest,
                         testing::Values("0", "-0", "0.0", "1.0", "1.10", "-7", "1e400", "1.5E0",
                                         "9223372036854775807", "-9223372036854775808",
                                         "18446744073709551615", "18446744073709551616",
                                         "-9223372036854775809", "12345678901234567890123",
                                         "0.30000000000000000004", "100000000000000000000.01"));

INSTANTIATE_TEST_SUITE_P(Others, JsonTextTest,
                         testing::Values("null", "true", "\"\"", "[]", "{}", "\"1.10\"",
                                         R"("\"1.10")", R"("\\u0000")", R"("\\\"\\u0000")",
                                         R"("q\u0000")", R"("\"\u0000")", R"("\u0001é😀\n")",
                                         R"({"":1.10,"\"":"\\"})"));

TEST(JsonTextTest, NumbersOfManyDigitsToo)
{
    auto const text = "[1" + std::string(100'000, '0') + ".0]";
    EXPECT_EQ(again(text), text);
}

TEST(JsonTextTest, WholeNumbersCanBeCountedWith)
{
    EXPECT_EQ(parsed_json("3").as_int64(), 3);
    EXPECT_EQ(parsed_json("18446744073709551615").as_uint64(), 18446744073709551615U);
}

TEST(JsonTextTest, NumbersAreEqualWhereTheirTextsAre)
{
    EXPECT_EQ(parsed_json("1.10"), parsed_json("1.10"));
    EXPECT_NE(parsed_json("12345678901234567890123"), parsed_json("12345678901234567890124"));
    EXPECT_NE(parsed_json("1.10"), parsed_json("\"1.10\""));
}

TEST(JsonTextTest, NestsAsDeepAsAServerDoes)
{
    auto const nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(again(nested(14'000)), nested(14'000));
    EXPECT_THROW(parsed_json(nested(16'000)), RuleViolation);
    EXPECT_TRUE(read_json(nested(16'000)).error);
}

TEST(JsonTextTest, NoTextIsNull)
{
    EXPECT_TRUE(parsed_json("").is_null());
}

TEST(JsonTextTest, SaysUpToWhereItIsJson)
{
    EXPECT_EQ(read_json("{\"a\": x}").length, 6U);
    EXPECT_EQ(read_json("[1.10").length, 5U);
    EXPECT_TRUE(read_json("").error);
    EXPECT_TRUE(read_json("[] []").error);
}

TEST(JsonTextTest, TakesNoStringForANumber)
{
    EXPECT_TRUE(read_json(R"("\u00001.10")").error);
    EXPECT_TRUE(read_json(R"({"\u00001.10": 1})").error);
}

}  // namespace
}  // namespace tracking::models
