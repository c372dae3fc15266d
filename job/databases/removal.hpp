#pragma once

#include "models/schema/grants.hpp"
#include "reconcile/policy/policy.hpp"

namespace tracking::job {

/// What a clean-up of this mode removes.
models::Removal removal_of(reconcile::CleanupMode mode);

}  // namespace tracking::job
