#include "job/commands/command_table.hpp"

#include "job/commands/commands.hpp"
#include "job/process/version.hpp"
#include "job/schemas/schemas.hpp"
#include "job/usage/completion.hpp"
#include "job/usage/manual.hpp"

#include "config/notation/problems.hpp"
#include "config/sources/plan_options.hpp"
#include "models/journal/journal_model.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <ranges>

namespace tracking::job {

namespace {

using config::Format;

constexpr std::string_view kAlways = "help version config log";
constexpr std::string_view kConnection =
    "source management connect-timeout statement-timeout lock-timeout retry deadline";
/// The settings that decide what is drift, and what is done about it.
constexpr std::string_view kRules =
    "tag products exclude minimum-age contacts policy drift cleanup grace guard";
/// What a person's decision about one customer needs of them, and beside.
constexpr std::string_view kDecision =
    "tag products exclude minimum-age contacts policy drift cleanup grace guard.tenants "
    "reading-pace metrics reason";
constexpr std::string_view kReport = "format report color list-limit personal-data";
constexpr std::string_view kWriting = "yes dry-run tracking-enabled lease by journal.require-by";
constexpr std::string_view kAllowing = "allow reason";
/// The `config` commands show the value of every setting.
constexpr std::string_view kEverySetting =
    "source management connect-timeout statement-timeout lock-timeout retry deadline tag products "
    "exclude minimum-age contacts policy drift cleanup grace guard format report color list-limit "
    "personal-data dry-run tracking-enabled lease metrics notify environment reading-pace "
    "batch-size journal by";

std::string word_of(Format format)
{
    return std::ranges::find(config::kFormats, format, &config::FormatName::format)->word;
}

Command const& find_command(config::CommandLine const& line)
{
    auto const& words = line.words;
    if (words.empty())
        throw config::UsageError{"no command given: see --help"};
    auto const two_words = words.size() > 1 ? words[0] + ' ' + words[1] : words[0];
    std::vector<std::string> names;
    for (auto const& command : commands()) {
        if (command.name == words[0] || command.name == two_words)
            return command;
        names.emplace_back(command.name);
    }
    bool const has_several = std::ranges::any_of(
        names, [&](std::string const& name) { return name.starts_with(words[0] + ' '); });
    if (has_several && words.size() == 1) {
        std::erase_if(names, [&](auto const& name) { return !name.starts_with(words[0] + ' '); });
        throw config::UsageError{fmt::format("{} alone is no command: write one of {}", words[0],
                                             fmt::join(names, ", "))};
    }
    auto const& given = has_several ? two_words : words[0];
    throw config::UsageError{fmt::format("unknown command \"{}\"{}", given,
                                         config::did_you_mean(given, names, "; see --help"))};
}

std::string print_help(config::CommandLine const& line)
{
    if (line.words.size() == 1)
        return general_help();
    auto of = line;
    of.words.erase(of.words.begin());
    return find_command(of).help();
}

std::string print_version(config::CommandLine const& line)
{
    auto const given = line.settings.find("format");
    if (given == line.settings.end() || given->second.back() == word_of(Format::Text))
        return fmt::format("customer-reconcile {}\n", kVersion);
    return fmt::format(
        R"({{"format": "customer-reconcile/version", "version": 1, "program_version": "{}", "journal_version": {}}})"
        "\n",
        kVersion, models::JournalModel::kVersion);
}

std::string print_completion(config::CommandLine const& line)
{
    return completion_for(line.words[1], commands());
}

std::string print_schema(config::CommandLine const& line)
{
    std::vector<std::string> names;
    for (auto const& [document, text] : document_schemas()) {
        if (document == line.words[1])
            return std::string{text};
        names.emplace_back(document);
    }
    throw config::UsageError{
        fmt::format("there is no document \"{}\"{}", line.words[1],
                    config::did_you_mean(line.words[1], names,
                                         fmt::format("; name one of {}", fmt::join(names, ", "))))};
}

std::string print_manual(config::CommandLine const&)
{
    return manual_page(kVersion, commands());
}

std::vector<Command> make_commands()
{
    auto const every = models::each_of(config::kFormats, &config::FormatName::format);
    std::vector<Format> const text_and_json{Format::Text, Format::Json};
    return {
        {.name = "plan",
         .run = plan,
         .summary = "compare both sides and report; never writes",
         .details = "--rehearse makes the changes, those that a guard holds back included,\n"
                    "and rolls them back: it tells which would fail, and why. It takes the\n"
                    "same locks as `apply`, and needs the writer's role.",
         .example = "plan --out plan.json --report plan.html",
         .options = {kAlways, kConnection, kRules, kReport,
                     "metrics environment out since detailed-exitcode rehearse",
                     "reading-pace batch-size dry-run only except"},
         .formats = every,
         .reports = true},
        {.name = "apply",
         .run = apply,
         .operands = "[PLANFILE]",
         .summary = "plan, then write the changes and prove the result",
         .details = "It writes in batches, and proves the result by a fresh read. On a\n"
                    "terminal it shows the plan and asks, elsewhere it needs --yes. With a\n"
                    "plan file it writes what is in the file and still valid, and nothing\n"
                    "else.",
         .example = "apply plan.json --allow change=201 --reason \"first adoption, reviewed\"",
         .options = {kAlways, kConnection, kRules, kReport, kWriting, kAllowing,
                     "metrics notify environment reading-pace batch-size journal only except"},
         .formats = every,
         .reports = true},
        {.name = "link",
         .run = link,
         .operands = "TENANT COMPANY",
         .summary = "a person's decision: this company is that tenant's customer",
         .details = "Use it where the job may not guess. It stamps the tenant's id on the\n"
                    "company. The journal keeps the reason.",
         .example = "link Acme \"Acme Incorporated\" --reason \"asked their admin\"",
         .options = {kAlways, kConnection, kReport, kWriting, kDecision},
         .formats = every,
         .reports = true},
        {.name = "ignore",
         .run = ignore,
         .operands = "COMPANY",
         .summary = "a person's decision: the job leaves this company alone",
         .details = "It sets properties.reconcile of the company to \"ignore\", so that the\n"
                    "company is nobody's candidate and nothing is done to it. The journal\n"
                    "keeps the reason. undo takes it back.",
         .example = "ignore \"Acme Old\" --reason \"merged into Acme in 2024\"",
         .options = {kAlways, kConnection, kReport, kWriting, kDecision},
         .formats = every,
         .reports = true},
        {.name = "forget",
         .run = forget,
         .operands = "ADDRESS",
         .summary = "take a person out of the journal",
         .details = "ADDRESS is an e-mail address in any spelling. It goes from all that the\n"
                    "journal holds, with the names that stand beside it: what was remembered\n"
                    "of contacts, the images of changes, reasons, who asked for runs. The\n"
                    "receipts and counts stay; what they were about cannot be undone any more.\n"
                    "It needs the role that owns the journal, as init does. The platform's\n"
                    "contacts and users are never touched: erase them there first.",
         .example = "forget ada@acme.example --reason \"request 4711\"",
         .options = {kAlways, kConnection, kWriting, "reason format"},
         .formats = text_and_json},
        {.name = "customers",
         .run = customers,
         .summary = "the tracked customers: the companies that are linked to a tenant",
         .details = "In order of the tenants' ids, each with its state, tags, contacts and\n"
                    "the kinds of drift that were found. Tenants without one are in `plan`.",
         .example = "customers --format json",
         .options = {kAlways, kConnection, kRules, "format personal-data"},
         .formats = text_and_json},
        {.name = "history",
         .run = history,
         .operands = "[N]",
         .summary = "past runs, newest first; 0: all",
         .details = "Each with mode, outcome, counts, who started it, what was allowed, and\n"
                    "why. --trend shows the drift that the last runs found and left instead.\n"
                    "Runs that had nothing to do have no entry, and are only counted.",
         .example = "history --trend",
         .options = {kAlways, kConnection, "format trend personal-data"},
         .formats = text_and_json},
        {.name = "show",
         .run = show,
         .operands = "RUN|PLANFILE",
         .summary = "a past run, or a saved plan, stale or not, in any format",
         .example = "show 1f0c9a52 --report run.html",
         .options = {kAlways, kConnection, kReport},
         .formats = every,
         .reports = true},
        {.name = "undo",
         .run = undo,
         .operands = "RUN",
         .summary = "what would take a run back, as a plan; --yes applies it",
         .details = "On a terminal it shows the plan and asks. Elsewhere only --yes applies\n"
                    "it.",
         .example = "undo 1f0c9a52 --dry-run",
         .options = {kAlways, kConnection, kRules, kReport, kWriting, kAllowing,
                     "reading-pace metrics batch-size journal"},
         .formats = every,
         .reports = true},
        {.name = "explain",
         .run = explain,
         .operands = "TENANT|COMPANY",
         .summary = "why one tenant or company is as it is",
         .details = "By id or name: the candidates, the verdict, ages, grace and guard, what\n"
                    "holds it back, and its history. By id it also tells the history of what\n"
                    "is gone.",
         .example = "explain Acme",
         .options = {kAlways, kConnection, kRules, "format personal-data"},
         .formats = text_and_json},
        {.name = "init",
         .run = init,
         .summary = "create or upgrade the journal, and pin the management tenant",
         .details = "The journal is the schema customer_reconcile. --print only shows the\n"
                    "SQL, with the grants of the roles. --prune forgets what is older than\n"
                    "journal.retention. An `apply` that succeeds does so too, where its role\n"
                    "has customer_reconcile_pruner.",
         .example = "init --print > journal.sql",
         .options = {kAlways, kConnection,
                     "yes by instead-of tag lease.time print prune journal dry-run format"},
         .formats = text_and_json},
        {.name = "doctor",
         .run = doctor,
         .summary = "check connection, schema, grants and journal",
         .details = "Each check says pass, warn or FAIL, with its remedy.",
         .example = "doctor --color never",
         .options = {kAlways, kConnection,
                     "tag cleanup guard.tenants lease.time metrics notify format color"},
         .formats = text_and_json},
        {.name = "config check",
         .run = check_config,
         .summary = "tell everything that is wrong with the configuration",
         .example = "config check --config job.yaml",
         .options = {kAlways, kEverySetting},
         .formats = text_and_json},
        {.name = "config show",
         .run = show_config,
         .summary = "the effective values, and where each comes from",
         .example = "config show --grace-time 24h",
         .options = {kAlways, kEverySetting},
         .formats = text_and_json},
        {.name = "config schema",
         .run = show_config_schema,
         .summary = "JSON Schema of the configuration file",
         .example = "config schema > customer-reconcile.schema.json",
         .options = {kAlways, "format"},
         .formats = {Format::Json}},
        {.name = "schema",
         .print = print_schema,
         .operands = "DOCUMENT",
         .summary = "JSON Schema of a document that a command prints",
         .details =
             "DOCUMENT is what follows \"customer-reconcile/\" in the document's\n"
             "\"format\": report, customers, forget, history, trend, explain, doctor, init,\n"
             "init-sql, config, config-check or version. The configuration file has a schema of "
             "its own:\n"
             "`config schema`.",
         .example = "schema report > report.schema.json",
         .options = {"help version"}},
        {.name = "help",
         .print = print_help,
         .operands = "[COMMAND] [SUBCOMMAND]",
         .summary = "what a command does and takes; without one, all of them",
         .example = "help config show",
         .options = {"help version"}},
        {.name = "version",
         .print = print_version,
         .summary = "the program's version",
         .example = "version",
         .options = {"help version format"},
         .formats = text_and_json},
        {.name = "completion",
         .print = print_completion,
         .operands = "bash|zsh|fish",
         .summary = "what the shell reads to complete this program's command lines",
         .example = "completion bash > /etc/bash_completion.d/customer-reconcile",
         .options = {"help version"}},
        {.name = "manual",
         .print = print_manual,
         .summary = "the manual page, for man",
         .example = "manual > customer-reconcile.1",
         .options = {"help version"}},
    };
}

std::string endings_help()
{
    std::string text = "\nExit codes:\n";
    for (auto const& row : kEndings)
        text +=
            fmt::format("  {:<4} {:<13} {}\n", static_cast<int>(row.ending), row.name, row.help);
    return text;
}

std::string objection_to_operands(Command const& command, config::CommandLine const& line)
{
    auto const wanted = words_of(command.operands);
    auto const least =
        std::ranges::count_if(wanted, [](auto word) { return !word.starts_with('['); });
    auto const first = line.words.begin() + std::ssize(words_of(command.name));
    auto const given = line.words.end() - first;
    if (given >= least && given <= std::ssize(wanted))
        return {};
    return fmt::format(
        "{} takes {}, but was given {}", command.name,
        wanted.empty() ? "no operand" : command.operands,
        given == 0 ? "none" : fmt::format("\"{}\"", fmt::join(first, line.words.end(), "\" \"")));
}

std::string objection_to_options(Command const& command, config::CommandLine const& line)
{
    std::vector<std::string> unused;
    for (auto const& option : line.given)
        if (!command.uses(option))
            unused.push_back(config::flag_of(option));
    if (unused.empty())
        return {};
    auto const uses = [&](std::string_view option) { return command.uses(option); };
    return fmt::format("{} does not use {}. Its options are {}", command.name,
                       fmt::join(unused, ", "), fmt::join(config::flags(uses), ", "));
}

/// Empty where the command prints the format, or where the word names no format: the configuration
/// refuses such a word.
std::string objection_to_format(Command const& command, config::CommandLine const& line)
{
    auto const given = line.settings.find("format");
    if (given == line.settings.end() || !command.uses("format"))
        return {};
    auto const known =
        std::ranges::find(config::kFormats, given->second.back(), &config::FormatName::word);
    if (known == std::end(config::kFormats) ||
        std::ranges::count(command.formats, known->format) > 0)
        return {};
    return fmt::format("{} prints {}, and not {}", command.name,
                       fmt::join(models::each_of(command.formats, word_of), " or "), known->word);
}

}  // namespace

std::vector<Command> const& commands()
{
    static auto const table = make_commands();
    return table;
}

Command const& command_of(config::CommandLine const& line)
{
    auto const& command = find_command(line);
    if (line.help)
        return command;
    std::vector<std::string> objections{objection_to_operands(command, line),
                                        objection_to_options(command, line),
                                        objection_to_format(command, line)};
    std::erase(objections, "");
    if (!objections.empty())
        throw config::UsageError{fmt::format("{}\n`customer-reconcile {} --help` tells more",
                                             fmt::join(objections, "\n"), command.name)};
    return command;
}

RepeatedOptions repeated_options(config::CommandLine const& line)
{
    RepeatedOptions options;
    for (auto const& command : commands()) {
        auto const takes = [&](std::string_view key) { return command.uses(key); };
        options.flags[std::string{command.name}] = config::repeated_flags(line, takes);
        if (command.name == "apply")
            options.flags["apply PLANFILE"] = config::repeated_flags(line, [&](auto key) {
                return takes(key) && !config::shapes_plan(key);  // the file has those
            });
    }
    return options;
}

std::string general_help()
{
    std::string text =
        "customer-reconcile keeps the management tenant's customers equal to the tenants.\n\n"
        "usage: customer-reconcile COMMAND [OPTION...]\n\n";
    for (auto const& command : commands())
        text += fmt::format("  {:<24} {}\n", fmt::format("{} {}", command.name, command.operands),
                            command.summary);
    return text +
           "\n`customer-reconcile COMMAND --help` tells the command's own options with an "
           "example.\nEach setting is a key of the configuration file and a variable of the "
           "environment too:\n  grace.time   --grace-time   CUSTOMER_RECONCILE_GRACE_TIME\n\n" +
           config::options_help([](std::string_view) { return true; }) + endings_help();
}

}  // namespace tracking::job
