#pragma once

#include "models/values/company.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// Companies of `management` that carry one of `tags` or a link, each with those of `tags` that it
/// has. One statement; lives in the transaction, which should be one for streams.
std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags,
                                              Fetching fetching = Fetching::InPieces);

/// As read_customers, but only the companies that are among `companies` or were made for one of
/// `tenants`; and for tenants that none of these is linked to, those that are, since no index finds
/// them. Not too many to be held in memory.
std::unique_ptr<CompanyStream> read_customers_of(Transaction& tx, SchemaProfile profile,
                                                 TenantId management,
                                                 std::span<std::string const> tags,
                                                 std::span<CompanyId const> companies,
                                                 std::span<TenantId const> tenants);

/// In whatever transaction; lives in it.
std::unique_ptr<CompanyLookup> company_lookup(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags);

}  // namespace tracking::models
