#include "config/sources/command_line.hpp"

#include <gmock/gmock.h>

namespace tracking::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string usage_error(std::vector<std::string> const& arguments)
{
    try {
        parse_command_line(arguments);
    } catch (UsageError const& error) {
        return error.what();
    }
    return "";
}

TEST(CommandLineTest, SortsWordsSettingsAndSwitchesInAnyOrder)
{
    auto const line = parse_command_line({"--policy", "create-only", "apply", "--yes", "plan.json",
                                          "--grace-time=3d", "--config", "job.yaml"});
    EXPECT_THAT(line.words, ElementsAre("apply", "plan.json"));
    EXPECT_THAT(line.settings, ElementsAre(Pair("grace.time", ElementsAre("3d")),
                                           Pair("policy", ElementsAre("create-only"))));
    EXPECT_THAT(line.config, ElementsAre("job.yaml"));
    EXPECT_TRUE(line.yes);
    EXPECT_FALSE(line.print || line.help || line.version);
    EXPECT_THAT(line.detailed_exitcode, IsEmpty());
}

TEST(CommandLineTest, EverySwitchIsTaken)
{
    auto const line = parse_command_line({"--print", "-h", "-v", "-y"});
    EXPECT_TRUE(line.print && line.help && line.version && line.yes);
    EXPECT_TRUE(parse_command_line({"--help"}).help);
    EXPECT_THAT(parse_command_line({}).words, IsEmpty());
}

TEST(CommandLineTest, ASwitchOfASettingMayStandAloneOrHaveAValue)
{
    auto const alone = parse_command_line({"--dry-run", "apply"});
    EXPECT_THAT(alone.words, ElementsAre("apply"));
    EXPECT_THAT(alone.settings, ElementsAre(Pair("dry-run", ElementsAre("true"))));
    EXPECT_THAT(parse_command_line({"--dry-run=false"}).settings,
                ElementsAre(Pair("dry-run", ElementsAre("false"))));
}

TEST(CommandLineTest, AChoiceStandsAloneForItsFirstWordAndTakesNoOtherWord)
{
    auto const alone = parse_command_line({"--detailed-exitcode", "plan"});
    EXPECT_THAT(alone.detailed_exitcode, ElementsAre("any"));
    EXPECT_THAT(alone.words, ElementsAre("plan"));
    EXPECT_THAT(parse_command_line({"--detailed-exitcode=new"}).detailed_exitcode,
                ElementsAre("new"));
    EXPECT_EQ(usage_error({"--detailed-exitcode=newest"}),
              "--detailed-exitcode: \"newest\" is not one of any, new");
    EXPECT_THAT(usage_error({"--detailed-exitcode="}), HasSubstr("--detailed-exitcode"));
}

TEST(CommandLineTest, ListsMayBeRepeated)
{
    EXPECT_THAT(parse_command_line({"--report", "a.json", "--report", "b.txt"}).settings,
                ElementsAre(Pair("report", ElementsAre("a.json", "b.txt"))));
}

TEST(CommandLineTest, AnEmptyValueIsAValue)
{
    EXPECT_THAT(parse_command_line({"--management-dsn", "", "plan"}).settings,
                ElementsAre(Pair("management.dsn", ElementsAre(""))));
}

TEST(CommandLineTest, AfterTwoDashesEverythingIsAWord)
{
    EXPECT_THAT(parse_command_line({"explain", "--", "--policy"}).words,
                ElementsAre("explain", "--policy"));
}

TEST(CommandLineTest, NamesEveryUnknownOptionAndTheOneMeant)
{
    EXPECT_THAT(usage_error({"plan", "--polcy=sync", "--elephant", "-x"}),
                AllOf(HasSubstr("--polcy: no option has this name; did you mean \"--policy\"?\n"),
                      HasSubstr("--elephant: no option has this name; --help lists them\n"),
                      HasSubstr("-x: no option has this name")));
}

TEST(CommandLineTest, AbbreviationsAreUnknownOptions)
{
    EXPECT_THAT(usage_error({"--dry"}), HasSubstr("--dry: no option has this name"));
}

TEST(CommandLineTest, WaiversHaveNoFlag)
{
    EXPECT_THAT(usage_error({"--waivers", "x"}), HasSubstr("--waivers: no option has this name"));
}

TEST(CommandLineTest, GivenTwiceOrWithoutItsValueIsRefused)
{
    EXPECT_EQ(usage_error({"--policy", "sync", "--policy", "create-only"}),
              "--policy: given twice; keep one");
    EXPECT_EQ(usage_error({"--config", "a", "--config", "b"}), "--config: given twice; keep one");
    EXPECT_EQ(usage_error({"--config", ""}), "--config: its value is empty");
    EXPECT_THAT(usage_error({"plan", "--policy"}), HasSubstr("--policy"));
    EXPECT_THAT(usage_error({"--report", "--dry-run"}),
                HasSubstr("--report: its value is missing"));
    EXPECT_EQ(parse_command_line({"--tag-psa=-x"}).settings.at("tag.psa").front(), "-x");
    EXPECT_THAT(usage_error({"--yes=maybe"}), HasSubstr("--yes"));
}

TEST(CommandLineTest, HelpListsSwitchesAndSettings)
{
    EXPECT_THAT(options_help([](std::string_view) { return true; }),
                AllOf(HasSubstr("[ --config ] FILE"), HasSubstr("--detailed-exitcode"),
                      HasSubstr("--grace-time DURATION"),
                      HasSubstr("--drift-contact-missing apply|report|off"),
                      testing::Not(HasSubstr("--waivers"))));
}

}  // namespace
}  // namespace tracking::config
