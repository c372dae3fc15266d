#pragma once

#include "models/pg/database.hpp"

#include <string>
#include <string_view>

namespace tracking::job {

/// The SQL that brings the journal to this program's version, and the roles with the rights that
/// each kind of command needs. `database` is how the comment at its head calls the database.
std::string sql_of_installation(models::Transaction& tx, std::string_view database);

}  // namespace tracking::job
