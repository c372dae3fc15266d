#pragma once

#include "models/values/blast_radius.hpp"
#include "models/values/change.hpp"
#include "models/values/company.hpp"
#include "reconcile/policy/policy.hpp"

#include <optional>

namespace tracking::reconcile {

/// How the policy cleans up a company whose link names a tenant that is gone. Nothing where the
/// policy only reports it, or only removes customer tags and the company has none. A deletion needs
/// a blast radius that is known (not null) and clear. Where it is not, the company is deactivated.
std::optional<models::Change> clean_up_of(models::Company const& orphan, Policy const& policy,
                                          models::BlastRadius const* radius);

}  // namespace tracking::reconcile
