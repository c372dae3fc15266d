// The contacts that the job or the workflow made, against the tenant's users.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tracking::reconcile {

namespace {

using models::Company;
using models::Tenant;

/// Whether the contact is as the job has last written it.
bool is_untouched(models::OwnContact const& contact, models::WrittenContact const& written)
{
    return contact.is_of_job && contact.id == written.contact && contact.email == written.email &&
           contact.full_name == written.full_name;
}

/// Adds the drift of the contacts that follow their users. Returns whether it is watched.
bool add_followers(Comparison& comparison, Tenant const& tenant, Company const& company,
                   Following const& following)
{
    auto drift = about(DriftKind::ContactChanged, tenant, &company);
    auto const has_moved = [](auto const& one) { return one.email != one.former_email; };
    drift.detail = std::ranges::any_of(following.contacts, has_moved)
                       ? "the user behind its contact has another address now"
                       : "the user behind its contact has another name now";
    drift.change = models::ChangeContacts{.tenant = tenant.id,
                                          .company = company.id,
                                          .contacts = following.contacts,
                                          .together = following.together};
    return comparison.add(std::move(drift)).has_value();
}

/// Whether the contact is as it was made. Without a memory of it, its id proves that of its
/// address.
bool is_as_made(Comparison const& comparison, People const& people,
                models::OwnContact const& contact)
{
    if (!contact.is_of_job)
        return true;
    auto const written =
        std::ranges::find(people.written, contact.id, &models::WrittenContact::contact);
    return written == people.written.end()
               ? contact.id == models::made_contact_id(comparison.state.occasion.management,
                                                       contact.company, contact.email)
               : written->email == contact.email && written->full_name == contact.full_name;
}

void add_stale(Comparison& comparison, Tenant const& tenant, Company const& company,
               People const& people, Following const* following)
{
    auto const wanted = wanted_contact(tenant);
    std::vector<models::RetiringContact> stale;
    for (auto const& contact : people.contacts) {
        bool const follows = following && std::ranges::find(following->contacts, contact.id,
                                                            &models::FollowingContact::id) !=
                                              following->contacts.end();
        bool const has_user = std::ranges::find(people.users, contact.email,
                                                &models::ActiveUser::email) != people.users.end();
        auto const* const user = user_of(people, contact);
        bool const may_follow = user && !is_replaced(company, people, contact, *user);
        if (!follows && !has_user && !may_follow && !(wanted && wanted->email == contact.email) &&
            is_as_made(comparison, people, contact))
            stale.push_back({.id = contact.id, .email = contact.email});
    }
    if (stale.empty())
        return;
    auto drift = about(DriftKind::ContactStale, tenant, &company);
    std::vector<std::string> emails;
    emails.reserve(stale.size());
    for (auto const& contact : stale)
        emails.push_back(models::printable(contact.email));
    drift.detail = fmt::format("no active user of the tenant has {}", fmt::join(emails, " or "));
    drift.change = models::RetireContacts{
        .tenant = tenant.id, .company = company.id, .contacts = std::move(stale)};
    comparison.add(std::move(drift));
}

}  // namespace

models::ActiveUser const* user_of(People const& people, models::OwnContact const& contact)
{
    for (auto const& written : people.written) {
        if (!written.user || !is_untouched(contact, written))
            continue;
        auto const found = std::ranges::find(people.users, *written.user, &models::ActiveUser::id);
        if (found != people.users.end())
            return &*found;
    }
    return nullptr;
}

bool is_replaced(Company const& company, People const& people, models::OwnContact const& contact,
                 models::ActiveUser const& user)
{
    if (user.email == contact.email || !contains(company.emails, user.email))
        return false;
    auto const holder = std::ranges::find(people.contacts, user.email, &models::OwnContact::email);
    if (holder == people.contacts.end())
        return true;
    auto const* const behind = user_of(people, *holder);
    return !behind || behind->email == user.email;
}

Company compare_people(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    auto becomes = company;
    auto const people = comparison.state.people.find(company.id);
    if (people == comparison.state.people.end())
        return becomes;
    auto const found = comparison.following.find(company.id);
    auto const* following = found == comparison.following.end() ? nullptr : &found->second;
    if (following && !add_followers(comparison, tenant, company, *following))
        following = nullptr;
    if (following) {
        for (auto const& contact : following->contacts)
            std::erase(becomes.emails, contact.former_email);
        for (auto const& contact : following->contacts)
            becomes.emails.push_back(contact.email);
    }
    add_stale(comparison, tenant, company, people->second, following);
    return becomes;
}

}  // namespace tracking::reconcile
