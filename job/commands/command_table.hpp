#pragma once

#include "job/commands/commands.hpp"

#include "config/notation/format.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// One command: what it runs, and everything that it can be given. What is not listed is refused.
struct Command
{
    std::string_view name;  ///< "plan"; of two words where the first has several: "config show"
    Ending (*run)(Invocation&);
    std::string_view operands;  ///< as the help writes them: "TENANT [COMPANY]"
    std::string_view summary;
    std::string_view details;  ///< what else to know; may be empty
    std::string_view example;  ///< what follows the program's name
    /// Names of options without their dashes, between blanks: a setting's key or its whole section
    /// ("guard"), or an option of the invocation.
    std::vector<std::string_view> options;
    std::vector<config::Format> formats{};  ///< that it can print
    bool reports = false;                   ///< main prints and sends the report that it fills

    /// Whether it uses the option: a setting's key, or an option of the invocation.
    bool uses(std::string_view option) const;

    std::string help() const;
};

std::vector<Command> const& commands();

/// The command that the words begin with, after a look at everything that was given with it.
/// @throws config::UsageError that names every operand, option and format that it does not take
Command const& command_of(config::CommandLine const& line);

/// What --help says where no command is given.
std::string general_help();

}  // namespace tracking::job
