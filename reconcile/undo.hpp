#pragma once

#include "models/past_change.hpp"
#include "reconcile/drift.hpp"
#include "reconcile/policy.hpp"

#include <span>
#include <vector>

namespace tracking::reconcile {

/// What would take back the changes of a run, given in the order in which they were applied: at
/// most one Restore a company, whatever was done to it, in an order in which they can be applied.
/// Changes that changed nothing (failed, stale, already present) are left out; those whose images
/// do not say enough come without a Restore, with the reason. Pure.
std::vector<Drift> inverse_of(std::span<models::PastChange const> changes, Policy const& policy);

}  // namespace tracking::reconcile
