#pragma once

#include "config/sources/load.hpp"
#include "config/notation/problems.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::config {

/// Whether a plan depends on this setting; what does not says where to connect, how to report, ...
bool shapes_plan(std::string_view key);

/// The effective values that a plan depends on: JSON texts by key.
std::map<std::string, std::string> plan_options(Config const& config);

/// Puts the values that a plan was made with in place of those of the file and the environment. A
/// flag is stronger. Tells `problems` of keys and values that this program does not know.
void take_plan_options(Loaded& into, std::map<std::string, std::string> const& options,
                       std::string const& plan_file, Problems& problems);

/// ` --config=a.yaml --source-dsn='host=db user=job'`: what of a command line the printed commands
/// need again. Passwords in it are masked.
struct RepeatedFlags
{
    std::string all;         ///< to make the same plan again
    std::string connection;  ///< to apply a plan file, which holds all others
};

RepeatedFlags repeated_flags(std::vector<std::string> const& config_file,
                             std::map<std::string, std::vector<std::string>> const& settings);

}  // namespace tracking::config
