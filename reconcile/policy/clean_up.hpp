#pragma once

#include "models/values/blast_radius.hpp"
#include "models/values/change.hpp"
#include "models/values/company.hpp"
#include "reconcile/policy/policy.hpp"

#include <optional>

namespace tracking::reconcile {

/// What the policy makes of a company whose link names a tenant that is gone. Nothing: it is only
/// reported, or carries no customer tag any more where that is all that is to be done. A deletion
/// needs a blast radius that is known (not null) and clear; else the company is deactivated.
std::optional<models::Change> clean_up_of(models::Company const& orphan, Policy const& policy,
                                          models::BlastRadius const* radius);

}  // namespace tracking::reconcile
