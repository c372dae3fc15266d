#pragma once

#include "reconcile/reading/state.hpp"

#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// How a tenant and a company whose link is not stamped recognise each other.
enum class Tier
{
    Uuid,   ///< link = tenant id, in another spelling than the canonical one
    Name,   ///< link text or company name = tenant name
    Email,  ///< a contact of the company has the admin's e-mail
};

std::string_view name_of(Tier tier);

/// Points into the State that was matched.
struct Adoption
{
    models::Tenant const* tenant;
    models::Company const* company;
    Tier tier;
};

/// A tenant with candidates of which none is the only one for it, or it not the only one for them.
struct Ambiguity
{
    models::Tenant const* tenant;
    std::vector<models::Company const*> candidates;
    Tier tier;
};

struct Matching
{
    std::vector<Adoption> adoptions;
    std::vector<Ambiguity> ambiguities;
    std::vector<Ambiguity>
        illegible;  ///< a candidate's link cannot be read: it may be any tenant's
    std::vector<models::Tenant const*> unmatched;
    std::vector<models::Company const*> unlinked;  ///< loose, and nobody's candidate
};

/// Matches open tenants with loose companies, by name first, then by e-mail. Only what is unique
/// both ways is adopted. Deterministic: the order of tenants and of company ids decides nothing but
/// the order of the result.
///
/// By name: where several tenants have it, those whose admin is a contact of the company are the
/// candidates; where none is, a match cannot be told. A company that was found by nothing but its
/// name (no tag, no link) is a candidate only with that contact.
///
/// A company that says "ignore" is nobody's candidate. One with a link that is not legible is that
/// of the tenants, too, which the link mentions, and is never adopted.
Matching match(State const& state);

}  // namespace tracking::reconcile
