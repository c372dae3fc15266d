#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/tenant.hpp"

#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

struct NamedTenant
{
    TenantId id;
    std::string name;
};

/// Which row of `tenants` is the vendor's own: the row with the id `pinned`, or with that name
/// where no id is given. @throws ManagementTenantUnknown where there is not exactly one
NamedTenant find_management_tenant(Transaction& tx, SchemaProfile const& profile,
                                   std::optional<TenantId> pinned, std::string_view name);

/// The tenants with that id or exactly that name, the management tenant included, in order of id.
std::vector<NamedTenant> find_tenants(Transaction& tx, SchemaProfile const& profile,
                                      std::string_view id_or_name);

/// All tenants but `management`, with these of their admins. Lives in the transaction.
std::unique_ptr<TenantStream> read_tenants(Transaction& tx, SchemaProfile const& profile,
                                           TenantId management, Admins admins = Admins::First,
                                           Fetching fetching = Fetching::InPieces);

/// As read_tenants, but only these tenants.
std::unique_ptr<TenantStream> read_tenants_of(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, Admins admins,
                                              std::span<TenantId const> tenants);

/// Those of the tenants that exist, in order of id. get() waits.
std::future<std::vector<TenantId>> ask_for_existing_tenants(Transaction& tx,
                                                            SchemaProfile const& profile,
                                                            std::span<TenantId const> tenants);

}  // namespace tracking::models
