#pragma once

#include "reconcile/reading/state.hpp"

#include <set>
#include <vector>

namespace tracking::reconcile {

/// How a company whose link is not stamped was recognised as the customer of a tenant.
enum class Tier
{
    Uuid,   ///< link = tenant id, but not in the platform's spelling
    Made,   ///< its id is the one that the job makes for the tenant
    Name,   ///< link text or company name = tenant name
    Email,  ///< a contact of the company has the wanted contact's e-mail
    Look,   ///< the name only looks like the tenant's: never adopted, and never ignored
};

/// Points into the State that was matched.
struct Adoption
{
    models::Tenant const* tenant;
    models::Company const* company;
    Tier tier;
};

/// Tenants and companies that hang together by names, links or addresses, in no way that is unique:
/// a tenant has several candidates, a company fits several tenants, or other tenants have the name
/// and no contact tells them apart. No tenant or company is in two groups.
struct Ambiguity
{
    std::vector<models::Tenant const*> tenants;     ///< in the order of the State
    std::vector<models::Company const*> companies;  ///< by id
    std::set<Tier> tiers;
};

struct Matching
{
    std::vector<Adoption> adoptions;
    std::vector<Ambiguity> ambiguities;
    /// The link of a company in the group cannot be read: it may be any tenant's.
    std::vector<Ambiguity> illegible;
    std::vector<models::Tenant const*> unmatched;
    std::vector<models::Company const*> unlinked;  ///< loose, and no tenant's candidate
};

/// Matches open tenants with loose companies: by the company's id, by name, then by e-mail. Adopts
/// only a match that is unique both ways. Deterministic: the order of tenants and company ids only
/// decides the order of the result.
///
/// By id: a company that the job has made for the tenant is its customer, though link and tag are
/// lost. Where the link names something else, the match is ambiguous.
///
/// By name: where several tenants have the name, the company is a candidate only for those whose
/// wanted contact it has. Where it has none of theirs, the match is ambiguous. A company that was
/// found only by its name (no tag, no link) is a candidate only where it has the wanted contact.
///
/// By looks: what is left on both sides, and only looks as if it had one name, is ambiguous.
///
/// A company that says "ignore" is no tenant's candidate. A company whose link cannot be read is
/// also a candidate for the tenants that the link mentions. It is never adopted.
///
/// The cost follows the number of tenants and companies, however many of them share a name.
Matching match(State const& state);

}  // namespace tracking::reconcile
