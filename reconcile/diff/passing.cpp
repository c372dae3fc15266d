// Names and addresses that pass from one customer to another.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/email.hpp"
#include "models/values/passing.hpp"

#include <algorithm>

namespace tracking::reconcile {

namespace {

using models::CompanyId;
using models::ContactId;

/// The lowest company of each group of several; nothing for those that stand alone.
std::vector<std::optional<CompanyId>> groups(std::vector<models::Passed> const& passed,
                                             auto const& company_of)
{
    std::vector<std::size_t> sizes(passed.size());
    std::vector<CompanyId> lowest(passed.size());
    for (std::size_t i = 0; i < passed.size(); ++i) {
        auto const group = passed[i].together;
        if (!passed[i].is_possible)
            continue;
        if (sizes[group]++ == 0 || company_of(i) < lowest[group])
            lowest[group] = company_of(i);
    }
    std::vector<std::optional<CompanyId>> together(passed.size());
    for (std::size_t i = 0; i < passed.size(); ++i) {
        if (sizes[passed[i].together] > 1)
            together[i] = lowest[passed[i].together];
    }
    return together;
}

/// A tenant and its customer, whether the link is stamped already or not.
struct Match
{
    models::Tenant const* tenant;
    models::Company const* company;
    bool is_adopted = false;
};

bool is_compared(Comparison const& comparison, Match const& match)
{
    return !match.company->ignored &&
           scope_of(*match.tenant, comparison.policy) == Scope::Tracked &&
           !is_dated_ahead(*match.tenant);
}

std::vector<Match> matches(Comparison const& comparison, Matching const& matching)
{
    std::vector<Match> all;
    for (auto const& [tenant, company] : comparison.state.pairs)
        all.push_back({&tenant, &company});
    for (auto const& [tenant, company, tier] : matching.adoptions)
        all.push_back({tenant, company, true});
    std::erase_if(all, [&](Match const& match) { return !is_compared(comparison, match); });
    return all;
}

/// Whether nothing holds back a change for drift of that kind.
bool would_be_due(Comparison& comparison, DriftKind kind, Match const& match, models::Change change)
{
    auto drift = about(kind, *match.tenant, match.company);
    drift.change = std::move(change);
    return comparison.restraints.admit(drift, Link::Stamped) &&
           drift.restraint == Restraint::None &&
           (!match.is_adopted ||
            would_be_due(comparison, DriftKind::Unstamped, {match.tenant, match.company},
                         models::AdoptCompany{}));
}

void find_renamings(Comparison& comparison, Matching const& matching)
{
    std::vector<Match> all = matches(comparison, matching);
    std::erase_if(all, [](Match const& match) {
        return match.company->name == match.tenant->name || !objection_to(*match.tenant).empty();
    });
    std::vector<models::Passing> passing;
    std::map<std::string, CompanyId> movers;
    for (auto const& [tenant, company, is_adopted] : all) {
        passing.push_back({company->name, tenant->name});
        movers.emplace(company->name, company->id);
    }
    auto const passed = models::pass_on(passing, [&](std::string const& name) {
        auto const holder = comparison.names->of_name(name);
        return holder && !(holder->company && movers.contains(name) &&
                           movers.at(name) == holder->company->id);
    });
    auto const together = groups(passed, [&](std::size_t i) { return all[i].company->id; });
    std::vector<Match const*> due;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!passed[i].is_possible)
            continue;
        comparison.renamings.emplace(all[i].company->id, Renaming{together[i]});
        if (would_be_due(comparison, DriftKind::Renamed, all[i], models::RenameCompany{}))
            due.push_back(&all[i]);
    }
    for (auto const* one : due)
        comparison.names->release_name(one->company->name, one->tenant->id);
    for (auto const* one : due)
        comparison.names->add(one->tenant->name, *one->tenant, one->company);
}

/// The contacts of the company whose users have another address or name.
std::vector<models::FollowingContact> followers(People const& people,
                                                models::Company const& company)
{
    std::vector<models::FollowingContact> all;
    for (auto const& contact : people.contacts) {
        auto const* const user = user_of(people, contact);
        if (!user || (user->email == contact.email && user->full_name == contact.full_name) ||
            !models::is_valid_email(user->email))
            continue;
        if (is_replaced(company, people, contact, *user))
            continue;
        all.push_back({.id = contact.id,
                       .user = user->id,
                       .former_name = contact.full_name,
                       .former_email = contact.email,
                       .full_name = user->full_name,
                       .email = user->email});
    }
    return all;
}

void find_following(Comparison& comparison)
{
    if (comparison.policy.handling_of(DriftKind::ContactChanged) == Handling::Off)
        return;
    struct Follower
    {
        Match match;
        models::FollowingContact contact;
    };
    std::vector<Follower> all;
    for (auto const& pair : comparison.state.pairs) {
        auto const people = comparison.state.people.find(pair.company.id);
        Match const match{&pair.tenant, &pair.company};
        if (people == comparison.state.people.end() || !is_compared(comparison, match))
            continue;
        for (auto& contact : followers(people->second, pair.company))
            all.push_back({match, std::move(contact)});
    }
    std::vector<models::Passing> passing;
    std::map<std::string, ContactId> movers;
    for (auto const& [match, contact] : all) {
        passing.push_back({contact.former_email, contact.email});
        movers.emplace(contact.former_email, contact.id);
    }
    auto const passed = models::pass_on(passing, [&](std::string const& email) {
        auto const holder = comparison.names->of_email(email);
        return holder && !(movers.contains(email) && holder->contact == movers.at(email));
    });
    auto const together = groups(passed, [&](std::size_t i) { return all[i].match.company->id; });
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!passed[i].is_possible)
            continue;
        auto& following = comparison.following[all[i].match.company->id];
        following.contacts.push_back(all[i].contact);
        if (together[i])
            following.together = together[i];
    }
    std::vector<Follower const*> due;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (passed[i].is_possible && would_be_due(comparison, DriftKind::ContactChanged,
                                                  all[i].match, models::ChangeContacts{}))
            due.push_back(&all[i]);
    }
    for (auto const* one : due)
        comparison.names->release_email(one->contact.former_email, one->match.tenant->id);
    for (auto const* one : due)
        comparison.names->add_email(one->contact.email, *one->match.tenant, one->match.company);
    for (auto const* one : due)
        comparison.tie(*one->match.tenant, comparison.names->movers_of_email(one->contact.email));
}

}  // namespace

void find_what_passes(Comparison& comparison, Matching const& matching)
{
    find_renamings(comparison, matching);
    find_following(comparison);
}

}  // namespace tracking::reconcile
