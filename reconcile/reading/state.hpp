#pragma once

#include "models/values/blast_radius.hpp"
#include "models/values/company.hpp"
#include "models/values/past_clean_up.hpp"
#include "models/values/people.hpp"
#include "models/values/tenant.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
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

/// Counts of what was read, kept or not.
struct Counts
{
    std::size_t tenants = 0;    ///< all except the management tenant
    std::size_t companies = 0;  ///< tagged or linked
    std::size_t tracked = 0;    ///< tenants with a company linked by their id
    std::size_t other_product = 0;
    std::size_t excluded = 0;
    std::size_t young = 0;
    std::size_t suspended = 0;
    std::size_t ignored = 0;  ///< companies that say "ignore"
    std::size_t settled = 0;  ///< companies without tenant that are done: inactive or untagged
    std::size_t untyped = 0;  ///< companies whose contact has no type of address, see Company

    // Each tenant in scope is in one of these four. Each is counted where the comparison meets the
    // tenant. None is computed from the others, so their sum shows whether a tenant was lost.
    std::size_t in_scope = 0;
    std::size_t whole = 0;       ///< its customer is as it should be
    std::size_t differing = 0;   ///< drift names it
    std::size_t left_alone = 0;  ///< its customer says "ignore"
    std::size_t unwatched = 0;   ///< it differs only in kinds that are off

    bool is_complete() const { return in_scope == whole + differing + left_alone + unwatched; }
    std::size_t out_of_scope = 0;  ///< active companies without tenant that the scope leaves out
};
/// What a report tells, in its order.
BOOST_DESCRIBE_STRUCT(Counts, (),
                      (tenants, tracked, young, suspended, excluded, other_product, companies,
                       settled, ignored, in_scope, whole, differing, left_alone, unwatched,
                       out_of_scope))

/// Companies that are in order, but linked to the same tenant as companies that are kept. A second
/// reading by tenant finds them too.
struct Beside
{
    std::vector<models::CompanyId> companies;  ///< settled ones, and those that say "ignore"
    std::size_t settled = 0;                   ///< how many of `companies` are settled
};

/// The people behind a company's contacts, where one of the contacts may not be as it should.
struct People
{
    std::vector<models::OwnContact> contacts;     ///< that the job or the workflow made
    std::vector<models::WrittenContact> written;  ///< what the job has written to contacts
    std::vector<models::ActiveUser> users;        ///< of the tenant
};

/// A company that is left alone because of a word in `properties.reconcile` other than "ignore".
struct OddWord
{
    models::CompanyId company;
    std::string name;
    std::string word;
};

/// For which management tenant, and when, both sides were read.
struct Occasion
{
    models::TenantId management;  ///< the tenant whose customers they are
    std::chrono::sys_days today;  ///< by the server's clock
};

/// A run that noted the drift that it left, so that today's can be compared with it.
struct ComparedRun
{
    std::chrono::sys_seconds ended;
    std::optional<models::RunId> id{};  ///< a person named it; nothing: it is the last one
    std::size_t left = 0;               ///< items; of a named one only
};

/// Both sides without what is in order, so that memory grows with the drift only.
struct State
{
    Occasion occasion;
    Counts counts;
    std::vector<Pair> pairs;  ///< linked by id, and Keep wanted them
    std::vector<Crowd> crowds;
    /// Tenants that no company is linked to by id. One outside the scope is here only where a loose
    /// company may be its own, or where Keep wanted it.
    std::vector<models::Tenant> open;
    /// Companies whose link is no UUID, as the old workflow wrote it, or that have none. Those that
    /// say "ignore" are here only because they hold a name.
    std::vector<models::Company> loose;
    std::vector<models::Company> orphans;  ///< active, and the link is a UUID that names no tenant
    Beside beside;

    /// How many tenants, open or not, have a name that is the name or link of a loose company. Only
    /// names that several tenants have.
    std::unordered_map<std::string, int> bearers;

    /// Companies that hold a wanted name or one that looks like it, or have an id that was made for
    /// an open tenant.
    std::vector<models::Company> named;
    /// Companies without an owner that have an id which the job makes for this open tenant only.
    std::unordered_map<models::CompanyId, models::TenantId> made;
    /// The id for an open tenant's new company, where the usual first id is taken.
    std::unordered_map<models::TenantId, models::CompanyId> company_ids;

    /// Of orphans, where the policy asks for their deletion.
    std::unordered_map<models::CompanyId, models::BlastRadius> blast_radii;

    std::vector<OddWord> odd_words;

    std::size_t tagged_as_of_old = 0;  ///< companies, see count_tagged_as_of_old()

    std::unordered_map<models::CompanyId, People> people;
    /// Companies of live tenants that the job itself has cleaned up.
    std::unordered_map<models::CompanyId, models::PastCleanUp> clean_ups;
    /// By company and name of the change: in how many of the last runs.
    std::map<std::pair<models::CompanyId, std::string>, int> often_changed;

    std::vector<models::EmailHolder> holders;  ///< contacts that hold a wanted e-mail
    std::map<DriftKey, Sighting> sightings;    ///< by earlier runs, of every kind
    std::optional<ComparedRun> compared;       ///< nothing: no run has noted its sightings
};

/// The id of the company that the open tenant gets, unless it adopts one.
models::CompanyId id_of_new_company(State const& state, models::TenantId tenant);

/// Whether the State is to hold a tenant. The company is the one linked to it; null: it has none,
/// and would be left out otherwise.
using Keep = std::function<bool(models::Tenant const&, models::Company const*)>;

/// Merges the two ordered streams in one pass.
State merge(Occasion const& occasion, models::CompanyStream& companies,
            models::TenantStream& tenants, Policy const& policy, Keep const& keep);

/// Whether nothing would be done or reported about this pair.
bool is_in_order(models::Tenant const& tenant, models::Company const& company,
                 Policy const& policy);

/// Whether the company is as the tenant's customer should be, apart from its link.
bool is_whole_but_for_link(models::Tenant const& tenant, models::Company const& company,
                           Policy const& policy);

}  // namespace tracking::reconcile
