#include "job/commands/command_table.hpp"

#include "job/schemas/schemas.hpp"
#include "tests/unit/reference/written_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

namespace tracking::job {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(std::vector<std::string> const& arguments)
{
    try {
        command_of(config::parse_command_line(arguments));
    } catch (config::UsageError const& error) {
        return error.what();
    }
    return "";
}

TEST(CommandTableTest, EveryOptionBelongsToACommand)
{
    auto const unused = config::flags([](std::string_view option) {
        return std::ranges::none_of(commands(),
                                    [&](Command const& command) { return command.uses(option); });
    });
    EXPECT_THAT(unused, ::testing::IsEmpty());
}

TEST(CommandTableTest, EveryNameInTheTableIsAnOption)
{
    auto const everything = config::flags([](std::string_view) { return true; });
    for (auto const& command : commands())
        for (std::string_view group : command.options)
            while (!group.empty()) {
                auto const name = group.substr(0, group.find(' '));
                group.remove_prefix(std::min(name.size() + 1, group.size()));
                auto const flag = config::flag_of(name);
                EXPECT_TRUE(std::ranges::any_of(everything,
                                                [&](std::string const& known) {
                                                    return known == flag ||
                                                           known.starts_with(flag + "-");
                                                }))
                    << command.name << ": " << name;
            }
}

TEST(CommandTableTest, ConnectionsAreConfiguredAlikeWhereverThereAreAny)
{
    for (auto const& command : commands()) {
        if (command.name == "config schema" || command.print)
            continue;
        for (auto const* option :
             {"source.dsn", "management.tenant-id", "connect-timeout", "retry.base", "deadline"})
            EXPECT_TRUE(command.uses(option)) << command.name << " " << option;
    }
}

TEST(CommandTableTest, EveryWritingCommandTakesADryRun)
{
    for (auto const& command : commands()) {
        bool const writes = command.uses("yes") || command.name == "init";
        EXPECT_TRUE(!writes || command.uses("dry-run")) << command.name;
    }
}

TEST(CommandTableTest, WhatACommandDoesNotUseIsRefusedAndItsOwnOptionsAreNamed)
{
    EXPECT_THAT(refusal({"apply", "--print", "--yes"}),
                AllOf(HasSubstr("apply does not use --print."), HasSubstr("--batch-size"),
                      HasSubstr("`customer-reconcile apply --help`")));
    EXPECT_THAT(refusal({"plan", "--prune", "-y", "--allow", "change=5"}),
                HasSubstr("plan does not use --prune, --yes, --allow."));
    EXPECT_THAT(refusal({"apply", "--rehearse", "--yes"}), HasSubstr("--rehearse"));
    EXPECT_THAT(refusal({"history", "--grace-time=3h"}), HasSubstr("--grace-time"));
    EXPECT_THAT(refusal({"link", "a", "b", "--guard-create-ratio=1", "--guard-tenants=0"}),
                AllOf(HasSubstr("--guard-create-ratio."), Not(HasSubstr("--guard-tenants."))));
    EXPECT_EQ(refusal({"plan", "--grace-time=3h", "--report=x.json", "--log-level=info"}), "");
}

TEST(CommandTableTest, FormatsThatACommandCannotPrintAreRefused)
{
    EXPECT_THAT(refusal({"history", "--format", "csv"}),
                HasSubstr("history prints text or json, and not csv"));
    EXPECT_THAT(refusal({"config", "schema", "--format", "text"}),
                HasSubstr("config schema prints json, and not text"));
}

TEST(CommandTableTest, OperandsAreCounted)
{
    EXPECT_THAT(refusal({"link", "Acme"}),
                HasSubstr("link takes TENANT COMPANY, but was given \"Acme\""));
    EXPECT_THAT(refusal({"undo"}), HasSubstr("undo takes RUN, but was given none"));
    EXPECT_THAT(refusal({"plan", "x"}), HasSubstr("plan takes no operand, but was given \"x\""));
    EXPECT_EQ(refusal({"apply"}), "");
    EXPECT_EQ(refusal({"apply", "x.json"}), "");
    EXPECT_THAT(refusal({"apply", "x.json", "y"}), HasSubstr("apply takes [PLANFILE]"));
    EXPECT_EQ(refusal({"config", "show"}), "");
    EXPECT_THAT(refusal({"config", "show", "x"}), HasSubstr("config show takes no operand"));
}

TEST(CommandTableTest, UnknownCommandsNameTheOneMeant)
{
    EXPECT_THAT(refusal({"aply"}), HasSubstr("did you mean \"apply\"?"));
    EXPECT_THAT(refusal({"config", "chek"}), HasSubstr("did you mean \"config check\"?"));
    EXPECT_THAT(refusal({"config"}), HasSubstr("config check, config show, config schema"));
    EXPECT_THAT(refusal({}), HasSubstr("no command given"));
}

TEST(CommandTableTest, HelpOfACommandTellsItsOwnOptionsWithAnExample)
{
    for (auto const& command : commands()) {
        auto const help = command.help();
        EXPECT_THAT(help,
                    AllOf(HasSubstr("example: customer-reconcile " + std::string{command.name}),
                          HasSubstr(command.print ? "--help" : "--log-format")));
    }
    auto const doctor = command_of(config::parse_command_line({"doctor"})).help();
    EXPECT_THAT(doctor, AllOf(HasSubstr("--source-dsn"), Not(HasSubstr("--yes")),
                              Not(HasSubstr("--report"))));
}

/// What the help shows can be typed.
TEST(CommandTableTest, HelpOfSchemaNamesEveryDocument)
{
    auto const help = command_of(config::parse_command_line({"schema", "--help"})).help();
    for (auto const& schema : document_schemas())
        EXPECT_TRUE(std::regex_search(help, std::regex{fmt::format("\\b{}\\b", schema.document)}))
            << schema.document;
}

/// All tests that run the program as a process.
std::string tests_of_the_process()
{
    std::ostringstream text;
    for (auto const& entry : fs::recursive_directory_iterator{REPOSITORY "/tests/cli"})
        if (entry.path().extension() == ".cpp")
            text << text_of(entry.path());
    return text.str();
}

TEST(CommandTableTest, EveryCommandIsRunByATest)
{
    auto const tests = tests_of_the_process();
    for (auto const& command : commands()) {
        auto const words = fmt::format("{{\"{}\"", fmt::join(words_of(command.name), "\", \""));
        auto const in_shell = fmt::format("\"$JOB\" {} ", command.name);
        EXPECT_TRUE(tests.find(words) != tests.npos || tests.find(in_shell) != tests.npos)
            << "no test in tests/cli runs " << command.name;
    }
}

TEST(CommandTableTest, EveryDocumentIsHeldAgainstItsSchemaByATest)
{
    auto const tests = text_of(REPOSITORY "/tests/cli/commands/schema_test.cpp");
    for (auto const& [document, text] : document_schemas())
        EXPECT_NE(tests.find(fmt::format("\"{}\")", document)), tests.npos)
            << "SchemaTest expects no " << document;
}

TEST(CommandTableTest, TheExamplesAreAccepted)
{
    for (auto const& command : commands()) {
        std::vector<std::string> arguments;
        std::string text{command.example.substr(0, command.example.find(" >"))};
        bool is_quoted = false;
        arguments.emplace_back();
        for (char const c : text) {
            if (c == '"')
                is_quoted = !is_quoted;
            else if (c == ' ' && !is_quoted)
                arguments.emplace_back();
            else
                arguments.back() += c;
        }
        EXPECT_EQ(refusal(arguments), "") << command.example;
    }
}

}  // namespace
}  // namespace tracking::job
