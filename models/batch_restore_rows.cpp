// Contacts, tag mappings and tag definitions.

#include "models/batch_restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tracking::models {

void Restoration::put_back(std::size_t i)
{
    auto const rows = parsed_json(at(i).removed);
    auto& item = batch_.item(i);
    for (auto const& definition : rows_of(rows, "tag_definitions")) {
        auto const text = text_of(definition, "tag_text");
        if (!is_defined_.insert(text).second || batch_.models.tags.find(batch_.tx, text))
            continue;
        batch_.models.tags.define(batch_.tx, text);
        auto& made = item.made.tag_definitions;
        made += (made.empty() ? "" : ", ") + json_text(definition);
    }
    batch_.models.removal.restore(batch_.tx, at(i).removed);
    item.made.contacts = elements(rows, "contacts");
    item.made.tag_mappings = elements(rows, "tag_mappings");
    item.receipt.rows.contacts += rows_of(rows, "contacts").size();
    item.receipt.rows.tags += rows_of(rows, "tag_mappings").size();
    ++pieces_[i].done;
}

void Restoration::put_rows_back()
{
    for_each_kept([&](std::size_t i) {
        if (!at(i).has_removed_company && !at(i).removed.empty())
            put_back(i);
    });
}

void Restoration::take_rows_away()
{
    std::vector<CompanyId> ids;
    for_each_kept([&](std::size_t i) {
        if (!at(i).has_made_company && !at(i).made.empty())
            ids.push_back(batch_.company(i));
    });
    if (ids.empty())
        return;
    auto const images = batch_.models.removal.images(batch_.tx, ids);
    for_each_kept([&](std::size_t i) {
        if (at(i).has_made_company || at(i).made.empty())
            return;
        auto const rows = parsed_json(images.at(batch_.company(i)));
        auto const made = parsed_json(at(i).made);
        take_contacts_away(i, rows_of(made, "contacts"), rows_of(rows, "contacts"));
        take_mappings_away(i, rows_of(made, "tag_mappings"), rows_of(rows, "tag_mappings"));
    });
}

void Restoration::take_contacts_away(std::size_t i, json::array const& made,
                                     json::array const& found)
{
    std::vector<ContactId> ids;
    for (auto const& row : made) {
        json::array there;
        std::ranges::copy_if(found, std::back_inserter(there), [&](json::value const& one) {
            return text_of(one, "contact_name_id") == text_of(row, "contact_name_id");
        });
        auto touched = made_rows_.differences_of_contacts({row}, there);
        for (auto& reason : touched)
            note(i, std::move(reason));
        if (touched.empty())
            ids.push_back(ContactId::parse(text_of(row, "contact_name_id")).value());
    }
    if (ids.empty())
        return;
    auto const free = batch_.models.contacts.unreferenced(batch_.tx, ids);
    for (auto const& id : ids) {
        if (std::ranges::find(free, id) == free.end())
            note(i, fmt::format("contact {} is referred to by other rows", id.str()));
    }
    batch_.item(i).receipt.rows.contacts += batch_.models.contacts.remove(batch_.tx, free).size();
    keep_image(i, "contacts", "contact_name_id", found, set_of(free));
}

void Restoration::take_mappings_away(std::size_t i, json::array const& made,
                                     json::array const& found)
{
    auto const gone =
        set_of(batch_.models.tags.remove(batch_.tx, ids_in<MappingId>(made, "mapping_id")));
    for (auto const& row : made) {
        if (!gone.contains(MappingId::parse(text_of(row, "mapping_id")).value()))
            note(i, fmt::format("the tag {} was taken off already",
                                in_quotes(text_of(row, "tag_text"))));
    }
    batch_.item(i).receipt.rows.tags += gone.size();
    keep_image(i, "tag_mappings", "mapping_id", found, gone);
}

template <class Id>
void Restoration::keep_image(std::size_t i, std::string_view table, std::string_view key,
                             json::array const& found, std::unordered_set<Id> const& gone)
{
    json::array removed;
    for (auto const& row : found) {
        if (auto const id = Id::parse(text_of(row, key)); id && gone.contains(*id))
            removed.push_back(row);
    }
    pieces_[i].done += removed.size();
    if (!removed.empty())
        pieces_[i].removed[json::string_view{table.data(), table.size()}] = std::move(removed);
}

void Restoration::take_definitions_away()
{
    batch_.for_each_open([&](std::size_t i) {
        if (at(i).made.empty())
            return;
        auto const made = rows_of(parsed_json(at(i).made), "tag_definitions");
        if (made.empty())
            return;
        auto const gone =
            batch_.models.tags.remove_unused(batch_.tx, ids_in<TagId>(made, "tag_id"));
        keep_image(i, "tag_definitions", "tag_id", made, set_of(gone));
    });
}

}  // namespace tracking::models
