// What the command table says in other forms: help, completion for shells, the manual page.

#include "tests/support/servers/job_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tracking::testing {
namespace {

using namespace ::testing;

/// What bash offers at the end of a command line, a word a line.
std::string offered(std::string const& words)
{
    return run_shell("source <(\"$JOB\" completion bash); COMP_WORDS=(customer-reconcile " + words +
                         "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _customer_reconcile; "
                         "printf '%s\\n' \"${COMPREPLY[@]}\"",
                     {})
        .out;
}

TEST(UsageTest, BashCompletesCommandsTheirOptionsAndTheWordsThatTheseTake)
{
    EXPECT_EQ(offered("ap"), "apply\n");
    EXPECT_EQ(offered("config s"), "show\nschema\n");
    EXPECT_EQ(offered("plan --rehe"), "--rehearse\n");
    EXPECT_EQ(offered("apply --rehe"), "\n") << "apply does not take it";
    EXPECT_EQ(offered("plan --policy c"), "create-only\n");
    EXPECT_EQ(offered("plan --policy = u"), "upsert-only\n") << "bash parts words at =";
    EXPECT_EQ(offered("completion ''"), "bash\nzsh\nfish\n--help\n--version\n");
}

TEST(UsageTest, BashCompletesFilesWhereAnOptionOrACommandTakesOne)
{
    auto const in_folder = [](std::string const& words) {
        return run_shell(
                   "cd $(mktemp -d) && touch plan.json 'my plan.json' && source <(\"$JOB\" "
                   "completion bash) && "
                   "COMP_WORDS=(customer-reconcile " +
                       words +
                       ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _customer_reconcile; "
                       "printf '%s\\n' \"${COMPREPLY[@]}\"; rm -r \"$PWD\"",
                   {})
            .out;
    };
    EXPECT_EQ(in_folder("apply pl"), "plan.json\n");
    EXPECT_EQ(in_folder("plan --out pl"), "plan.json\n");
    EXPECT_EQ(in_folder("undo pl"), "\n");
    EXPECT_EQ(in_folder("apply my"), "my plan.json\n");
    EXPECT_EQ(in_folder("plan --out my"), "my plan.json\n");
}

TEST(UsageTest, ShellsReadTheirCompletionWithoutAWord)
{
    for (std::string const shell : {"bash", "zsh", "fish"}) {
        auto const read = run_shell(R"(file=$(mktemp) && "$JOB" completion $READER >"$file" &&
                                       HOME=/nonexistent $READER -n "$file"
                                       status=$?; rm "$file"; exit $status)",
                                    {{"READER", shell}});
        EXPECT_EQ(read.exit_code, 0) << shell;
        EXPECT_EQ(read.out + read.err, "") << shell;
    }
    auto const other = run_job({"completion", "tcsh"}, {});
    EXPECT_EQ(other.exit_code, 64);
    EXPECT_THAT(other.err,
                HasSubstr("completion knows no shell \"tcsh\": write one of bash, zsh, fish"));
}

TEST(UsageTest, TheManualIsAPageThatManShowsWithoutAWarning)
{
    auto const page = run_shell(R"("$JOB" manual | groff -man -Tutf8 -ww -P-cbou)", {});
    EXPECT_EQ(page.exit_code, 0);
    EXPECT_EQ(page.err, "");
    EXPECT_THAT(page.out, AllOf(HasSubstr("EXIT STATUS"), HasSubstr("apply plan.json --allow"),
                                HasSubstr("--grace-time DURATION")));
}

TEST(UsageTest, HelpAndVersionAreCommandsTooAndNeedNoConfiguration)
{
    std::map<std::string, std::string> const broken{{"CUSTOMER_RECONCILE_CONFIG", "/nonexistent"}};
    EXPECT_EQ(run_job({"help"}, broken).out, run_job({"--help"}, broken).out);
    EXPECT_EQ(run_job({"help", "config", "show"}, broken).out,
              run_job({"config", "show", "--help"}, broken).out);
    EXPECT_EQ(run_job({"version"}, broken).out, run_job({"--version"}, broken).out);
    EXPECT_EQ(run_job({"help", "aply"}, broken).exit_code, 64);
}

}  // namespace
}  // namespace tracking::testing
