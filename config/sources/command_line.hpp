#pragma once

#include "config/notation/problems.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::config {

/// The arguments, sorted but not yet parsed: settings go to load(), words to the command.
struct CommandLine
{
    std::vector<std::string> words;                            ///< the command, then its operands
    std::map<std::string, std::vector<std::string>> settings;  ///< by key: "source.dsn"
    std::vector<std::string> given;  ///< every option, as OptionFilter takes it

    // Options with a value; all but `allow`, `only` and `except` hold one at most.
    std::vector<std::string> config;
    std::vector<std::string> out;
    std::vector<std::string> allow;
    std::vector<std::string> only;
    std::vector<std::string> except;
    std::vector<std::string> reason;
    std::vector<std::string> instead_of;
    std::vector<std::string> since;
    std::vector<std::string> detailed_exitcode;  ///< "any" or "new"

    bool yes = false;
    bool print = false;
    bool rehearse = false;
    bool prune = false;
    bool trend = false;
    bool help = false;
    bool version = false;
};

/// `arguments` without the program's name. Throws UsageError that names every unknown option, and
/// each that is given twice or lacks its value. After "--" everything is a word.
CommandLine parse_command_line(std::vector<std::string> const& arguments);

/// Takes a setting's key ("source.dsn") or the long name of an option of the invocation ("yes").
using OptionFilter = std::function<bool(std::string_view)>;

/// One paragraph for each option that the filter takes, in two groups, for --help.
std::string options_help(OptionFilter const& takes);

/// An option as people and shells see it.
struct Option
{
    std::string flag;         ///< --source-dsn, --yes
    std::string letter;       ///< -y; empty: it has none
    std::string placeholder;  ///< FILE, or report|off for one of these words; empty: a switch
    std::string help;
    bool may_repeat = false;
};

/// Those that the filter takes, in the order of the help.
std::vector<Option> options(OptionFilter const& takes);

/// How each is written: --source-dsn, --yes.
std::vector<std::string> flags(OptionFilter const& takes);
std::string flag_of(std::string_view option);

}  // namespace tracking::config
