#pragma once

#include "job/report/repeated_options.hpp"
#include "job/usage/command.hpp"

#include <string>
#include <vector>

namespace tracking::job {

std::vector<Command> const& commands();

/// The command that the command line names. Checks everything that was given with it.
/// @throws config::UsageError that names every operand, option and format that it does not accept
Command const& command_of(config::CommandLine const& line);

/// What the commands that this one prints repeat of its options.
RepeatedOptions repeated_options(config::CommandLine const& line);

/// The text of --help without a command.
std::string general_help();

}  // namespace tracking::job
