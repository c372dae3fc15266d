// New customers: company, contact and tag.

#include "models/values/errors.hpp"
#include "models/writing/batch_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>

namespace tracking::models {

namespace {

void close_uncreated(Batch& batch, std::size_t i, std::vector<CompanyRow> const& holders)
{
    auto const& one = batch.at<CreateCustomer>(i);
    auto const is_holder = [&](CompanyRow const& row) {
        return row.name == one.name || row.id == one.company;
    };
    auto const is_customer = [&](CompanyRow const& row) {
        return is_holder(row) && row.link() == one.tenant;
    };
    auto const customer = std::ranges::find_if(holders, is_customer);
    auto const holder = std::ranges::find_if(holders, is_holder);
    if (customer != holders.end())
        batch.close(i, Outcome::AlreadyPresent,
                    fmt::format("company {} is the tenant's already", customer->id.str()));
    else if (holder == holders.end())
        batch.close(i, Outcome::Stale, "expected name and id to be free, found one of them taken");
    else
        batch.close(i, Outcome::Stale,
                    fmt::format("expected name and id to be free, found company {} ({})",
                                in_quotes(holder->name), holder->id.str()));
}

/// Says of each company that was not created what stands in its place.
void explain_uncreated(Batch& batch, std::unordered_set<CompanyId> const& created)
{
    std::vector<std::string> names;
    std::vector<CompanyId> ids;
    batch.for_each_open([&](std::size_t i) {
        auto const& one = batch.at<CreateCustomer>(i);
        if (created.contains(one.company))
            return;
        names.push_back(one.name);
        ids.push_back(one.company);
    });
    if (ids.empty())
        return;
    auto holders = batch.models.companies.find_named(batch.tx, names);
    for (auto& row : batch.models.companies.lock(batch.tx, ids))
        holders.push_back(std::move(row));
    batch.for_each_open([&](std::size_t i) {
        if (!created.contains(batch.company(i)))
            close_uncreated(batch, i, holders);
    });
}

/// The companies of the open items. Notes in the items what is about to be made.
std::vector<NewCompany> new_companies(Batch& batch)
{
    std::vector<NewCompany> wanted;
    batch.for_each_open([&](std::size_t i) {
        auto const& one = batch.at<CreateCustomer>(i);
        auto properties = fmt::format(R"({{"tenant_id": "{}", "subscription_type": {}}})",
                                      one.tenant.str(), as_json(one.product));
        batch.item(i).image =
            fmt::format(R"({{"name": {}, "properties": {}, "is_inactive": false}})",
                        as_json(one.name), properties);
        wanted.push_back({.id = one.company,
                          .record = checked_company(
                              {.name = one.name, .notes = made_notes(one.tag, one.tenant_name)}),
                          .properties = std::move(properties)});
        auto const& record = wanted.back().record;
        batch.item(i).made.company =
            fmt::format(R"({{"client_type": {}, "notes": {}}})", as_json(record.client_type),
                        optional_json(record.notes));
    });
    return wanted;
}

}  // namespace

// Where a conflict fails the batch, contacts and tags need not wait to hear which companies are
// there now. Should one be missing all the same (a trigger of the platform's can keep a row out),
// it is as with a conflict: the batch is written again, step by step.
void perform(Batch& batch, CreateCustomer const&)
{
    expect_tenants_there(batch);
    auto const wanted = new_companies(batch);
    if (wanted.empty())
        return;
    auto const& companies = batch.models.companies;
    std::future<std::vector<CompanyId>> created;
    if (companies.profile().inserting() == Inserting::OrFailing)
        created = companies.ask_to_create(batch.tx, wanted);
    else
        explain_uncreated(batch, set_of(companies.create(batch.tx, wanted)));
    auto contacts = add_contacts(
        batch, [&](std::size_t i) { return contacts_of(batch.at<CreateCustomer>(i)); });
    auto tags = attach_tags(batch);
    if (created.valid() && created.get().size() < wanted.size())
        throw StatementFailed{"a company was kept out without an error", "23505"};
    note_not_added(batch, contacts.get(), "made without contact");
    tags.get();
    batch.for_each_open([&](std::size_t i) { batch.item(i).receipt.rows.companies = 1; });
}

}  // namespace tracking::models
