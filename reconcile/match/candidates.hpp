#pragma once

#include "reconcile/reading/state.hpp"

#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// What makes a company a candidate for a tenant, the strongest sign first.
enum class Sign
{
    Uuid,     ///< the link is the tenant's id
    Made,     ///< its id is the one that the job makes for the tenant
    Mention,  ///< the link cannot be read, but mentions the tenant's id or name
    Name,     ///< link text or company name = tenant name
    Email,    ///< a contact of the company has the wanted contact's e-mail
    Look,     ///< link text or company name only looks like the tenant's name
};

std::string_view name_of(Sign sign);

/// Points into the State.
struct Candidate
{
    models::Company const* company;
    Sign sign;
};

/// Every company of the state that has a sign for the tenant, once, with its strongest sign. This
/// is for a person to look at: match() decides whether a match is unique, and so adopted.
std::vector<Candidate> candidates_of(models::Tenant const& tenant, State const& state);

/// Calls `visit` for each company in the state, whatever its role. A company may come twice.
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
