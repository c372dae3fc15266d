#pragma once

#include "config/notation/problems.hpp"
#include "config/sources/command_line.hpp"
#include "config/sources/load.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::config {

/// Whether a plan depends on this setting. The others say where to connect, how to report, ...
bool shapes_plan(std::string_view key);

/// The effective values that a plan depends on: JSON texts by key.
std::map<std::string, std::string> plan_options(Config const& config);

/// Replaces the values of the file and the environment with those that the plan was made with. A
/// flag is stronger. Adds to `problems` the keys and values that this program does not know.
void take_plan_options(Loaded& into, std::map<std::string, std::string> const& options,
                       std::string const& plan_file, Problems& problems);

/// The flags that a printed command has to repeat, of those that it takes: `--config=a.yaml`,
/// `--source-dsn='host=db user=job'`. Passwords in them are masked.
std::vector<std::string> repeated_flags(CommandLine const& line, OptionFilter const& takes);

}  // namespace tracking::config
