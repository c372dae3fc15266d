#pragma once

#include "reconcile/reading/state.hpp"

#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// What makes a company a candidate for a tenant. The order is that of precedence.
enum class Sign
{
    Uuid,     ///< the link is the tenant's id
    Mention,  ///< the link cannot be read, but mentions the tenant's id or name
    Name,     ///< link text or company name = tenant name
    Email,    ///< a contact of the company has the admin's e-mail
};

std::string_view name_of(Sign sign);

/// Points into the State.
struct Candidate
{
    models::Company const* company;
    Sign sign;
};

/// Every company of the state that anything speaks for, each once by its strongest sign, for a
/// person to look at. Whether a match is unique, and so adopted, is what match() decides.
std::vector<Candidate> candidates_of(models::Tenant const& tenant, State const& state);

/// Calls `visit` for each company that the state holds, whatever its role; one may come twice.
void for_each_company(State const& state, auto const& visit)
{
    for (auto const& pair : state.pairs)
        visit(pair.company);
    for (auto const& crowd : state.crowds) {
        for (auto const& company : crowd.companies)
            visit(company);
    }
    for (auto const* companies : {&state.loose, &state.orphans, &state.named}) {
        for (auto const& company : *companies)
            visit(company);
    }
}

}  // namespace tracking::reconcile
