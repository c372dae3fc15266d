#pragma once

// For the .cpp files of models/ only.

#include "models/pg/database.hpp"

#include <string>

namespace tracking::models {

/// The values of a table's columns where an INSERT names none. It is a JSON object with a member
/// for each column whose default is a constant, or NULL. Other defaults (ids, times) are left out.
std::string row_defaults(Transaction& tx, std::string const& table);

}  // namespace tracking::models
