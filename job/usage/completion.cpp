#include "job/usage/completion.hpp"

#include "config/notation/problems.hpp"
#include "config/notation/shell_word.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

namespace tracking::job {

namespace {

using config::Option;
using config::quoted_for_shell;

/// A switch whose value may be left out (`[=true|false]`) stands alone when it is completed.
std::vector<Option> options_that(config::OptionFilter const& takes)
{
    auto all = config::options(takes);
    for (auto& option : all)
        if (option.placeholder.starts_with('['))
            option.placeholder.clear();
    return all;
}

std::vector<Option> options_of(Command const& command)
{
    return options_that([&](std::string_view option) { return command.uses(option); });
}

std::vector<Option> every_option()
{
    return options_that([](std::string_view) { return true; });
}

/// The words of which the value is one; empty: it is no choice.
std::string choices_of(Option const& option)
{
    if (option.placeholder.find('|') == option.placeholder.npos)
        return {};
    auto words = option.placeholder;
    std::ranges::replace(words, '|', ' ');
    return words;
}

bool takes_file(std::string_view placeholder)
{
    return placeholder.find("FILE") != placeholder.npos;
}

std::string_view first_word(Command const& command)
{
    return words_of(command.name).front();
}

/// Each first word once, in the order of the table.
std::vector<std::string_view> first_words(std::span<Command const> commands)
{
    std::vector<std::string_view> words;
    for (auto const& command : commands)
        if (words.empty() || words.back() != first_word(command))
            words.push_back(first_word(command));
    return words;
}

/// The words of which an operand is one (`bash|zsh|fish`); what it stands for is written large.
std::vector<std::string> operand_words(Command const& command)
{
    std::string choices{command.operands};
    bool const is_symbol =
        std::ranges::any_of(choices, [](unsigned char c) { return std::isupper(c) != 0; });
    if (is_symbol || choices.find('|') == choices.npos)
        return {};
    std::ranges::replace(choices, '|', ' ');
    auto const words = words_of(choices);
    return {words.begin(), words.end()};
}

/// What can follow the first word: second words of commands, operands, options.
std::string following(std::string_view first, std::span<Command const> commands)
{
    std::vector<std::string> words;
    for (auto const& command : commands) {
        if (first_word(command) != first)
            continue;
        auto const parts = words_of(command.name);
        if (parts.size() > 1)
            words.emplace_back(parts[1]);
        std::ranges::move(operand_words(command), std::back_inserter(words));
        for (auto const& option : options_of(command))
            if (std::ranges::count(words, option.flag) == 0)
                words.push_back(option.flag);
    }
    return fmt::format("{}", fmt::join(words, " "));
}

bool takes_file_operand(std::string_view first, std::span<Command const> commands)
{
    return std::ranges::any_of(commands, [&](Command const& command) {
        return first_word(command) == first && takes_file(command.operands);
    });
}

// Bash

std::string bash_values()
{
    std::string cases;
    std::string files;
    for (auto const& option : every_option()) {
        auto const names =
            option.letter.empty() ? option.flag : fmt::format("{}|{}", option.flag, option.letter);
        if (auto const choices = choices_of(option); !choices.empty())
            cases += fmt::format(
                "        {})\n            COMPREPLY=($(compgen -W \"{}\" -- "
                "\"$word\"))\n            return ;;\n",
                names, choices);
        else if (takes_file(option.placeholder))
            files += (files.empty() ? "" : "|") + names;
        else if (!option.placeholder.empty())
            cases += fmt::format("        {}) return ;;\n", names);
    }
    return cases +
           fmt::format(
               "        {})\n            mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
               "            return ;;\n",
               files);
}

std::string bash_commands(std::span<Command const> commands)
{
    std::string cases;
    for (auto const first : first_words(commands))
        cases += fmt::format(
            "        {})\n            COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n{}"
            "            ;;\n",
            first, following(first, commands),
            takes_file_operand(first, commands) ? "            [[ $word == -* ]] || mapfile -t "
                                                  "COMPREPLY < <(compgen -f -- \"$word\")\n"
                                                : "");
    return cases;
}

std::string bash(std::span<Command const> commands)
{
    return fmt::format(
        R"(# bash completion for customer-reconcile
_customer_reconcile() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
    # Bash takes the = of --option=value as a word of its own.
    [[ $word != "=" ]] || word=
    [[ $before != "=" ]] || before=${{COMP_WORDS[COMP_CWORD - 2]}}
    COMPREPLY=()
    case $before in
{}    esac
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "{} --help --version" -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}    esac
}}
complete -o filenames -F _customer_reconcile customer-reconcile
)",
        bash_values(), fmt::join(first_words(commands), " "), bash_commands(commands));
}

// Zsh

/// An argument as _arguments takes it: `--out=[help]:FILE:_files`.
std::string zsh_argument(Option const& option)
{
    std::string help;
    for (char const c : option.help)
        help += c == '[' || c == ']' || c == ':' ? fmt::format("\\{}", c) : std::string{c};
    std::string value;
    if (auto const choices = choices_of(option); !choices.empty())
        value = fmt::format(":value:({})", choices);
    else if (!option.placeholder.empty())
        value = fmt::format(":{}:{}", option.placeholder,
                            takes_file(option.placeholder) ? "_files" : "");
    return quoted_for_shell(fmt::format("{}{}{}[{}]{}", option.may_repeat ? "*" : "", option.flag,
                                        value.empty() ? "" : "=", help, value));
}

std::string zsh_commands(std::span<Command const> commands)
{
    std::string cases;
    for (auto const first : first_words(commands)) {
        std::string arguments;
        std::set<std::string> seen;
        std::vector<std::string> seconds;
        for (auto const& command : commands) {
            if (first_word(command) != first)
                continue;
            if (auto const parts = words_of(command.name); parts.size() > 1)
                seconds.emplace_back(parts[1]);
            std::ranges::move(operand_words(command), std::back_inserter(seconds));
            for (auto const& option : options_of(command))
                if (seen.insert(option.flag).second)
                    arguments += " \\\n                " + zsh_argument(option);
        }
        auto const operands = !seconds.empty()
                                  ? fmt::format("'1:command:({})'", fmt::join(seconds, " "))
                              : takes_file_operand(first, commands) ? "'*:file:_files'"
                                                                    : "'*:operand:'";
        cases += fmt::format("        {})\n            _arguments {}{} ;;\n", first, operands,
                             arguments);
    }
    return cases;
}

std::string zsh(std::span<Command const> commands)
{
    std::string described;
    for (auto const first : first_words(commands)) {
        auto const command = std::ranges::find(commands, first, first_word);
        auto const summary =
            words_of(command->name).size() > 1 ? "the configuration" : command->summary;
        described +=
            fmt::format("        {}\n", quoted_for_shell(fmt::format("{}:{}", first, summary)));
    }
    return fmt::format(
        R"(#compdef customer-reconcile
# zsh completion for customer-reconcile
_customer_reconcile() {{
    local -a commands=(
{}    )
    if ((CURRENT == 2)); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in
{}    esac
}}
_customer_reconcile "$@"
)",
        described, zsh_commands(commands));
}

// Fish

std::string fish_option(std::string_view first, Option const& option)
{
    auto line =
        fmt::format("complete -c customer-reconcile -n '__fish_seen_subcommand_from {}' -l {}",
                    first, option.flag.substr(2));
    if (!option.letter.empty())
        line += " -s " + option.letter.substr(1);
    if (auto const choices = choices_of(option); !choices.empty())
        line += fmt::format(" -x -a {}", quoted_for_shell(choices));
    else if (!option.placeholder.empty())
        line += takes_file(option.placeholder) ? " -r -F" : " -x";
    return fmt::format("{} -d {}\n", line, quoted_for_shell(option.help));
}

std::string fish(std::span<Command const> commands)
{
    std::string text =
        "# fish completion for customer-reconcile\ncomplete -c customer-reconcile -f\n";
    for (auto const first : first_words(commands)) {
        auto const command = std::ranges::find(commands, first, first_word);
        text += fmt::format(
            "complete -c customer-reconcile -n __fish_use_subcommand -a {} -d {}\n", first,
            quoted_for_shell(words_of(command->name).size() > 1 ? "the configuration"
                                                                : command->summary));
        if (takes_file_operand(first, commands))
            text += fmt::format(
                "complete -c customer-reconcile -n '__fish_seen_subcommand_from {}' -F\n", first);
        std::set<std::string> seen;
        for (auto const& one : commands) {
            if (first_word(one) != first)
                continue;
            if (auto const parts = words_of(one.name); parts.size() > 1)
                text += fmt::format(
                    "complete -c customer-reconcile -n '__fish_seen_subcommand_from {}' -a {} -d "
                    "{}\n",
                    first, parts[1], quoted_for_shell(one.summary));
            for (auto const& word : operand_words(one))
                text += fmt::format(
                    "complete -c customer-reconcile -n '__fish_seen_subcommand_from {}' -a {}\n",
                    first, word);
            for (auto const& option : options_of(one))
                if (seen.insert(option.flag).second)
                    text += fish_option(first, option);
        }
    }
    return text;
}

}  // namespace

std::string completion_for(std::string_view shell, std::span<Command const> commands)
{
    if (shell == "bash")
        return bash(commands);
    if (shell == "zsh")
        return zsh(commands);
    if (shell == "fish")
        return fish(commands);
    throw config::UsageError{fmt::format("completion knows no shell \"{}\": write one of {}", shell,
                                         fmt::join(kShells, ", "))};
}

}  // namespace tracking::job
