#pragma once

#include "config/notation/problems.hpp"
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

/// The flags that printed commands have to repeat, with a blank before each:
/// ` --config=a.yaml --source-dsn='host=db user=job'`. Passwords in them are masked.
struct RepeatedFlags
{
    std::string all;         ///< to make the same plan again
    std::string connection;  ///< to apply a plan file, which holds all other values
};

RepeatedFlags repeated_flags(std::vector<std::string> const& config_file,
                             std::map<std::string, std::vector<std::string>> const& settings);

}  // namespace tracking::config
