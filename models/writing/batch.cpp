#include "models/writing/batch_steps.hpp"

#include "models/reading/tenant_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

namespace tracking::models {

namespace {

/// Reads the images of locked companies again after the writing. A company that was made has its
/// image.
void read_images(Batch& batch)
{
    std::vector<CompanyId> locked;
    batch.for_each_open([&](std::size_t i) {
        if (batch.item(i).row)
            locked.push_back(batch.company(i));
    });
    if (locked.empty())
        return;
    std::unordered_map<CompanyId, std::string> images;
    for (auto& row : batch.models.companies.lock(batch.tx, locked, batch.keys))
        images.emplace(row.id, std::move(row.image));
    batch.for_each_open([&](std::size_t i) {
        if (auto const found = images.find(batch.company(i)); found != images.end())
            batch.item(i).image = found->second;
    });
}

std::string made_image(Batch::Made const& made)
{
    std::string image;
    auto const add = [&](std::string_view name, std::string const& elements) {
        if (!elements.empty())
            image += fmt::format(R"({}"{}": [{}])", image.empty() ? "" : ", ", name, elements);
    };
    add("companies", made.company);
    add("contacts", made.contacts);
    add("tag_mappings", made.tag_mappings);
    add("tag_definitions", made.tag_definitions);
    add("billing_profiles", made.billing_profiles);
    return image.empty() ? image : fmt::format(R"("made": {{{}}}, )", image);
}

std::string renamed_image(std::vector<ProfileId> const& profiles)
{
    return profiles.empty() ? std::string{}
                            : fmt::format(R"("renamed_profiles": {}, )",
                                          as_json(each_of(profiles, &ProfileId::str)));
}

/// The journal's image of the company as the change left it. An undo starts from it.
std::string after_image(Batch::Item const& item)
{
    auto const& rows = item.receipt.rows;
    return fmt::format(
        R"({{"company": {}, {}{}{}"rows": {{"companies": {}, "contacts": {}, "tags": {}}}}})",
        item.image, made_image(item.made), renamed_image(item.renamed_profiles),
        item.changed.empty() ? item.changed
                             : fmt::format(R"("changed_contacts": [{}], )", item.changed),
        rows.companies, rows.contacts, rows.tags);
}

}  // namespace

std::future<std::unordered_set<TenantId>> ask_for_living_tenants(Transaction& tx,
                                                                 SchemaProfile const& profile,
                                                                 std::span<Change const> batch,
                                                                 TenantId management)
{
    std::vector<TenantId> tenants;
    for (auto const& change : batch) {
        tenants.push_back(tenant_of(change));
        if (auto const* const link = as<LinkCompany>(change); link && link->link_text) {
            for (auto const& linked : uuids_in(*link->link_text))
                tenants.push_back(TenantId{linked});
        }
    }
    return std::async(std::launch::deferred, [management, there = ask_for_existing_tenants(
                                                              tx, profile, tenants)]() mutable {
        auto living = set_of(there.get());
        living.erase(management);
        return living;
    });
}

std::future<std::unordered_set<TenantId>> living_tenants_in(Database& source,
                                                            Timeouts const& timeouts,
                                                            SchemaProfile const& profile,
                                                            std::span<Change const> batch,
                                                            TenantId management)
{
    auto tx = source.begin(Access::ReadOnly, timeouts);
    std::promise<std::unordered_set<TenantId>> known;
    known.set_value(ask_for_living_tenants(tx, profile, batch, management).get());
    return known.get_future();
}

std::vector<std::size_t> sizes_of(Transaction& tx, Models const& models,
                                  std::span<Change const> batch)
{
    auto const properties = models.companies.sizes(tx, each_of(batch, company_of));
    std::vector<std::size_t> sizes;
    for (auto const& change : batch) {
        auto const found = properties.find(company_of(change));
        sizes.push_back(found == properties.end() ? 0 : found->second);
        if (auto const* const restore = as<Restore>(change))
            sizes.back() += restore->removed.size() + restore->made.size();
    }
    return sizes;
}

std::vector<Written> write_batch(Transaction& tx, Models const& models,
                                 std::span<Change const> batch,
                                 std::future<std::unordered_set<TenantId>> living)
{
    auto const kind = batch.front().index();
    if (!std::ranges::all_of(batch, [&](Change const& change) { return change.index() == kind; }))
        throw std::logic_error{"a batch holds changes of several kinds"};
    Batch work{tx, models, batch};
    auto tags = ask_for_tags(work);
    work.living = living.get();
    work.tags = tags.get();
    std::visit([&](auto const& first) { perform(work, unboxed(first)); }, batch.front());
    read_images(work);
    std::vector<Written> written;
    written.reserve(work.size());
    for (std::size_t i = 0; i < work.size(); ++i) {
        auto& item = work.item(i);
        auto after = item.is_open ? after_image(item) : std::string{};
        written.push_back({std::move(item.receipt), std::move(item.before), std::move(after),
                           std::move(item.contacts), std::move(item.gone)});
    }
    return written;
}

}  // namespace tracking::models
