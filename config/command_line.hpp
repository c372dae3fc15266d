#pragma once

#include "config/problems.hpp"

#include <map>
#include <string>
#include <vector>

namespace tracking::config {

/// The arguments, sorted but not yet understood: settings go to load(), words to the command.
struct CommandLine
{
    std::vector<std::string> words;                            ///< the command, then its operands
    std::map<std::string, std::vector<std::string>> settings;  ///< by key: "source.dsn"

    // Options with a value; all but `allow` hold one at most.
    std::vector<std::string> config;
    std::vector<std::string> out;
    std::vector<std::string> allow;
    std::vector<std::string> reason;

    bool yes = false;
    bool detailed_exitcode = false;
    bool print = false;
    bool rehearse = false;
    bool prune = false;
    bool help = false;
    bool version = false;
};

/// `arguments` without the program's name. Throws UsageError that names every unknown option, and
/// each that is given twice or lacks its value. After "--" everything is a word.
CommandLine parse_command_line(std::vector<std::string> const& arguments);

/// One paragraph for each option, in two groups, for --help.
std::string options_help();

}  // namespace tracking::config
