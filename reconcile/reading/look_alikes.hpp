#pragma once

#include "models/values/company.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

namespace tracking::reconcile {

/// Adds the companies without a link whose name looks like that of a tenant which would get a new
/// company. A tenant whose very name or link a loose company has needs no such look: it is
/// recognised by that.
void look_up_look_alikes(State& state, models::CompanyLookup& lookup, Policy const& policy);

}  // namespace tracking::reconcile
