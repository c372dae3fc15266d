#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"

#include <optional>
#include <string>

namespace tracking::models {

/// How an apply ended, as it noted it itself.
struct LastApply
{
    std::string outcome;
    std::string counts;  ///< JSON object; empty: it had nothing to do
};

/// The last apply that has ended, and that says how things are: not one that a person declined, one
/// of a plan file that was stale, or one beside the others that keeps no drift. Nothing where there
/// is none. @pre the journal is of this version
std::optional<LastApply> last_apply(Transaction& tx, TenantId owner);

}  // namespace tracking::models
