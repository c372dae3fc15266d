#include "job/usage/completion.hpp"

#include "config/notation/problems.hpp"
#include "config/notation/shell_word.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>

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

/// A word that can follow, and what it means; operands say nothing of theirs.
struct Word
{
    std::string text;
    std::string_view meaning = {};
};

/// The commands that begin with one word.
struct Family
{
    std::string_view first;
    std::string_view summary;
    std::vector<Word> words{};      ///< second words of commands, and operands
    std::vector<Option> options{};  ///< of any of them, each once
    bool takes_file = false;        ///< as an operand
};

/// In the order of the table.
std::vector<Family> families_of(std::span<Command const> commands)
{
    std::vector<Family> families;
    for (auto const& command : commands) {
        auto const parts = words_of(command.name);
        if (families.empty() || families.back().first != parts.front())
            families.push_back({.first = parts.front(), .summary = command.summary});
        auto& family = families.back();
        if (parts.size() > 1) {
            family.summary = "the configuration";
            family.words.push_back({std::string{parts[1]}, command.summary});
        }
        for (auto& word : operand_words(command))
            family.words.push_back({std::move(word)});
        for (auto& option : options_of(command))
            if (std::ranges::count(family.options, option.flag, &Option::flag) == 0)
                family.options.push_back(std::move(option));
        family.takes_file = family.takes_file || takes_file(command.operands);
    }
    return families;
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

std::string bash_commands(std::span<Family const> families)
{
    std::string cases;
    for (auto const& family : families) {
        auto words = models::each_of(family.words, &Word::text);
        std::ranges::transform(family.options, std::back_inserter(words), &Option::flag);
        cases += fmt::format(
            "        {})\n            COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n{}"
            "            ;;\n",
            family.first, fmt::join(words, " "),
            family.takes_file ? "            [[ $word == -* ]] || mapfile -t "
                                "COMPREPLY < <(compgen -f -- \"$word\")\n"
                              : "");
    }
    return cases;
}

std::string bash(std::span<Family const> families)
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
        bash_values(), fmt::join(models::each_of(families, &Family::first), " "),
        bash_commands(families));
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

std::string zsh_commands(std::span<Family const> families)
{
    std::string cases;
    for (auto const& family : families) {
        std::string arguments;
        for (auto const& option : family.options)
            arguments += " \\\n                " + zsh_argument(option);
        auto const operands =
            !family.words.empty()
                ? fmt::format("'1:command:({})'",
                              fmt::join(models::each_of(family.words, &Word::text), " "))
            : family.takes_file ? "'*:file:_files'"
                                : "'*:operand:'";
        cases += fmt::format("        {})\n            _arguments {}{} ;;\n", family.first,
                             operands, arguments);
    }
    return cases;
}

std::string zsh(std::span<Family const> families)
{
    std::string described;
    for (auto const& family : families)
        described += fmt::format(
            "        {}\n", quoted_for_shell(fmt::format("{}:{}", family.first, family.summary)));
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
        described, zsh_commands(families));
}

// Fish

std::string fish_option(Option const& option)
{
    auto line = "-l " + option.flag.substr(2);
    if (!option.letter.empty())
        line += " -s " + option.letter.substr(1);
    if (auto const choices = choices_of(option); !choices.empty())
        line += fmt::format(" -x -a {}", quoted_for_shell(choices));
    else if (!option.placeholder.empty())
        line += takes_file(option.placeholder) ? " -r -F" : " -x";
    return fmt::format("{} -d {}", line, quoted_for_shell(option.help));
}

std::string fish(std::span<Family const> families)
{
    std::string text =
        "# fish completion for customer-reconcile\ncomplete -c customer-reconcile -f\n";
    for (auto const& family : families) {
        text += fmt::format("complete -c customer-reconcile -n __fish_use_subcommand -a {} -d {}\n",
                            family.first, quoted_for_shell(family.summary));
        auto const add = [&](std::string_view what) {
            text += fmt::format(
                "complete -c customer-reconcile -n '__fish_seen_subcommand_from {}' {}\n",
                family.first, what);
        };
        if (family.takes_file)
            add("-F");
        for (auto const& [word, meaning] : family.words)
            add(meaning.empty() ? "-a " + word
                                : fmt::format("-a {} -d {}", word, quoted_for_shell(meaning)));
        for (auto const& option : family.options)
            add(fish_option(option));
    }
    return text;
}

}  // namespace

std::string completion_for(std::string_view shell, std::span<Command const> commands)
{
    auto const families = families_of(commands);
    if (shell == "bash")
        return bash(families);
    if (shell == "zsh")
        return zsh(families);
    if (shell == "fish")
        return fish(families);
    throw config::UsageError{fmt::format("completion knows no shell \"{}\": write one of {}", shell,
                                         fmt::join(kShells, ", "))};
}

}  // namespace tracking::job
