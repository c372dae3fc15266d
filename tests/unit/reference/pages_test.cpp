// The pages: those that the program's tables give say what the tables say. This writes them anew:
//
//     WRITE_REFERENCE=1 build/dev/tests/job_tests --gtest_filter='*ReferenceTest*'

#include "config/settings/setting.hpp"
#include "job/commands/command_table.hpp"
#include "job/process/ending.hpp"
#include "job/process/retries.hpp"
#include "job/report/tally.hpp"
#include "job/telemetry/metric_families.hpp"
#include "reconcile/policy/drift_kind.hpp"
#include "tests/unit/reference/written_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <cctype>
#include <filesystem>
#include <regex>
#include <sstream>

namespace tracking::job {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

constexpr auto kHead =
    "<!-- Written from the program's tables by tests/unit/reference/pages_test.cpp. -->\n\n";

std::string code(std::string_view text)
{
    return text.empty() ? "" : fmt::format("`{}`", text);
}

/// A bar would end the cell.
std::string row(Texts cells)
{
    for (auto& cell : cells)
        for (auto bar = cell.find('|'); bar != cell.npos; bar = cell.find('|', bar + 2))
            cell.insert(bar, "\\");
    return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string header(Texts const& titles)
{
    return row(titles) + row(Texts(titles.size(), "---"));
}

// Settings

std::string variables_of(config::Setting const& setting)
{
    Texts names{code(setting.variable())};
    for (auto const& alias : setting.aliases)
        names.push_back(code(alias));
    return fmt::format("{}", fmt::join(names, ", "));
}

Texts cells_of(config::Setting const& setting)
{
    if (setting.form == config::Setting::Form::FileOnly)
        return {code(setting.key), "only in the file", "", code(default_text(setting)),
                setting.help};
    return {code(setting.key), code(setting.flag() + ' ' + setting.placeholder),
            variables_of(setting), code(default_text(setting)), setting.help};
}

std::string settings_page()
{
    std::string page =
        "# Settings\n\nEach is a key of the configuration file, an option, and a variable of the "
        "environment.\nAn option wins over a variable, a variable over the file, and the file "
        "over the default.\n`customer-reconcile.yaml` in the folder above says more about each.\n"
        "[The commands](../../job/commands/REFERENCE.md) say which settings they use.\n\n" +
        header({"key", "option", "variable", "default", "meaning"});
    for (auto const& setting : config::settings())
        page += row(cells_of(setting));
    return page;
}

// Drift

std::string_view word_of(reconcile::Handling handling)
{
    switch (handling) {
        case reconcile::Handling::Apply:
            return "apply";
        case reconcile::Handling::Report:
            return "report";
        case reconcile::Handling::Off:
            break;
    }
    return "off";
}

std::string drift_page()
{
    std::string page =
        "# Kinds of drift\n\n`drift.KIND` sets what is done about a kind: `apply`, `report` or "
        "`off`. "
        "Kinds that are for a\nperson cannot be applied. In the configuration a name has `-` in "
        "place "
        "of `_`.\n\n" +
        header({"kind", "what it is, and what is done", "default", "in a report", "a person can"});
    for (auto const kind : reconcile::kDriftKinds) {
        auto const& drift = reconcile::row_of(kind);
        page += row({code(drift.name), std::string{drift.help}, code(word_of(drift.usual)),
                     std::string{drift.meaning}, std::string{drift.advice}});
    }
    return page;
}

// Commands

/// Every command has these.
bool is_common(std::string_view option)
{
    return option == "help" || option == "version" || option == "config" || option == "log";
}

/// A setting, a whole section of settings, or an option of the invocation.
std::string option_name(std::string const& name)
{
    if (config::find_setting(name))
        return code(name);
    for (auto const& setting : config::settings())
        if (config::section_of(setting.key) == name)
            return code(name + ".*");
    return code(config::flag_of(name));
}

std::string options_of(Command const& command)
{
    Texts names;
    for (auto const group : command.options) {
        std::istringstream words{std::string{group}};
        for (std::string word; words >> word;)
            if (!is_common(word))
                names.push_back(option_name(word));
    }
    return names.empty() ? "none of its own" : fmt::format("{}", fmt::join(names, ", "));
}

std::string formats_of(Command const& command)
{
    Texts words;
    for (auto const& known : config::kFormats)
        if (std::ranges::count(command.formats, known.format) > 0)
            words.push_back(code(known.word));
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string sentence_of(std::string_view summary)
{
    std::string sentence{summary};
    sentence[0] = static_cast<char>(std::toupper(sentence[0]));
    return sentence + '.';
}

std::string section_of(Command const& command)
{
    return fmt::format(
        "## {0}\n\n{1}\n\n    customer-reconcile {0}{2}{3} [OPTION...]\n"
        "    customer-reconcile {4}\n\n{5}{6}- prints: {7}\n- options: {8}\n\n",
        command.name, sentence_of(command.summary), command.operands.empty() ? "" : " ",
        command.operands, command.example, command.details, command.details.empty() ? "" : "\n\n",
        formats_of(command), options_of(command));
}

/// Those that no file and no variable can give, as --help tells them.
std::string invocation_options()
{
    std::istringstream help{config::options_help(
        [](std::string_view option) { return config::find_setting(option) == nullptr; })};
    std::string text;
    std::string line;
    std::getline(help, line);
    while (std::getline(help, line) && !line.empty())
        text += "  " + line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    return text;
}

std::string commands_page()
{
    std::string page =
        "# Commands\n\nEvery command takes `--help`, `--version`, `--config` and `log.*`. A name "
        "without dashes\nis a [setting](../../config/settings/REFERENCE.md): `grace.time` is the "
        "option `--grace-time`.\nAn option that a command does not use is refused (exit code "
        "64).\n\n" +
        header({"command", "does"});
    for (auto const& command : commands())
        page += row(
            {code(command.operands.empty() ? std::string{command.name}
                                           : fmt::format("{} {}", command.name, command.operands)),
             std::string{command.summary}});
    page += '\n';
    for (auto const& command : commands())
        page += section_of(command);
    page += "## Options of one invocation\n\nOnly the command line has these.\n\n" +
            invocation_options() + "\n## Exit codes\n\n" + header({"code", "outcome", "meaning"});
    for (auto const& ending : kEndings)
        page += row({std::to_string(static_cast<int>(ending.ending)), code(ending.name),
                     std::string{ending.help}});
    return page;
}

// Metrics

std::string words_of(auto const& values, auto name)
{
    Texts words;
    for (auto const& value : values)
        words.push_back(code(std::invoke(name, value)));
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string metrics_page()
{
    std::string page =
        "# Metrics\n\nAll are gauges. Each has the label `mode`: `plan`, `apply`, `undo` or "
        "`link`.\nA dry run of `apply` counts as `plan`. None has ids of tenants.\n[The "
        "README](../../README.md#metrics) says where they go.\n\n" +
        header({"name", "labels", "meaning"});
    for (auto const& family : kMetricFamilies)
        page += row({code(std::string{kMetricPrefix}.append(family.name)),
                     std::string{family.labels}, std::string{family.help}});
    page += "\n## Values of the labels\n\n" + header({"label", "values"});
    page += row({"kind, of drift",
                 words_of(reconcile::kDriftKinds, [](auto kind) { return name_of(kind); })});
    page += row({"kind, of guards",
                 words_of(reconcile::kGuardTable, [](auto const& row) { return row.name; })});
    page += row({"phase", words_of(kPhases, std::identity{})});
    page += row({"reason", words_of(kRetryTable, &RetryRow::name)});
    page += row({"object", "`company`, `contact`, `tag`"});
    page += row({"change", words_of(tally_changes(Report{}), &NamedChangeTally::kind)});
    page +=
        row({"outcome", words_of(kChangeOutcomes, [](auto outcome) { return name_of(outcome); })});
    return page;
}

// Pages that people write

TEST(ReadmeTest, NamesEveryRoom)
{
    auto const readme = text_of(fs::path{REPOSITORY} / "README.md");
    for (auto const* layer : {"config", "models", "reconcile", "job"}) {
        for (auto const& entry : fs::directory_iterator{fs::path{REPOSITORY} / layer}) {
            if (fs::exists(entry.path() / "CMakeLists.txt")) {
                EXPECT_THAT(readme, ::testing::HasSubstr(fmt::format(
                                        "\n      {}/ ", entry.path().filename().string())));
            }
        }
    }
}

TEST(PagesTest, LinksLeadToFiles)
{
    static std::regex const kLink{R"(\]\(([^):#]+)(#[^)]*)?\))"};
    for (fs::path const page :
         {"README.md", "k8s/README.md", "models/README.md", "tests/README.md",
          "tests/bench/README.md", "config/settings/REFERENCE.md", "job/commands/REFERENCE.md",
          "job/telemetry/REFERENCE.md", "reconcile/policy/REFERENCE.md"}) {
        auto const text = text_of(REPOSITORY / page);
        EXPECT_NE(text, "") << page;
        for (std::sregex_iterator link{text.begin(), text.end(), kLink}, none; link != none; ++link)
            EXPECT_TRUE(fs::exists(REPOSITORY / page.parent_path() / (*link)[1].str()))
                << page << ": " << link->str();
    }
}

// Pages that are generated

struct Page
{
    char const* name;
    char const* file;
    std::string (*text)();
};

void PrintTo(Page const& page, std::ostream* out)
{
    *out << page.file;
}

class ReferenceTest : public ::testing::TestWithParam<Page>
{};

TEST_P(ReferenceTest, SaysWhatTheTablesSay)
{
    expect_written(fs::path{REPOSITORY} / GetParam().file,
                   [](std::string const&) { return kHead + GetParam().text(); });
}

INSTANTIATE_TEST_SUITE_P(
    Pages, ReferenceTest,
    ::testing::Values(Page{"Settings", "config/settings/REFERENCE.md", settings_page},
                      Page{"Commands", "job/commands/REFERENCE.md", commands_page},
                      Page{"Drift", "reconcile/policy/REFERENCE.md", drift_page},
                      Page{"Metrics", "job/telemetry/REFERENCE.md", metrics_page}),
    [](auto const& page) { return page.param.name; });

}  // namespace
}  // namespace tracking::job
