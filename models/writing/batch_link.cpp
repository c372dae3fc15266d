// What makes a company a tenant's customer.

#include "models/writing/batch_steps.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace tracking::models {

namespace {

/// The company is still as it was seen. `Kind` holds what was seen.
template <class Kind>
void expect_as_seen(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        auto const& planned = batch.at<Kind>(i);
        auto const& row = *batch.item(i).row;
        if (row.link_is_text && row.link_text == planned.tenant.str())
            batch.close(i, Outcome::AlreadyPresent, "the link is the tenant's id already");
        else
            expect_link_and_name(batch, i, planned.link_text, planned.name);
    });
}

/// Only a person can say what a link that is a list or a number means.
void expect_texts_as_links(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        auto const& row = *batch.item(i).row;
        if (!row.link_is_text)
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the link to be a text, found {}", *row.link_text));
    });
}

/// The company belongs to no other tenant, and the tenant has no other company that is looked
/// after.
void expect_unlinked_sides(Batch& batch)
{
    std::vector<TenantId> tenants;
    batch.for_each_open([&](std::size_t i) { tenants.push_back(batch.tenant(i)); });
    std::unordered_map<TenantId, CompanyRow> customers;
    auto const own = set_of(batch.open_companies());
    for (auto& row : batch.models.companies.linked_to(batch.tx, tenants)) {
        if (own.contains(row.id))
            continue;  // the link has another spelling
        customers.emplace(*row.link(), std::move(row));
    }
    batch.for_each_open([&](std::size_t i) {
        auto const linked = batch.item(i).row->link();
        auto const customer = customers.find(batch.tenant(i));
        if (linked && linked != batch.tenant(i) && batch.living.contains(*linked))
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the link to name no tenant, found that of {}, which "
                                    "is there",
                                    linked->str()));
        else if (customer != customers.end())
            batch.close(
                i, Outcome::Stale,
                fmt::format("expected the tenant to have no customer, found company {} ({})",
                            in_quotes(customer->second.name), customer->second.id.str()));
    });
}

}  // namespace

void perform(Batch& batch, LinkCompany const&)
{
    expect_tenants_there(batch);
    batch.keys = {"tenant_id"};
    lock_companies(batch);
    expect_as_seen<LinkCompany>(batch);
    expect_unlinked_sides(batch);
    stamp_links(batch);
}

void perform(Batch& batch, AdoptCompany const&)
{
    expect_tenants_there(batch);
    batch.keys = {"tenant_id"};
    lock_companies(batch);
    expect_unprotected(batch);
    expect_as_seen<AdoptCompany>(batch);
    expect_texts_as_links(batch);
    stamp_links(batch);
}

}  // namespace tracking::models
