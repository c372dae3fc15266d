#pragma once

#include "config/settings/setting.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace tracking {

std::string text_of(std::filesystem::path const& file);

/// The default as the configuration file would hold it.
std::string default_text(config::Setting const& setting);

/// Expects a file to say what the program's tables say. With WRITE_REFERENCE=1 in the environment
/// it is written anew.
/// @param wanted  gives what the file is to hold, from what it holds
void expect_written(std::filesystem::path const& file,
                    std::function<std::string(std::string const&)> const& wanted);

}  // namespace tracking
