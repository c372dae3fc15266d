#pragma once

#include "reconcile/policy/drift.hpp"
#include "reconcile/reading/state.hpp"

#include <string>
#include <vector>

namespace tracking::reconcile {

/// The drift and the changes that would remove it.
struct Plan
{
    Counts counts;
    std::vector<Drift> drift;          ///< by kind, tenant id, company id
    std::vector<Drift> left_alone;     ///< tenants in scope whose customer says "ignore", by id
    std::vector<std::string> remarks;  ///< sentences: lapsed waivers, tags of former products, ...
    Remainder remainder;               ///< what it was made from; empty where that was not kept

    /// Whether the job would change anything.
    bool has_due_changes() const;
};

}  // namespace tracking::reconcile
