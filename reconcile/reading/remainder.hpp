#pragma once

#include "reconcile/reading/state.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::reconcile {

/// The tenants and companies that a State holds. A second reading of these alone shows what has
/// become of them.
struct Remainder
{
    std::vector<models::TenantId> tenants;
    std::vector<models::CompanyId> companies;
    Counts others;  ///< the counts of everything else
    std::unordered_map<std::string, int> bearers;

    std::size_t size() const { return tenants.size() + companies.size(); }
};

/// Empty where the State holds so much that reading everything again costs less.
Remainder remainder_of(State const& state);

/// Adds the counts of everything else to a State that was read from a remainder.
void complete(State& state, Remainder const& remainder);

}  // namespace tracking::reconcile
