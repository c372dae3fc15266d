#include "tests/unit/config/config_test.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace tracking::config {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Odd input: reading it ends, and each problem says what to do.
class EdgeTest : public ConfigTest
{};

TEST_F(EdgeTest, ACommaWhereNoneCanStandEnds)
{
    for (auto const* yaml : {",", ",,", "\n , a: 1\n", "--- ,", ", a\n"})
        EXPECT_THAT(problems(yaml), ElementsAre(HasSubstr("this is not YAML"))) << yaml;
    EXPECT_THAT(problems("a: ,\n"), Not(IsEmpty()));
}

TEST_F(EdgeTest, EveryTruncationOfAFileEnds)
{
    std::string const yaml =
        "# c\nsource: {dsn: \"host=a\"}\nexclude:\n  - 00000000-0000-4000-8000-000000000001\n"
        "waivers:\n  - &w {item: A, kind: renamed, reason: 'r', until: 2026-01-01}\n  - *w\n"
        "tag:\n  psa: |\n    text\n---\n...\n";
    for (std::size_t length = 0; length <= yaml.size(); ++length)
        problems(yaml.substr(0, length));
}

TEST_F(EdgeTest, EveryShortTextOfIndicatorsEnds)
{
    constexpr std::string_view kIndicators = ",[]{}:-?&*!|>'\"%@#a \n.~<=";
    for (char const first : kIndicators)
        for (char const second : kIndicators)
            for (char const third : {' ', ',', 'a', '\n'})
                problems(std::string{first, second, third});
}

TEST_F(EdgeTest, RandomBytesEnd)
{
    std::mt19937 random{20261128};
    constexpr std::string_view kLikely = ",[]{}:-?&*!|>'\" \n\tab1";
    for (int round = 0; round < 1'000; ++round) {
        std::string text(random() % 40, ' ');
        for (auto& c : text)
            c = random() % 8 == 0 ? static_cast<char>(random())
                                  : kLikely[random() % kLikely.size()];
        problems(text);
    }
}

TEST_F(EdgeTest, BinaryFilesAreNamedWithTheByte)
{
    EXPECT_THAT(
        problems("batch-size: 1\nlist-limit: \x04 2\n"),
        ElementsAre("f:2: this is not YAML: it holds the byte 0x04; write a text in UTF-8"));
    EXPECT_THAT(problems(std::string("\x7f"
                                     "ELF\0\0",
                                     6)),
                ElementsAre(HasSubstr("byte 0x7F")));
    EXPECT_THAT(problems(std::string("b\0a\0", 4)), ElementsAre(HasSubstr("byte 0x00")));
}

TEST_F(EdgeTest, ATabInTheIndentationIsNamed)
{
    EXPECT_THAT(problems("grace:\n\ttime: 3h\n"),
                ElementsAre("f:2: this is not YAML: indent with blanks, not with a tab"));
}

TEST_F(EdgeTest, AFileInLatin1IsRefused)
{
    EXPECT_THAT(
        problems("# c\nenvironment: M\xFCnchen\n"),
        ElementsAre("f:2: this is not YAML: it holds the byte 0xFC; write a text in UTF-8"));
    EXPECT_THAT(problems("\xEF\xBB\xBF"
                         "environment: München 🏢\n"),
                IsEmpty());
}

TEST_F(EdgeTest, NestingHasAnEnd)
{
    for (auto const* unit : {"[", "{a: ", "- ", "? ", "a:\n "}) {
        std::string text;
        for (int i = 0; i < 20'000; ++i)
            text += unit;
        EXPECT_THAT(problems(text), Not(IsEmpty())) << unit;
    }
    EXPECT_THAT(problems("exclude: [[[[[[1]]]]]]\n"), Not(IsEmpty()));
}

TEST_F(EdgeTest, AliasesOfAliasesHaveAnEnd)
{
    std::string yaml = "a: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        auto const former = "*l" + std::to_string(i - 1);
        yaml +=
            std::string(1, static_cast<char>('a' + i)) + ": &l" + std::to_string(i) + " [" + former;
        for (int copy = 1; copy < 10; ++copy)
            yaml += ", " + former;
        yaml += "]\n";
    }
    EXPECT_THAT(problems(yaml), ::testing::Contains(HasSubstr("too many values")));
    EXPECT_THAT(problems("exclude: &e [*e]\n"), ::testing::Contains(HasSubstr("inside of what")));
    auto const shared = load_all(
        "report: [&name a.json, *name]\ntag: {psa: &t A, canceled: C}\n"
        "management: {tenant-name: *t}\n");
    EXPECT_THAT(shared.config.report, SizeIs(2));
    EXPECT_EQ(shared.config.management_tenant_name, "A");
}

TEST_F(EdgeTest, FilesWithoutEndAreRefused)
{
    Problems problems;
    load({"/dev/zero", {}, {}}, problems);
    EXPECT_THROW(problems.raise(), ConfigError);
    EXPECT_THAT(EdgeTest::problems("source: {dsn: host=a, password-file: /dev/zero}\n"),
                ElementsAre(HasSubstr("\"/dev/zero\" is larger than 64 MiB")));
}

TEST_F(EdgeTest, OfThousandsOfProblemsTheFirstAreTold)
{
    std::string yaml = "exclude:\n";
    for (int i = 0; i < 5'000; ++i)
        yaml += "  - no id\n";
    auto const told = problems(yaml);
    EXPECT_THAT(told, SizeIs(201));
    EXPECT_EQ(told.back(), "... and 4800 more problems");
}

TEST_F(EdgeTest, LargeListsAreReadInOnePass)
{
    std::string yaml = "exclude:\n";
    for (int i = 0; i < 250'000; ++i)
        yaml += "  - 00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i) + "\n";
    yaml += "waivers:\n";
    for (int i = 0; i < 100'000; ++i)
        yaml +=
            "  - {item: N" + std::to_string(i) + ", kind: renamed, reason: r, until: 2026-12-31}\n";
    auto const loaded = load_all(yaml);
    EXPECT_THAT(loaded.config.policy.exclude, SizeIs(250'000));
    EXPECT_THAT(loaded.config.policy.waivers, SizeIs(100'000));
}

TEST_F(EdgeTest, ALogIsTextOrJson)
{
    for (auto const* format : {"csv", "html", "markdown", "jsonl"})
        EXPECT_THAT(problems("", {}, {"--log-format", format}),
                    ElementsAre(HasSubstr("is not one of text, json")));
    EXPECT_THAT(problems("", {}, {"--log-format", "json"}), IsEmpty());
}

/// Retention "500ms" was 0 seconds: for ever.
TEST_F(EdgeTest, DurationsThatWouldBeRoundedToNothingAreRefused)
{
    for (auto const* flag : {"--journal-retention", "--minimum-age", "--grace-time"}) {
        for (auto const* value : {"500ms", "1h1ms", "1s500ms"})
            EXPECT_THAT(problems("", {}, {flag, value}), ElementsAre(HasSubstr("whole seconds")))
                << flag << ' ' << value;
        EXPECT_THAT(problems("", {}, {flag, "1s"}), IsEmpty());
        EXPECT_THAT(problems("", {}, {flag, "0"}), IsEmpty());
    }
}

TEST_F(EdgeTest, NumbersThatAreNoneAreRefused)
{
    for (auto const* value : {"nan", "inf", "-0.1", "1e-3", "%", "101%", "0x1"})
        EXPECT_THAT(problems("", {}, {"--guard-create-ratio=" + std::string{value}}), SizeIs(1))
            << value;
    for (auto const* value : {"+1", "-0", "1.0", " 1", "99999999999999999999"})
        EXPECT_THAT(problems("", {}, {"--batch-size=" + std::string{value}}), SizeIs(1)) << value;
}

TEST_F(EdgeTest, TagsThatTheModelsRefuseAreRefusedTogether)
{
    EXPECT_THAT(problems("tag: {psa: Künde, algadesk: \"a|b\", canceled: \"~\"}\n"),
                ElementsAre(StartsWith("f:1: tag.psa: "), StartsWith("f:1: tag.algadesk: "),
                            StartsWith("f:1: tag.canceled: ")));
    EXPECT_THAT(problems("", {{"CUSTOMER_TAG_NAME", std::string(51, 'x')}}), SizeIs(1));
}

TEST_F(EdgeTest, QuotesThatNobodyTookAwayAreRefused)
{
    EXPECT_THAT(
        problems("", {{"CUSTOMER_TAG_NAME", "\"PSA Customer\""},
                      {"CUSTOMER_RECONCILE_TAG_CANCELED", "'Canceled'"},
                      {"CUSTOMER_RECONCILE_MANAGEMENT_TENANT_NAME", "\"Nine Minds\""},
                      {"CUSTOMER_RECONCILE_SOURCE_DSN", "\"host=a password=secret\""}}),
        AllOf(SizeIs(4), Each(AllOf(HasSubstr("between quotes"), Not(HasSubstr("secret"))))));
    EXPECT_THAT(problems("", {{"CUSTOMER_RECONCILE_MANAGEMENT_TENANT_NAME", "The \"A\" Team"}}),
                IsEmpty());
    EXPECT_EQ(load_all("tag: {psa: \"PSA Customer\"}\n").config.policy.tags.at("psa"),
              "PSA Customer");
}

TEST_F(EdgeTest, AWaiversItemIsAnIdInAnySpellingOrANameWithoutBlanksAround)
{
    auto const item = [](std::string const& text) {
        return load_all("waivers: [{item: \"" + text +
                        "\", kind: renamed, reason: r, until: 2026-12-31}]\n")
            .config.policy.waivers.front()
            .item;
    };
    EXPECT_EQ(item(" Acme Ltd  "), "Acme Ltd");
    EXPECT_EQ(item("0A000000-0000-4000-8000-00000000000F"), "0a000000-0000-4000-8000-00000000000f");
    EXPECT_THAT(problems("waivers:\n"
                         "  - {item: 0A000000-0000-4000-8000-000000000001, kind: renamed, reason: "
                         "r, until: 2026-12-31}\n"
                         "  - {item: 0a000000-0000-4000-8000-000000000001, kind: renamed, reason: "
                         "r, until: 2026-12-31}\n"),
                ElementsAre(HasSubstr("is waived twice")));
}

}  // namespace
}  // namespace tracking::config
