// Brings an existing customer into line with its tenant.

#include "models/writing/batch_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace tracking::models {

namespace {

/// The premises of every repair.
void expect_customers(Batch& batch)
{
    expect_tenants_there(batch);
    lock_companies(batch);
    expect_unprotected(batch);
    expect_links(batch);
}

}  // namespace

template <>
void perform<RepairTag>(Batch& batch)
{
    expect_customers(batch);
    attach_tags(batch, [&](std::size_t i) { return batch.at<RepairTag>(i).tag; });
    batch.for_each_open([&](std::size_t i) {
        if (batch.item(i).receipt.rows.tags == 0)
            batch.close(i, Outcome::AlreadyPresent, "the company carries the tag already");
    });
}

template <>
void perform<RepairContact>(Batch& batch)
{
    expect_customers(batch);
    auto const added =
        add_contacts(batch, [&](std::size_t i) { return &batch.at<RepairContact>(i).contact; });
    std::unordered_map<CompanyId, std::vector<std::string>> emails;
    if (auto const open = batch.open_companies(); added.size() < open.size()) {
        for (auto const& contact : batch.models.contacts.of(batch.tx, open))
            emails[contact.company].push_back(contact.email);
    }
    batch.for_each_open([&](std::size_t i) {
        auto const& planned = batch.at<RepairContact>(i);
        auto const& own = emails[planned.company];
        if (added.contains(i))
            return;
        if (std::ranges::find(own, planned.contact.email) != own.end())
            batch.close(i, Outcome::AlreadyPresent, "the company has that contact already");
        else
            batch.close(i, Outcome::Stale,
                        fmt::format("expected {} to be free, found it another contact's",
                                    planned.contact.email));
    });
}

template <>
void perform<RenameCompany>(Batch& batch)
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

template <>
void perform<Reactivate>(Batch& batch)
{
    expect_customers(batch);
    set_companies(batch, Activity::Active, "the company is active already");
    set_contacts(batch, Activity::Active, [&](std::size_t i, ContactRow const& contact) {
        return contact.email == batch.at<Reactivate>(i).email;
    });
}

}  // namespace tracking::models
