// Companies that the run has made or deleted, and what the journal keeps of a restore.

#include "models/batch_restore.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

namespace tracking::models {

void Restoration::run()
{
    put_companies_back();
    lock_companies(batch_);
    remove_companies();
    restore_fields();
    restore_contacts();
    put_rows_back();
    take_rows_away();
    take_definitions_away();
    conclude();
}

void Restoration::put_companies_back()
{
    is_removed_.assign(batch_.size(), false);
    batch_.for_each_open([&](std::size_t i) {
        if (!at(i).has_removed_company)
            return;
        auto const company = batch_.company(i);
        if (!batch_.models.companies.lock(batch_.tx, std::array{company}).empty()) {
            batch_.close(i, Outcome::AlreadyPresent, "the company is there already");
            return;
        }
        put_back(i);
        batch_.item(i).made.company = elements(parsed_json(at(i).removed), "companies");
        batch_.item(i).made.billing_profiles =
            elements(parsed_json(at(i).removed), "billing_profiles");
        batch_.item(i).receipt.rows.companies = 1;
        is_new_.insert(company);
    });
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
    batch_.for_each_open([&](std::size_t i) {
        if (!at(i).has_made_company)
            return;
        ids.push_back(batch_.company(i));
        own_tags = at(i).own_tags;
    });
    if (ids.empty())
        return;
    std::map<CompanyId, BlastRadius> radii;
    for (auto& one : batch_.models.removal.lock(batch_.tx, ids, own_tags))
        radii.emplace(one.company, std::move(one));
    auto const images = batch_.models.removal.images(batch_.tx, ids);
    std::vector<BlastRadius> clear;
    batch_.for_each_open([&](std::size_t i) {
        if (!at(i).has_made_company)
            return;
        auto const& radius = radii.at(batch_.company(i));
        auto const rows = parsed_json(images.at(batch_.company(i)));
        auto const made = parsed_json(at(i).made);
        auto touched = made_rows_.differences(made, rows);
        if (!radius.is_clear())
            touched.push_back("it is referred to by " + listed(radius));
        if (!touched.empty()) {
            keep(i, touched);
            return;
        }
        is_removed_[i] = true;
        pieces_[i].removed = rows.get_object();
        ++pieces_[i].done;
        batch_.item(i).image = "null";
        batch_.item(i).receipt.rows = {.companies = 1,
                                       .contacts = rows_of(rows, "contacts").size(),
                                       .tags = rows_of(rows, "tag_mappings").size()};
        clear.push_back(radius);
    });
    if (!clear.empty())
        batch_.models.removal.remove(batch_.tx, clear, own_tags);
}

void Restoration::keep(std::size_t i, std::vector<std::string> const& touched)
{
    note(i, fmt::format("kept and made inactive, not removed: {}", fmt::join(touched, "; ")));
    auto const company = std::array{batch_.company(i)};
    auto const& models = batch_.models;
    auto& item = batch_.item(i);
    item.receipt.rows.companies +=
        models.companies.set_activity(batch_.tx, company, Activity::Inactive).size();
    std::vector<ContactId> active;
    auto const made =
        ids_in<ContactId>(rows_of(parsed_json(at(i).made), "contacts"), "contact_name_id");
    for (auto const& contact : models.contacts.of(batch_.tx, company)) {
        if (!contact.inactive && std::ranges::find(made, contact.id) != made.end())
            active.push_back(contact.id);
    }
    set_contacts_of(i, active, Activity::Inactive);
    attach_tag(batch_, at(i).canceled_tag, std::array{i});
    pieces_[i].done += item.receipt.rows.companies + item.receipt.rows.tags;
}

void Restoration::conclude()
{
    // lock_companies() has closed what was put back before it, if that is not there: it is.
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
    // Under the name of what they were before.
    if (!pieces.set_inactive.empty())
        image += fmt::format(R"(, "active_contacts": [{}])", fmt::join(pieces.set_inactive, ", "));
    if (!pieces.set_active.empty())
        image += fmt::format(R"(, "inactive_contacts": [{}])", fmt::join(pieces.set_active, ", "));
    return image + "}";
}

template <>
void perform<Restore>(Batch& batch)
{
    Restoration{batch}.run();
}

}  // namespace tracking::models
