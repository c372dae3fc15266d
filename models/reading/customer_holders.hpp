#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace tracking::models {

/// How many companies of a tenant track others.
struct CustomersHeld
{
    std::size_t tagged = 0;  ///< companies that carry one of the tags
    std::size_t linked = 0;  ///< companies that hold a link
};

CustomersHeld count_customers(Transaction& tx, SchemaProfile const& profile, TenantId tenant,
                              std::span<std::string const> tags);

/// A tenant that holds customers, as only the management tenant should.
struct CustomerHolder
{
    TenantId tenant;
    std::string name;
    std::size_t customers = 0;
};

/// The tenant other than `than` that has the most tagged companies. Where none has any, the one
/// that has the most linked companies. Reads the tags, and then the companies, of all tenants.
std::optional<CustomerHolder> other_holder(Transaction& tx, SchemaProfile const& profile,
                                           TenantId than, std::span<std::string const> tags);

}  // namespace tracking::models
