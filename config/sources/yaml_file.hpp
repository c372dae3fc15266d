#pragma once

#include "config/notation/value.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace tracking::config {

/// The file's text, or nothing and a problem at `place` that names the file and the reason.
std::optional<std::string> read_text(std::filesystem::path const& file, Place const& place,
                                     Problems& problems);

/// The file as a map of keys; an empty file is a map without any. Reports a file that cannot be
/// read, wrong syntax, duplicate keys, and anything at the top but one map.
Value read_yaml(std::filesystem::path const& file, Problems& problems);

}  // namespace tracking::config
