#pragma once

#include "job/usage/command.hpp"

#include <string>
#include <vector>

namespace tracking::job {

std::vector<Command> const& commands();

/// The command that the words begin with, after a look at everything that was given with it.
/// @throws config::UsageError that names every operand, option and format that it does not take
Command const& command_of(config::CommandLine const& line);

/// What --help says where no command is given.
std::string general_help();

}  // namespace tracking::job
