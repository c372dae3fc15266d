#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/people.hpp"

#include <span>
#include <vector>

namespace tracking::models {

// See PeopleLookup. Both work in any transaction of their side.

std::vector<OwnContact> read_own_contacts(Transaction& tx, SchemaProfile const& profile,
                                          TenantId management,
                                          std::span<CompanyId const> companies);

std::vector<ActiveUser> read_users(Transaction& tx, SchemaProfile const& profile,
                                   UsersSought const& sought);

}  // namespace tracking::models
