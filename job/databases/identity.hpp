#pragma once

#include "config/settings/config.hpp"
#include "models/journal/journal_pin.hpp"
#include "models/pg/database.hpp"
#include "models/reading/customer_holders.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/schema/inspection.hpp"
#include "models/schema/schema.hpp"

#include <optional>
#include <string>

namespace tracking::job {

/// The management tenant that the configuration names. Where it gives id and name, both must fit.
/// @throws models::ManagementTenantUnknown; AccessDenied where row security hides it
models::NamedTenant configured_tenant(models::Transaction& tx, models::SchemaProfile const& profile,
                                      config::Config const& config);

/// The command with which a person pins another management tenant from now on.
std::string command_to_pin(models::NamedTenant const& next, std::string const& former);

/// @throws models::ManagementTenantUnknown, with both names, where the journal has pinned another
/// one
void require_pinned(models::NamedTenant const& configured, models::Pin const& pin);

/// Another tenant that holds customers. To be asked where the management tenant has neither a
/// tagged nor a linked company: then the configuration may name the wrong one.
std::optional<models::CustomerHolder> other_holder_of_customers(
    models::Transaction& tx, models::SchemaProfile const& profile,
    models::NamedTenant const& tenant, config::Config const& config);

/// A sentence that says so.
std::string doubt_about(models::NamedTenant const& tenant, models::CustomerHolder const& holder);

/// How far a source that is a standby lags, as a sentence without a full stop.
std::string lag_of(models::Standby const& standby);

}  // namespace tracking::job
