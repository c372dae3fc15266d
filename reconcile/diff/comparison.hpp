#pragma once

// How the files of this folder compare the two sides: a function for each thing that can differ,
// and the state that they share. For reconcile/diff/*.cpp only.

#include "reconcile/match/match.hpp"
#include "reconcile/match/name_registry.hpp"
#include "reconcile/plan/plan.hpp"
#include "reconcile/policy/remarks.hpp"
#include "reconcile/policy/restraints.hpp"
#include "reconcile/reading/state.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::reconcile {

/// What the drift of an adoption is made from.
struct Stamp
{
    models::AdoptCompany change;
    std::string tenant_name;
    Tier tier{};
    bool is_prospect = false;
};

/// Contacts of a company that are to follow their users.
struct Following
{
    std::vector<models::FollowingContact> contacts;
    std::optional<models::CompanyId> together;
};

/// A name that a company can take, also where other companies pass it on to one another.
struct Renaming
{
    std::optional<models::CompanyId> together;
};

/// A tenant that does without a name or an address, since a company holds it.
struct Contest
{
    models::TenantId tenant;
    models::CompanyId company;  ///< its own; nil: it has none yet
    models::CompanyId holder;
};

/// What is compared, and the plan as it grows.
struct Comparison
{
    Comparison(State both_sides, Policy const& the_policy, Room room);

    /// Adds the drift to the plan. Returns its restraint; nothing where its kind is off.
    std::optional<Restraint> add(Drift drift);
    void add_invalid(Drift drift, std::string detail);

    /// Makes room for so many more differences, listed or only counted.
    void reserve(std::size_t further);

    std::optional<Sighting> earlier_sighting_of(Drift const& drift) const;

    /// Says of a change that the job makes again and again: two who write must be seen, not fed.
    void note_repetition(Drift& drift) const;
    std::string const& tag_of(models::Tenant const& tenant) const;

    /// Notes that the tenant's changes depend on those of the others.
    void tie(models::Tenant const& tenant, std::vector<models::TenantId> const& others);
    /// The same, of those whose changes decide who holds the name.
    /// `company` is null where the tenant has none yet.
    void tie_to_holders(models::Tenant const& tenant, models::Company const* company,
                        std::string const& name);
    /// Ties tenants to the companies that hold what they want, where these will give it up: by a
    /// new name, or as they are deleted. Call it when all changes are known.
    void settle_contests();

    State state;
    Policy const& policy;
    std::optional<NameRegistry> names;  ///< of `state`
    Restraints restraints;
    Remarks remarks;            ///< of which there may be many
    Link link = Link::Stamped;  ///< of the pair that is being compared
    bool is_off = false;        ///< drift of the tenant was left out, since its kind is off
    std::map<Scope, std::vector<std::string>> left_out;  ///< customers whose tenant is gone
    std::unordered_map<models::CompanyId, Following> following;
    std::unordered_map<models::CompanyId, Renaming> renamings;  ///< to the tenant's own name
    std::vector<Contest> contests;
    std::size_t names_taken = 0;  ///< new customers that get a distinct name
    std::vector<Stamp> stamps;    ///< of adoptions that leave nothing else to do
    Plan plan;
    Room room;              ///< for items of each kind
    std::size_t uncut = 0;  ///< how many items there may be before they are cut again
    std::size_t added = 0;  ///< differences, so far
};

/// `company` may be null.
Drift about(DriftKind kind, models::Tenant const& tenant, models::Company const* company);

/// Why the models would refuse the tenant's name; empty: they accept it.
std::string objection_to(models::Tenant const& tenant);

// --- missing.cpp

void create(Comparison& comparison, models::Tenant const& tenant);

// --- adoption.cpp

/// Returns false where there is nothing else to compare: the link cannot be stamped at all, or
/// everything is in order once it is.
bool adopt(Comparison& comparison, models::Tenant const& tenant, models::Company const& company,
           Tier tier);
Drift unstamped(Stamp stamp);

// --- repairs.cpp

/// Adds all that differs between a tenant and its customer, except the link.
void repair(Comparison& comparison, models::Tenant const& tenant, models::Company const& company);

// --- passing.cpp

/// Finds the names and addresses that companies can take, one from another, before any pair is
/// compared.
void find_what_passes(Comparison& comparison, Matching const& matching);

// --- people.cpp

/// The active user for whom the job has made the contact; null where there is none, or somebody has
/// touched the contact.
models::ActiveUser const* user_of(People const& people, models::OwnContact const& contact);

/// Whether the company has a contact with the user's new address already, which stays there. Then
/// the one with the former address has nothing to follow to.
bool is_replaced(models::Company const& company, People const& people,
                 models::OwnContact const& contact, models::ActiveUser const& user);

/// Adds what differs between the contacts that the job or the workflow made and the tenant's users.
/// Returns the company as it will be: with the addresses that its contacts have then.
models::Company compare_people(Comparison& comparison, models::Tenant const& tenant,
                               models::Company const& company);

// --- contacts.cpp

/// The contacts that a company is to get, and what prevents others.
struct ContactPlan
{
    std::vector<models::PlannedContact> contacts;
    std::optional<Drift> obstacle;
    bool is_fallback = false;  ///< the first is the tenant's own address
};

/// `company` is null while it is only planned. The company itself may hold an address already, as
/// an additional address of another contact.
ContactPlan plan_contacts(Comparison& comparison, models::Tenant const& tenant,
                          models::CompanyId id, models::Company const* company);

/// Reports on planned contacts. `held` is the restraint of the change that would make them. The
/// company is one of the State, or null while it is only planned.
void follow_up(Comparison& comparison, ContactPlan const& planned, models::Tenant const& tenant,
               models::Company const* company, Restraint held);

// --- orphans.cpp

void clean_up(Comparison& comparison, models::Company const& company);

/// A sentence on customers whose tenant is gone and that the scope leaves alone. Names the first
/// few.
std::string left_out(Scope scope, std::vector<std::string> const& companies);

// --- ignored.cpp

void leave_alone(Comparison& comparison, models::Tenant const& tenant,
                 models::Company const& company);

/// Remarks on companies whose `properties.reconcile` is not "ignore". Whoever wrote it wanted
/// something of the job, so it is safer to leave the company alone.
void note_odd_words(Comparison& comparison);

/// What an earlier run may have noted the drift by: a tenant whose customer cannot get a contact
/// may have had no company then.
std::vector<DriftKey> earlier_keys_of(Drift const& drift);
/// The same of a difference that names one tenant at most.
std::vector<DriftKey> earlier_keys_of(DriftKey const& key);

// --- anomalies.cpp

/// `tenants` are those of the group that are looked after, at least one.
void report(Comparison& comparison, std::vector<models::Tenant const*> const& tenants,
            Ambiguity const& ambiguity);

/// Takes the company with the lowest id for the customer and reports the others. Changes none.
void report(Comparison& comparison, Crowd const& crowd);

/// A company may be one of these tenants', but its link cannot be read. The link is not
/// overwritten, and the tenants get no other company.
void report_illegible(Comparison& comparison, std::vector<models::Tenant const*> const& tenants,
                      Ambiguity const& ambiguity);
void report_unlinked(Comparison& comparison, models::Company const& company);

}  // namespace tracking::reconcile
