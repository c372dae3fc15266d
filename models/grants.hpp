#pragma once

#include "models/database.hpp"
#include "models/schema.hpp"

#include <string>
#include <vector>

namespace tracking::models {

/// What a database role is for.
enum class Role
{
    Reader,  ///< plan, explain, doctor
    Writer,  ///< apply too
};

/// The statements that give `role_name` exactly what it needs on one side, in a fixed order, the
/// journal's included for the management side. No secrets: grants on users are by column.
std::vector<std::string> required_grants(SchemaProfile profile, Side side, Role role,
                                         std::string const& role_name);

/// Those of them that the role of this session lacks, as statements that an owner can run.
std::vector<std::string> missing_grants(Transaction& tx, SchemaProfile profile, Side side,
                                        Role role);

/// Tables of the side on which row security hides rows from the role of this session.
std::vector<std::string> tables_with_row_security(Transaction& tx, SchemaProfile profile,
                                                  Side side);

}  // namespace tracking::models
