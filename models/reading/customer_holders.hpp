#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace tracking::models {

/// Companies of a tenant that track others.
struct CustomersHeld
{
    std::size_t tagged = 0;  ///< carry one of the tags
    std::size_t linked = 0;  ///< hold a link
};

CustomersHeld count_customers(Transaction& tx, SchemaProfile const& profile, TenantId tenant,
                              std::span<std::string const> tags);

/// A tenant that holds customers as only the management tenant should.
struct CustomerHolder
{
    TenantId tenant;
    std::string name;
    std::size_t customers = 0;
};

/// Of all tenants but this one that which has the most tagged companies; where none has any, the
/// most linked ones. Passes over the tags, and then the companies, of everybody.
std::optional<CustomerHolder> other_holder(Transaction& tx, SchemaProfile const& profile,
                                           TenantId than, std::span<std::string const> tags);

}  // namespace tracking::models
