#pragma once

// The frame in which the files of this folder compare the two sides: a function for each thing that
// can differ, and what they share. For reconcile/diff/*.cpp only.

#include "reconcile/match/match.hpp"
#include "reconcile/match/name_registry.hpp"
#include "reconcile/plan/plan.hpp"
#include "reconcile/policy/restraints.hpp"
#include "reconcile/reading/state.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// An adoption, as far as its drift tells of it.
struct Stamp
{
    models::AdoptCompany change;
    std::string tenant_name;
    Tier tier{};
    bool is_prospect = false;
};

/// What is compared, and the plan as it grows.
struct Comparison
{
    Comparison(State both_sides, Policy const& the_policy);

    /// Puts it into the plan. Returns what holds it; nothing where its kind is off.
    std::optional<Restraint> add(Drift drift);
    void add_invalid(Drift drift, std::string detail);

    std::optional<Sighting> earlier_sighting_of(Drift const& drift) const;
    std::string const& tag_of(models::Tenant const& tenant) const;

    State state;
    Policy const& policy;
    std::optional<NameRegistry> names;  ///< of `state`
    Restraints restraints;
    Link link = Link::Stamped;  ///< of the pair that is being compared
    bool is_off = false;        ///< there was something to say of the tenant, of a kind that is off
    std::map<Scope, std::vector<std::string>> left_out;  ///< customers whose tenant is gone
    std::set<models::CompanyId> told_illegible;
    std::vector<Stamp> stamps;  ///< of adoptions after which everything is in order
    Plan plan;
};

/// `company` may be null.
Drift about(DriftKind kind, models::Tenant const& tenant, models::Company const* company);

/// What the models would refuse about a tenant's name; empty: nothing.
std::string objection_to(models::Tenant const& tenant);

// --- missing.cpp

void create(Comparison& comparison, models::Tenant const& tenant);

// --- adoption.cpp

/// False: there is nothing else to compare. Either the link cannot be stamped at all, or everything
/// is in order then.
bool adopt(Comparison& comparison, models::Tenant const& tenant, models::Company const& company,
           Tier tier);
Drift unstamped(Stamp stamp);

// --- repairs.cpp

/// Whatever differs between a tenant and its customer, beside the link.
void repair(Comparison& comparison, models::Tenant const& tenant, models::Company const& company);

// --- contacts.cpp

/// The contact that a company is to get, or what is in the way.
struct ContactPlan
{
    std::optional<models::PlannedContact> contact;
    std::optional<Drift> obstacle;
    bool is_fallback = false;
};

/// `company` is null while it is only planned. An address that the company itself holds already is
/// an additional one of another contact.
ContactPlan plan_contact(Comparison const& comparison, models::Tenant const& tenant,
                         models::CompanyId id, models::Company const* company);

/// What is said about a contact, once it is known what becomes of the change that brings it.
void follow_up(Comparison& comparison, ContactPlan const& planned, models::Tenant const& tenant,
               models::CompanyId company, Restraint held);

// --- orphans.cpp

void clean_up(Comparison& comparison, models::Company const& company);

/// A sentence on customers without tenant that the scope leaves alone, the first ones by name.
std::string left_out(Scope scope, std::vector<std::string> const& companies);

// --- ignored.cpp

void leave_alone(Comparison& comparison, models::Tenant const& tenant,
                 models::Company const& company);

/// Whoever wrote it wanted something of the job: better to leave one company too many alone.
void note_odd_words(Comparison& comparison);

// --- anomalies.cpp

void report(Comparison& comparison, Ambiguity const& ambiguity);

/// The first by id is taken for the customer, the others are reported; none of them is touched.
void report(Comparison& comparison, Crowd const& crowd);

/// A company may be this tenant's, but its link cannot be read: neither is it overwritten, nor is
/// another company made beside it.
void report_illegible(Comparison& comparison, Ambiguity const& ambiguity);
void report_unlinked(Comparison& comparison, models::Company const& company);

}  // namespace tracking::reconcile
