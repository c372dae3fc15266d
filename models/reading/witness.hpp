#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/change.hpp"

#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// The present state of what each change depends on: a JSON object for each change, in their order.
/// `company` is the row that is changed (name, properties, is_inactive), with its tags and
/// contacts; null where it does not exist. The other members say who stands in the way of rows that
/// are to be made. `name_of` holds a company's id, `contact` and `email_of` a contact's. Null means
/// nobody, as it must be.
std::vector<std::string> witnesses_of(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                                      std::span<Change const> changes);

}  // namespace tracking::models
