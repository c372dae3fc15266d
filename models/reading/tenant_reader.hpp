#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/tenant.hpp"

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
                                           Fetching fetching = Fetching::InPieces);

/// As read_tenants, but only those.
std::unique_ptr<TenantStream> read_tenants_of(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<TenantId const> tenants);

/// Those of the tenants that exist, in ascending order.
std::vector<TenantId> existing_tenants(Transaction& tx, SchemaProfile const& profile,
                                       std::span<TenantId const> tenants);

}  // namespace tracking::models
