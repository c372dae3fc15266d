#pragma once

#include "config/settings/config.hpp"
#include "models/rules/id.hpp"
#include "models/schema/grants.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/policy/policy.hpp"

#include <chrono>

namespace tracking::job {

/// The configuration in the words of reconcile/.
/// @throws config::ConfigError for a tag that the models refuse
reconcile::Policy policy_from(config::Config const& config, models::TenantId management,
                              std::chrono::sys_seconds server_time);

/// What a clean-up of that mode takes away.
models::Removal removal_of(config::CleanupMode mode);

reconcile::Guards guards_from(config::Guards const& guards);

}  // namespace tracking::job
