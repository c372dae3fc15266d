#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/company.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tracking::models {

/// The texts of the tags that a reading looks for.
struct SoughtTags
{
    std::vector<std::string> customer;  ///< any of them makes a company a customer
    std::string canceled;
};

/// Companies of `management` that carry a customer tag or a link. Each comes with those of `tags`
/// that it has. One statement. Lives in the transaction, which should be one for streams.
std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, SoughtTags const& tags,
                                              Fetching fetching = Fetching::InPieces);

}  // namespace tracking::models
