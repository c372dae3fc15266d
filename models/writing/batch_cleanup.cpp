// What becomes of a customer whose tenant is gone.

#include "models/writing/batch_steps.hpp"

#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <map>
#include <span>

namespace tracking::models {

namespace {

/// The premises of every clean-up.
void expect_orphans(Batch& batch)
{
    expect_tenants_gone(batch);
    lock_companies(batch);
    expect_unprotected(batch);
    expect_links(batch);
}

/// The texts of all open items, each once.
template <class Kind, class Texts>
std::vector<std::string> texts_of(Batch& batch, Texts Kind::*texts)
{
    std::vector<std::string> all;
    batch.for_each_open([&](std::size_t i) {
        auto const& own = batch.at<Kind>(i).*texts;
        all.insert(all.end(), own.begin(), own.end());
    });
    leave_one_of_each(all);
    return all;
}

void detach(Batch& batch, std::vector<std::string> const& texts)
{
    std::map<CompanyId, std::size_t> gone;
    for (auto const& text : texts) {
        for (auto const& company : batch.models.tags.detach(batch.tx, text, batch.open_companies()))
            ++gone[company];
    }
    batch.for_each_open([&](std::size_t i) {
        batch.item(i).receipt.rows.tags = gone[batch.company(i)];
        if (gone[batch.company(i)] == 0)
            batch.close(i, Outcome::AlreadyPresent,
                        "the company carries none of the tags any more");
    });
}

void expect_names(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        auto const& planned = batch.at<DeleteCustomer>(i).name;
        if (auto const& found = batch.item(i).row->name; found != planned)
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the company's name to be {}, found {}",
                                    in_quotes(planned), in_quotes(found)));
    });
}

/// Returns the open items that are as the job made them and that nothing else refers to. Closes the
/// other open items.
std::vector<BlastRadius> expect_clear(Batch& batch, std::span<BlastRadius const> locked)
{
    std::map<CompanyId, BlastRadius> radii;
    for (auto const& one : locked)
        radii.emplace(one.company, one);
    std::vector<BlastRadius> clear;
    batch.for_each_open([&](std::size_t i) {
        auto const& found = radii.at(batch.company(i));
        if (!found.is_clear()) {
            batch.close(
                i, Outcome::Stale,
                found.touched.empty()
                    ? "expected that nothing else refers to the company, found " + listed(found)
                    : "expected the company to be as the job made it, found that " +
                          objections_to_removal(found));
            return;
        }
        batch.item(i).receipt.rows = {
            .companies = 1, .contacts = found.contacts.size(), .tags = found.tags};
        batch.item(i).gone = found.contacts;
        clear.push_back(found);
    });
    return clear;
}

}  // namespace

void perform(Batch& batch, CleanUp const&)
{
    expect_orphans(batch);
    set_companies(batch, Activity::Inactive, "the company is inactive already");
    set_contacts(batch, Activity::Inactive, [](std::size_t, ContactRow const&) { return true; });
    attach_tags(batch).get();
}

void perform(Batch& batch, Untag const&)
{
    expect_orphans(batch);
    auto const texts = texts_of(batch, &Untag::tags);
    auto const mappings = batch.models.removal.tag_images(batch.tx, batch.open_companies(), texts);
    batch.for_each_open([&](std::size_t i) {
        if (auto const found = mappings.find(batch.company(i)); found != mappings.end()) {
            add_to_image(batch.item(i).before, "tags", as_json(batch.at<Untag>(i).tags));
            add_to_image(batch.item(i).before, "tag_mappings", found->second);
        }
    });
    detach(batch, texts);
}

void perform(Batch& batch, DeleteCustomer const&)
{
    expect_orphans(batch);
    expect_names(batch);
    auto const own_tags = texts_of(batch, &DeleteCustomer::own_tags);
    auto const locked = batch.models.removal.lock(batch.tx, batch.open_companies(), own_tags);
    auto const clear = expect_clear(batch, locked.radii);
    batch.for_each_open([&](std::size_t i) {
        batch.item(i).before =
            fmt::format(R"({{"company": {}, "rows": {}}})", batch.item(i).row->image,
                        locked.images.at(batch.company(i)));
        batch.item(i).image = "null";
    });
    batch.models.removal.remove(batch.tx, clear, own_tags);
}

}  // namespace tracking::models
