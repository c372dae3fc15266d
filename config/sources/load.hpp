#pragma once

#include "config/notation/problems.hpp"
#include "config/settings/config.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tracking::config {

/// What load() merges, weakest first: the file, the environment, the flags.
struct Sources
{
    std::optional<std::filesystem::path> file;       ///< none: what CUSTOMER_RECONCILE_CONFIG names
    std::map<std::string, std::string> environment;  ///< an empty text counts as not set
    std::map<std::string, std::vector<std::string>> flags;  ///< CommandLine::settings
};

struct Loaded
{
    Config config;
    std::map<std::string, Place> places;  ///< by key; a key that nobody gave is not there

    /// The effective values as YAML, each line with the value's origin; passwords masked.
    std::vector<std::string> show() const;

    /// The same as a JSON document: for each key its value and origin.
    std::string show_json() const;
};

/// Reads every source and the password files. Adds the problems of all of them, also those of
/// values that a stronger source replaces. A value that could not be read has its default: where
/// there are problems, use the result only to find out where a report of the failure goes.
Loaded load(Sources const& sources, Problems& problems);

/// The environment of this process.
std::map<std::string, std::string> process_environment();

}  // namespace tracking::config
