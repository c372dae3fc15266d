#pragma once

#include <string>

namespace tracking::config {

/// JSON Schema (draft 2020-12) of the YAML file, indented, with every key's help and default.
std::string json_schema();

}  // namespace tracking::config
