#pragma once

#include "models/values/company.hpp"
#include "models/values/people.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

namespace tracking::reconcile {

/// Where a state is looked up further.
struct Lookups
{
    models::CompanyLookup& companies;
    models::PeopleLookup& people;
    /// The same companies, which another thread may ask about at the same time; null: there is no
    /// second session for that.
    models::CompanyLookup* beside = nullptr;
};

/// Looks up the people behind contacts, what the job cleaned up, and who holds the names, ids and
/// addresses that changes would need.
void look_up(State& state, Lookups const& lookups, Policy const& policy);

}  // namespace tracking::reconcile
