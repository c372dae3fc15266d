// Brings an existing customer into line with its tenant.

#include "models/writing/batch_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace tracking::models {

void perform(Batch& batch, RepairTag const&)
{
    expect_customers(batch);
    attach_tags(batch).get();
    batch.for_each_open([&](std::size_t i) {
        if (batch.item(i).receipt.rows.tags == 0)
            batch.close(i, Outcome::AlreadyPresent, "the company carries the tag already");
    });
}

void perform(Batch& batch, RepairContact const&)
{
    expect_customers(batch);
    auto const not_added = add_contacts(batch, [&](std::size_t i) {
                               return contacts_of(batch.at<RepairContact>(i));
                           }).get();
    std::unordered_map<CompanyId, std::vector<std::string>> emails;
    if (auto const open = batch.open_companies(); !not_added.empty()) {
        for (auto const& contact : batch.models.contacts.of(batch.tx, open))
            emails[contact.company].push_back(contact.email);
    }
    batch.for_each_open([&](std::size_t i) {
        auto const& planned = batch.at<RepairContact>(i);
        auto const& own = emails[planned.company];
        if (batch.item(i).receipt.rows.contacts > 0)
            return;
        auto const contacts = contacts_of(planned);
        auto const others = std::ranges::find_if(contacts, [&](PlannedContact const* contact) {
            return std::ranges::find(own, contact->email) == own.end();
        });
        if (others == contacts.end())
            batch.close(i, Outcome::AlreadyPresent, "the company has that contact already");
        else
            batch.close(i, Outcome::Stale,
                        fmt::format("expected {} to be free, found it another contact's",
                                    (*others)->email));
    });
    note_not_added(batch, not_added, "not all contacts were added");
}

void perform(Batch& batch, RenameCompany const&)
{
    expect_customers(batch);
    std::vector<CompanyName> names;
    batch.for_each_open([&](std::size_t i) {
        auto const& one = batch.at<RenameCompany>(i);
        auto const& found = batch.item(i).row->name;
        if (found == one.from)
            names.push_back({one.company, one.to});
        else if (found == one.to)
            batch.close(i, Outcome::AlreadyPresent, "the company has that name already");
        else
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the name to be {}, found {}", in_quotes(one.from),
                                    in_quotes(found)));
    });
    auto const renamed = set_of(batch.models.companies.rename(batch.tx, names));
    batch.for_each_open([&](std::size_t i) {
        if (renamed.contains(batch.company(i)))
            batch.item(i).receipt.rows.companies = 1;
        else
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the name {} to be free, found it taken",
                                    in_quotes(batch.at<RenameCompany>(i).to)));
    });
    std::vector<ProfileName> profiles;
    batch.for_each_open([&](std::size_t i) {
        auto const& one = batch.at<RenameCompany>(i);
        profiles.push_back({one.company, std::nullopt, one.from, one.to});
    });
    rename_profiles(batch, profiles);
}

namespace {

/// To what the column held before, where that is known.
void activate_companies(Batch& batch)
{
    for (auto const activity : {Activity::Active, Activity::Unset}) {
        std::vector<CompanyId> ids;
        batch.for_each_open([&](std::size_t i) {
            bool const is_unset = batch.at<Reactivate>(i).was_unset;
            if (batch.item(i).row->inactive && is_unset == (activity == Activity::Unset))
                ids.push_back(batch.company(i));
        });
        if (ids.empty())
            continue;
        auto const activated = set_of(batch.models.companies.set_activity(batch.tx, ids, activity));
        batch.for_each_open([&](std::size_t i) {
            if (activated.contains(batch.company(i)))
                batch.item(i).receipt.rows.companies = 1;
        });
    }
}

void take_canceled_tags_off(Batch& batch)
{
    std::map<std::string, std::vector<CompanyId>> by_text;
    batch.for_each_open([&](std::size_t i) {
        if (auto const& tag = batch.at<Reactivate>(i).canceled_tag; !tag.empty())
            by_text[tag].push_back(batch.company(i));
    });
    for (auto const& [text, companies] : by_text) {
        auto const images = batch.models.removal.tag_images(batch.tx, companies, {{text}});
        auto const taken_off = set_of(batch.models.tags.detach(batch.tx, text, companies));
        auto const tags = as_json(std::vector{text});
        batch.for_each_open([&](std::size_t i) {
            if (!taken_off.contains(batch.company(i)))
                return;
            batch.item(i).receipt.rows.tags = 1;
            add_to_image(batch.item(i).before, "tags", tags);
            add_to_image(batch.item(i).before, "tag_mappings", images.at(batch.company(i)));
        });
    }
}

}  // namespace

void perform(Batch& batch, Reactivate const&)
{
    expect_customers(batch);
    activate_companies(batch);
    std::vector<ContactId> unset;
    set_contacts(batch, Activity::Active, [&](std::size_t i, ContactRow const& contact) {
        auto const& one = batch.at<Reactivate>(i);
        if (std::ranges::count(one.unset_contacts, contact.id) > 0)
            unset.push_back(contact.id);
        return contact.email == one.email || std::ranges::count(one.contacts, contact.id) > 0;
    });
    batch.models.contacts.set_activity(batch.tx, unset, Activity::Unset);
    take_canceled_tags_off(batch);
    batch.for_each_open([&](std::size_t i) {
        if (batch.item(i).receipt.rows == RowsWritten{})
            batch.close(i, Outcome::AlreadyPresent, "the customer is active already");
        else if (batch.at<Reactivate>(i).takes_back)
            add_to_image(batch.item(i).before, "returned", "true");
    });
}

}  // namespace tracking::models
