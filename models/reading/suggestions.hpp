#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <string>
#include <vector>

namespace tracking::models {

/// A tenant or company that a person may mean.
struct Suggestion
{
    std::string id;
    std::string name;
};

// What the text may stand for, for those who have not written an id or an exact name: the first 8
// or more of an id, a name in other capitals, or a part of a name. Those that are called just so
// come first. The lists end after a handful. An empty or blank text stands for nothing.

std::vector<Suggestion> suggested_tenants(Transaction& tx, SchemaProfile const& profile,
                                          std::string const& text);

/// Of this owner's companies.
std::vector<Suggestion> suggested_companies(Transaction& tx, SchemaProfile const& profile,
                                            TenantId owner, std::string const& text);

}  // namespace tracking::models
