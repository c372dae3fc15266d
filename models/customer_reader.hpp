#pragma once

#include "models/company.hpp"
#include "models/database.hpp"
#include "models/schema.hpp"
#include "models/tenant.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

struct ManagementTenant
{
    TenantId id;
    std::string name;
};

/// Which row of `tenants` is the vendor's own. @throws ManagementTenantUnknown unless one row has
/// that id, or, where no id is given, that name.
ManagementTenant find_management_tenant(Transaction& tx, SchemaProfile profile,
                                        std::optional<TenantId> pinned, std::string_view name);

struct NamedTenant
{
    TenantId id;
    std::string name;
};

/// The tenants of that id or exact name, the management tenant included, in ascending order.
std::vector<NamedTenant> find_tenants(Transaction& tx, SchemaProfile profile,
                                      std::string_view id_or_name);

/// All tenants but `management`, with their admins. Lives in the transaction.
std::unique_ptr<TenantStream> read_tenants(Transaction& tx, SchemaProfile profile,
                                           TenantId management,
                                           Fetching fetching = Fetching::OnDemand);

/// Companies of `management` that carry one of `tags` or a link, each with those of `tags` that it
/// has. One statement; lives in the transaction, whose other statements it keeps from nested loops.
std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags,
                                              Fetching fetching = Fetching::OnDemand);

/// A part of both sides.
struct Selection
{
    std::vector<TenantId> tenants;
    std::vector<CompanyId> companies;

    std::size_t size() const { return tenants.size() + companies.size(); }
};

/// As read_tenants, but only those that are selected.
std::unique_ptr<TenantStream> read_tenants_of(Transaction& tx, SchemaProfile profile,
                                              TenantId management, Selection const& selection);

/// As read_customers, but only the companies that are selected or linked to a selected tenant.
std::unique_ptr<CompanyStream> read_customers_of(Transaction& tx, SchemaProfile profile,
                                                 TenantId management,
                                                 std::span<std::string const> tags,
                                                 Selection const& selection);

std::unique_ptr<CompanyLookup> company_lookup(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags);

/// Those of the tenants that exist, in ascending order.
std::vector<TenantId> existing_tenants(Transaction& tx, std::span<TenantId const> tenants);

}  // namespace tracking::models
