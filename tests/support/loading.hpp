#pragma once

#include "config/sources/load.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>

#include <string>
#include <vector>

namespace tracking::config {

/// Reads every source. Throws ConfigError with the problems of all of them.
inline Loaded load(Sources const& sources)
{
    Problems problems;
    auto loaded = load(sources, problems);
    problems.raise();
    return loaded;
}

/// What is wrong, a line each.
inline std::vector<std::string> lines_of(ConfigError const& error)
{
    std::vector<std::string> lines;
    boost::split(lines, std::string{error.what()}, boost::is_any_of("\n"));
    return lines;
}

}  // namespace tracking::config
