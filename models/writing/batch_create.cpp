// New customers: company, contact and tag.

#include "models/writing/batch_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

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

void create_companies(Batch& batch)
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
    if (wanted.empty())
        return;
    explain_uncreated(batch, set_of(batch.models.companies.create(batch.tx, wanted)));
    batch.for_each_open([&](std::size_t i) { batch.item(i).receipt.rows.companies = 1; });
}

}  // namespace

template <>
void perform<CreateCustomer>(Batch& batch)
{
    expect_tenants_there(batch);
    create_companies(batch);
    auto const not_added = add_contacts(
        batch, [&](std::size_t i) { return contacts_of(batch.at<CreateCustomer>(i)); });
    attach_tags(batch, [&](std::size_t i) { return batch.at<CreateCustomer>(i).tag; });
    note_not_added(batch, not_added, "made without contact");
}

}  // namespace tracking::models
