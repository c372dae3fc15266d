#pragma once

#include "models/pg/database.hpp"
#include "models/reading/customer_reader.hpp"
#include "models/schema/schema.hpp"
#include "models/values/company.hpp"

#include <memory>
#include <span>

namespace tracking::models {

/// As read_customers, but only companies that are among `companies` or were made for one of
/// `tenants`. Where none of these is linked to a tenant, the companies linked to it are read too;
/// that search comes last, since the platform has no index for it. All are held in memory, so there
/// must not be too many.
std::unique_ptr<CompanyStream> read_customers_of(Transaction& tx, SchemaProfile const& profile,
                                                 TenantId management, SoughtTags const& tags,
                                                 std::span<CompanyId const> companies,
                                                 std::span<TenantId const> tenants);

/// Works in any transaction, and lives in it.
std::unique_ptr<CompanyLookup> company_lookup(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, SoughtTags const& tags);

}  // namespace tracking::models
