// Companies that the run has made or deleted, and what the journal keeps of a restore.

#include "models/writing/batch_restore.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::models {

void Restoration::run()
{
    put_companies_back();
    gather_keys();
    lock_companies(batch_);
    remove_companies();
    // First what makes way, last what needs it: an address can have passed between contacts.
    take_rows_away();
    restore_fields();
    restore_contacts();
    restore_people();
    put_rows_back();
    take_definitions_away();
    conclude();
}

void Restoration::put_companies_back()
{
    is_removed_.assign(batch_.size(), false);
    std::vector<std::size_t> items;
    std::vector<CompanyId> ids;
    batch_.for_each_open([&](std::size_t i) {
        if (at(i).has_removed_company)
            ids.push_back(batch_.company(i));
    });
    if (ids.empty())
        return;
    std::unordered_set<CompanyId> there;
    for (auto const& row : batch_.models.companies.lock(batch_.tx, ids))
        there.insert(row.id);
    batch_.for_each_open([&](std::size_t i) {
        if (!at(i).has_removed_company)
            return;
        if (there.contains(batch_.company(i))) {
            batch_.close(i, Outcome::AlreadyPresent, "the company is there already");
            return;
        }
        items.push_back(i);
        is_new_.insert(batch_.company(i));
        auto const rows = parsed_json(at(i).removed);
        batch_.item(i).made.company = elements(rows, "companies");
        batch_.item(i).made.billing_profiles = elements(rows, "billing_profiles");
        batch_.item(i).receipt.rows.companies = 1;
    });
    put_back(items);
}

std::string Restoration::elements(json::value const& rows, std::string_view table)
{
    std::string all;
    for (auto const& row : rows_of(rows, table))
        all += (all.empty() ? "" : ", ") + json_text(row);
    return all;
}

void Restoration::remove_companies()
{
    std::vector<CompanyId> ids;
    std::vector<std::string> own_tags;
    MadeByCompany made;
    batch_.for_each_open([&](std::size_t i) {
        if (!at(i).has_made_company)
            return;
        ids.push_back(batch_.company(i));
        made.emplace(batch_.company(i), at(i).made);
        own_tags = at(i).own_tags;
    });
    if (ids.empty())
        return;
    std::map<CompanyId, BlastRadius> radii;
    auto locked = batch_.models.removal.lock(batch_.tx, ids, own_tags, made);
    for (auto& one : locked.radii)
        radii.emplace(one.company, std::move(one));
    std::vector<BlastRadius> clear;
    std::vector<std::size_t> kept;
    batch_.for_each_open([&](std::size_t i) {
        if (!at(i).has_made_company)
            return;
        auto const& radius = radii.at(batch_.company(i));
        if (auto const now = batch_.item(i).row->link(); now && *now != batch_.tenant(i)) {
            note(i,
                 fmt::format("kept as it is: it is the customer of tenant {} by now", now->str()));
            return;
        }
        if (!radius.is_clear()) {
            note(i, "kept and made inactive, not removed: " + objections_to_removal(radius));
            kept.push_back(i);
            return;
        }
        auto const rows = parsed_json(locked.images.at(batch_.company(i)));
        is_removed_[i] = true;
        pieces_[i].removed = rows.get_object();
        batch_.item(i).gone = ids_in<ContactId>(rows_of(rows, "contacts"), "contact_name_id");
        ++pieces_[i].done;
        batch_.item(i).image = "null";
        batch_.item(i).receipt.rows = {.companies = 1,
                                       .contacts = rows_of(rows, "contacts").size(),
                                       .tags = rows_of(rows, "tag_mappings").size()};
        clear.push_back(radius);
    });
    if (!clear.empty())
        batch_.models.removal.remove(batch_.tx, clear, own_tags);
    keep(kept);
}

void Restoration::keep(std::vector<std::size_t> const& items)
{
    if (items.empty())
        return;
    std::map<CompanyId, std::size_t> item_of;
    std::vector<CompanyId> ids;
    std::unordered_set<ContactId> made;
    for (auto const i : items) {
        item_of.emplace(batch_.company(i), i);
        ids.push_back(batch_.company(i));
        for (auto const& id :
             ids_in<ContactId>(rows_of(parsed_json(at(i).made), "contacts"), "contact_name_id"))
            made.insert(id);
    }
    auto const& models = batch_.models;
    for (auto const& id : models.companies.set_activity(batch_.tx, ids, Activity::Inactive))
        ++batch_.item(item_of.at(id)).receipt.rows.companies;
    std::map<ContactId, std::size_t> active;
    for (auto const& contact : models.contacts.of(batch_.tx, ids)) {
        if (!contact.inactive && made.contains(contact.id))
            active.emplace(contact.id, item_of.at(contact.company));
    }
    set_contacts_of(active, Activity::Inactive);
    attach_tag(batch_, at(items.front()).canceled_tag, items).get();
    for (auto const i : items) {
        auto const& rows = batch_.item(i).receipt.rows;
        pieces_[i].done += rows.companies + rows.tags;
    }
}

void Restoration::conclude()
{
    // lock_companies() has closed items whose company is not there. A company that was put back
    // before is there.
    batch_.for_each_open([&](std::size_t i) {
        auto const reasons = fmt::format("{}", fmt::join(notes_[i], "; "));
        if (pieces_[i].done == 0) {
            batch_.close(i, reasons.empty() ? Outcome::AlreadyPresent : Outcome::Stale,
                         reasons.empty() ? "nothing is left of it" : reasons);
            return;
        }
        batch_.item(i).receipt.reason = reasons;
        batch_.item(i).before = before_image(i);
    });
}

std::string Restoration::before_image(std::size_t i) const
{
    auto const& item = batch_.item(i);
    auto const& pieces = pieces_[i];
    auto image = is_new_.contains(batch_.company(i))
                     ? std::string{R"({"company": null)"}
                     : fmt::format(R"({{"company": {})", item.row->image);
    if (!pieces.removed.empty())
        image += fmt::format(R"(, "rows": {})", json_text(pieces.removed));
    // Each list has the name of what its contacts were before.
    if (!pieces.set_inactive.empty())
        image += fmt::format(R"(, "active_contacts": [{}])", fmt::join(pieces.set_inactive, ", "));
    if (!pieces.set_active.empty())
        image += fmt::format(R"(, "inactive_contacts": [{}])", fmt::join(pieces.set_active, ", "));
    if (!pieces.changed.empty())
        image += fmt::format(R"(, "changed_contacts": [{}])", pieces.changed);
    return image + "}";
}

void perform(Batch& batch, Restore const&)
{
    Restoration{batch}.run();
}

}  // namespace tracking::models
