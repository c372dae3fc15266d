// Contacts that follow their users, or lose them.

#include "models/writing/batch_steps.hpp"

#include "models/values/passing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tracking::models {

namespace {

std::string contact_image(ContactId id, UserId user, std::string_view name, std::string_view email)
{
    return fmt::format(R"({{"id": "{}", "user": "{}", "full_name": {}, "email": {}}})", id.str(),
                       user.str(), as_json(name), as_json(email));
}

void append(std::string& list, std::string const& element)
{
    list += (list.empty() ? "" : ", ") + element;
}

std::vector<FollowingOf> following(Batch& batch)
{
    std::vector<FollowingOf> all;
    batch.for_each_open([&](std::size_t i) {
        for (auto const& contact : batch.at<ChangeContacts>(i).contacts)
            all.push_back({i, contact});
    });
    return all;
}

/// Locks the contacts. Closes the items of which one is not as it was seen.
void expect_contacts(Batch& batch)
{
    auto const ids =
        each_of(following(batch), [](FollowingOf const& one) { return one.contact.id; });
    std::unordered_map<ContactId, ContactRow> rows;
    for (auto& row : batch.models.contacts.lock(batch.tx, ids))
        rows.emplace(row.id, std::move(row));
    for (auto const& [i, contact] : following(batch)) {
        auto const found = rows.find(contact.id);
        if (!batch.item(i).is_open)
            continue;
        if (found == rows.end() || found->second.company != batch.company(i))
            batch.close(i, Outcome::Stale,
                        "expected the contact to be the company's, found it gone");
        else if (found->second.inactive)
            batch.close(i, Outcome::Stale, "expected the contact to be active, found it inactive");
        else if (found->second.email != contact.former_email ||
                 found->second.full_name != contact.former_name)
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the contact to be {} with the address {}, found {} "
                                    "with {}",
                                    in_quotes(contact.former_name), contact.former_email,
                                    in_quotes(found->second.full_name), found->second.email));
    }
}

}  // namespace

std::vector<bool> can_follow(Batch& batch, std::span<FollowingOf const> all)
{
    std::vector<Passing> passing;
    std::unordered_set<ContactId> movers;
    std::vector<std::string> wanted;
    for (auto const& [i, contact] : all) {
        passing.push_back({contact.former_email, contact.email});
        movers.insert(contact.id);
        wanted.push_back(contact.email);
    }
    auto const holders = batch.models.contacts.holders(batch.tx, wanted);
    auto const passed = pass_on(passing, [&](std::string const& email) {
        auto const holder = holders.find(email);
        return holder != holders.end() && !movers.contains(holder->second);
    });
    return each_of(passed, &Passed::is_possible);
}

std::unordered_map<std::size_t, std::string> change_contacts(Batch& batch,
                                                             std::span<FollowingOf const> all)
{
    auto const change_of = [](FollowingOf const& one) {
        return ContactChange{one.contact.id, one.contact.full_name, one.contact.email};
    };
    std::unordered_map<std::size_t, std::string> former;
    batch.models.contacts.change(batch.tx, each_of(all, change_of));
    for (auto const& [i, contact] : all) {
        auto& item = batch.item(i);
        ++item.receipt.rows.contacts;
        append(former[i],
               contact_image(contact.id, contact.user, contact.former_name, contact.former_email));
        append(item.changed,
               contact_image(contact.id, contact.user, contact.full_name, contact.email));
        item.contacts.push_back({.contact = contact.id,
                                 .company = batch.company(i),
                                 .tenant = batch.tenant(i),
                                 .user = contact.user,
                                 .full_name = contact.full_name,
                                 .email = contact.email});
    }
    return former;
}

void perform(Batch& batch, ChangeContacts const&)
{
    expect_customers(batch);
    expect_contacts(batch);
    // One that cannot follow keeps its address, and so may hold up others.
    for (auto all = following(batch); !all.empty(); all = following(batch)) {
        auto const possible = can_follow(batch, all);
        if (std::ranges::find(possible, false) == possible.end()) {
            for (auto const& [i, images] : change_contacts(batch, all))
                add_to_image(batch.item(i).before, "changed_contacts", "[" + images + "]");
            return;
        }
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (!possible[k] && batch.item(all[k].item).is_open)
                batch.close(all[k].item, Outcome::Stale,
                            fmt::format("expected {} to be free, found it another contact's",
                                        all[k].contact.email));
        }
    }
}

void perform(Batch& batch, RetireContacts const&)
{
    expect_customers(batch);
    std::unordered_map<std::size_t, std::vector<std::string>> emails;
    set_contacts(batch, Activity::Inactive, [&](std::size_t i, ContactRow const& contact) {
        auto const& planned = batch.at<RetireContacts>(i).contacts;
        auto const found = std::ranges::find(planned, contact.id, &RetiringContact::id);
        if (found == planned.end() || found->email != contact.email)
            return false;
        emails[i].push_back(contact.email);
        return true;
    });
    batch.for_each_open([&](std::size_t i) {
        if (batch.item(i).receipt.rows.contacts == 0)
            batch.close(i, Outcome::Stale,
                        "expected the contact to be active and as it was, found it is not");
        else
            add_to_image(batch.item(i).before, "emails", as_json(emails[i]));
    });
}

}  // namespace tracking::models
