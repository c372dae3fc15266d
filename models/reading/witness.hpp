#pragma once

#include "models/values/change.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// What each change depends on, as it is now, in their order; a JSON object each. `company` is the
/// row that is changed (name, properties, is_inactive), with its tags and contacts; null: it is
/// not there. For what is to be made it says who is in the way: `name_of` holds a company's id,
/// `contact` and `email_of` a contact's; null: nobody, as it must be.
std::vector<std::string> witnesses_of(Transaction& tx, SchemaProfile profile, TenantId owner,
                                      std::span<Change const> changes);

}  // namespace tracking::models
