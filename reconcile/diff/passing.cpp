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

/// Whether a customer gets what it wants, and with whom it has to be changed.
struct Got
{
    bool is_possible = false;
    std::optional<CompanyId> together{};  ///< the lowest company of a group of several
};

std::vector<Got> outcomes(std::vector<models::Passed> const& passed, auto const& company_of)
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
    std::vector<Got> all(passed.size());
    for (std::size_t i = 0; i < passed.size(); ++i) {
        all[i].is_possible = passed[i].is_possible;
        if (sizes[passed[i].together] > 1)
            all[i].together = lowest[passed[i].together];
    }
    return all;
}

/// What becomes of those that nothing holds back where just these are changed: what is held back
/// gives nothing away. Of the others, what would become of them where all are changed.
template <class Customer>
std::vector<Got> outcomes(std::vector<Customer> const& all, std::vector<Customer> const& due,
                          std::vector<bool> const& is_due, auto const& pass)
{
    auto got = pass(all);
    if (due.size() == all.size())
        return got;
    auto const of_due = pass(due);
    for (std::size_t i = 0, next = 0; i < all.size(); ++i)
        if (is_due[i])
            got[i] = of_due[next++];
    return got;
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
bool would_be_due(Restraints& restraints, DriftKind kind, Match const& match, models::Change change)
{
    auto drift = about(kind, *match.tenant, match.company);
    drift.change = std::move(change);
    return restraints.admit(drift, Link::Stamped) && drift.restraint == Restraint::None &&
           (!match.is_adopted ||
            would_be_due(restraints, DriftKind::Unstamped, {match.tenant, match.company},
                         models::AdoptCompany{}));
}

/// Those that nothing holds back, and which of all they are.
template <class Customer>
std::pair<std::vector<Customer>, std::vector<bool>> due_among(std::vector<Customer> const& all,
                                                              auto const& would_be)
{
    std::pair<std::vector<Customer>, std::vector<bool>> found;
    for (auto const& one : all) {
        found.second.push_back(would_be(one));
        if (found.second.back())
            found.first.push_back(one);
    }
    return found;
}

void find_renamings(Comparison& comparison, Matching const& matching)
{
    std::vector<Match> all = matches(comparison, matching);
    std::erase_if(all, [](Match const& match) {
        return match.company->name == match.tenant->name || !objection_to(*match.tenant).empty();
    });
    auto const pass = [&](std::vector<Match> const& some) {
        std::vector<models::Passing> passing;
        std::map<std::string, CompanyId> movers;
        for (auto const& [tenant, company, is_adopted] : some) {
            passing.push_back({company->name, tenant->name});
            movers.emplace(company->name, company->id);
        }
        auto const passed = models::pass_on(passing, [&](std::string const& name) {
            auto const holder = comparison.names->of_name(name);
            return holder && !(holder->company && movers.contains(name) &&
                               movers.at(name) == holder->company->id);
        });
        return outcomes(passed, [&](std::size_t i) { return some[i].company->id; });
    };
    auto restraints = comparison.restraints;  // a copy: what is no drift uses up no waiver
    auto const [due, is_due] = due_among(all, [&](Match const& match) {
        return would_be_due(restraints, DriftKind::Renamed, match, models::RenameCompany{});
    });
    auto const got = outcomes(all, due, is_due, pass);
    std::vector<Match const*> leaving;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!got[i].is_possible)
            continue;
        comparison.renamings.emplace(all[i].company->id, Renaming{got[i].together});
        if (is_due[i])
            leaving.push_back(&all[i]);
    }
    for (auto const* one : leaving)
        comparison.names->release_name(one->company->name, one->tenant->id);
    for (auto const* one : leaving)
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
    auto const pass = [&](std::vector<Follower> const& some) {
        std::vector<models::Passing> passing;
        std::map<std::string, ContactId> movers;
        for (auto const& [match, contact] : some) {
            passing.push_back({contact.former_email, contact.email});
            movers.emplace(contact.former_email, contact.id);
        }
        auto const passed = models::pass_on(passing, [&](std::string const& email) {
            auto const holder = comparison.names->of_email(email);
            return holder && !(movers.contains(email) && holder->contact == movers.at(email));
        });
        return outcomes(passed, [&](std::size_t i) { return some[i].match.company->id; });
    };
    auto restraints = comparison.restraints;  // a copy, as above
    auto const [due, is_due] = due_among(all, [&](Follower const& one) {
        return would_be_due(restraints, DriftKind::ContactChanged, one.match,
                            models::ChangeContacts{});
    });
    auto const got = outcomes(all, due, is_due, pass);
    std::vector<Follower const*> leaving;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!got[i].is_possible)
            continue;
        auto& following = comparison.following[all[i].match.company->id];
        following.contacts.push_back(all[i].contact);
        if (got[i].together)
            following.together = got[i].together;
        if (is_due[i])
            leaving.push_back(&all[i]);
    }
    for (auto const* one : leaving)
        comparison.names->release_email(one->contact.former_email, one->match.tenant->id);
    for (auto const* one : leaving)
        comparison.names->add_email(one->contact.email, *one->match.tenant, one->match.company);
    for (auto const* one : leaving)
        comparison.tie(*one->match.tenant, comparison.names->movers_of_email(one->contact.email));
}

}  // namespace

void find_what_passes(Comparison& comparison, Matching const& matching)
{
    find_renamings(comparison, matching);
    find_following(comparison);
}

}  // namespace tracking::reconcile
