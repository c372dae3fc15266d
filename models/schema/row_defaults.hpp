#pragma once

// For the .cpp files of models/ only.

#include "models/pg/database.hpp"

#include <string>

namespace tracking::models {

/// What the columns of a table hold where an INSERT names none: a JSON object with a member for
/// each column whose default is a constant, or NULL. Others (ids, times) are left out.
std::string row_defaults(Transaction& tx, std::string const& table);

}  // namespace tracking::models
