#pragma once

#include "models/values/blast_radius.hpp"
#include "models/values/company.hpp"
#include "models/values/tenant.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::reconcile {

/// A tenant and its customer, linked by the tenant's id.
struct Pair
{
    models::Tenant tenant;
    models::Company company;
};

/// Several companies that are linked to one tenant.
struct Crowd
{
    models::Tenant tenant;
    std::vector<models::Company> companies;
};

/// What was read, counted while it went by.
struct Counts
{
    std::size_t tenants = 0;    ///< all but the management tenant
    std::size_t companies = 0;  ///< tagged or linked
    std::size_t tracked = 0;    ///< tenants with a company linked by their id
    std::size_t other_product = 0;
    std::size_t excluded = 0;
    std::size_t young = 0;
    std::size_t suspended = 0;
    std::size_t ignored = 0;  ///< companies that say "ignore"
    std::size_t settled = 0;  ///< inactive companies without tenant

    // Each tenant in scope is in one of these. They are counted where the comparison meets it, and
    // not one from the others, so that their sum says whether none was lost on the way.
    std::size_t in_scope = 0;
    std::size_t whole = 0;       ///< everything about its customer is as it should be
    std::size_t differing = 0;   ///< the drift names it
    std::size_t left_alone = 0;  ///< its customer says "ignore"
    std::size_t unwatched = 0;   ///< what differs is of kinds that are off

    bool is_complete() const { return in_scope == whole + differing + left_alone + unwatched; }
    std::size_t out_of_scope = 0;  ///< active ones whose tenant is gone, and was not looked after
};

/// Companies that need no look, but are linked to a tenant for which others are kept: who reads
/// again by tenant reads them too.
struct Beside
{
    std::vector<models::CompanyId> companies;  ///< settled, or they say "ignore"
    std::size_t settled = 0;                   ///< of these
};

/// A company that is left alone for a word under `properties.reconcile` that is not "ignore".
struct OddWord
{
    models::CompanyId company;
    std::string name;
    std::string word;
};

/// Where and when both sides were read.
struct Occasion
{
    models::TenantId management;  ///< the tenant whose customers they are
    std::chrono::sys_days today;  ///< the server's
};

/// Both sides after what is in order has been taken away: memory follows the drift.
struct State
{
    Occasion occasion;
    Counts counts;
    std::vector<Pair> pairs;  ///< linked by id, with something to say about them
    std::vector<Crowd> crowds;
    std::vector<models::Tenant> open;      ///< no company is linked to their id; of those that are
                                           ///< not looked after only what `loose` may belong to
    std::vector<models::Company> loose;    ///< the link is no UUID: what the old workflow wrote;
                                           ///< those that say "ignore" only hold their names
    std::vector<models::Company> orphans;  ///< active, and the link is a UUID that names no tenant
    Beside beside;

    /// How many tenants, open or not, have the name, where several do; for the names and links of
    /// loose companies.
    std::unordered_map<std::string, int> bearers;

    std::vector<models::Company> named;  ///< companies that hold a wanted name
    /// Of open tenants for whom not the first id that a company is made with is free.
    std::unordered_map<models::TenantId, models::CompanyId> company_ids;

    /// For orphans, where the policy asks for their deletion.
    std::unordered_map<models::CompanyId, models::BlastRadius> blast_radii;

    std::vector<OddWord> odd_words;

    std::size_t tagged_as_of_old = 0;  ///< companies, see count_tagged_as_of_old()

    std::vector<models::EmailHolder> holders;  ///< contacts that hold a wanted e-mail
    std::map<DriftKey, Sighting> sightings;    ///< what earlier runs have seen, of every kind
};

/// What a State holds on to of both sides, so that it can be read again, alone, to see what has
/// become of it.
struct Remainder
{
    std::vector<models::TenantId> tenants;
    std::vector<models::CompanyId> companies;
    Counts others;  ///< what was counted besides
    std::unordered_map<std::string, int> bearers;

    std::size_t size() const { return tenants.size() + companies.size(); }
};

/// Empty where it is so much that it is not worth its memory.
Remainder remainder_of(State const& state);

/// Makes of a State that was read from a remainder one that counts all, as far as that was known.
void complete(State& state, Remainder const& remainder);

/// Whether a tenant is to be kept in the State: with its company, or with null where it has none
/// and would be left out.
using Keep = std::function<bool(models::Tenant const&, models::Company const*)>;

/// Merges the two ordered streams in one pass.
State merge(Occasion const& occasion, models::CompanyStream& companies,
            models::TenantStream& tenants, Policy const& policy, Keep const& keep);

/// Asks who holds the names, ids and addresses that creates and repairs would need.
void look_up(State& state, models::CompanyLookup& lookup, Policy const& policy);

/// Nothing would be done or said about this pair.
bool is_in_order(models::Tenant const& tenant, models::Company const& company,
                 Policy const& policy);

/// The company is all that the tenant's customer should be, whatever its link reads.
bool is_whole_but_for_link(models::Tenant const& tenant, models::Company const& company,
                           Policy const& policy);

}  // namespace tracking::reconcile
