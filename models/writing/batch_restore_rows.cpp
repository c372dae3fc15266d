// Contacts, tag mappings and tag definitions.

#include "models/writing/batch_restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tracking::models {

json::array Restoration::missing_definitions(std::size_t i, json::value const& rows)
{
    json::array missing;
    for (auto const& definition : rows_of(rows, "tag_definitions")) {
        auto const text = text_of(definition, "tag_text");
        if (!is_defined_.insert(text).second || batch_.models.tags.find(batch_.tx, text))
            continue;
        auto& made = batch_.item(i).made.tag_definitions;
        made += (made.empty() ? "" : ", ") + json_text(definition);
        // Earlier versions of the journal hold only id and text of a definition.
        if (definition.get_object().contains("tenant"))
            missing.push_back(definition);
        else
            batch_.models.tags.define(batch_.tx, text);
    }
    return missing;
}

std::set<std::string> Restoration::undefined_tags(json::array const& mappings,
                                                  json::array const& definitions) const
{
    std::set<std::string> tags;
    for (auto const& mapping : mappings)
        tags.insert(text_of(mapping, "tag_id"));
    for (auto const& definition : definitions)
        tags.erase(text_of(definition, "tag_id"));
    if (tags.empty())
        return tags;
    auto const ids = each_of(tags, [](auto const& id) { return TagId::parse(id).value(); });
    for (auto const& [id, image] : batch_.models.tags.images(batch_.tx, ids))
        tags.erase(id.str());
    return tags;
}

json::array Restoration::attachable(std::size_t i, json::array const& mappings,
                                    std::set<std::string> const& undefined)
{
    json::array all;
    for (auto const& mapping : mappings) {
        if (undefined.contains(text_of(mapping, "tag_id")))
            note(i, fmt::format("the tag mapping {} is not put back: its tag is not defined any "
                                "more",
                                text_of(mapping, "mapping_id")));
        else
            all.push_back(mapping);
    }
    return all;
}

void Restoration::put_back(std::vector<std::size_t> const& items)
{
    json::object all;
    auto const add = [&](char const* table, json::array elements) {
        auto& into = all[table];
        if (!into.is_array())
            into.emplace_array();
        for (auto& element : elements)
            into.get_array().push_back(std::move(element));
    };
    json::array mappings;
    for (auto const i : items) {
        auto const rows = parsed_json(at(i).removed);
        add("tag_definitions", missing_definitions(i, rows));
        std::ranges::copy(rows_of(rows, "tag_mappings"), std::back_inserter(mappings));
    }
    auto const undefined = undefined_tags(mappings, array_at(all, "tag_definitions"));
    for (auto const i : items) {
        auto rows = parsed_json(at(i).removed);
        if (!undefined.empty())
            rows.get_object()["tag_mappings"] =
                attachable(i, rows_of(rows, "tag_mappings"), undefined);
        for (auto const* const table :
             {"companies", "billing_profiles", "contacts", "tag_mappings"}) {
            pieces_[i].done += rows_of(rows, table).size();
            add(table, rows_of(rows, table));
        }
        auto& item = batch_.item(i);
        item.made.contacts = elements(rows, "contacts");
        item.made.tag_mappings = elements(rows, "tag_mappings");
        item.receipt.rows.contacts += rows_of(rows, "contacts").size();
        item.receipt.rows.tags += rows_of(rows, "tag_mappings").size();
        pieces_[i].done += rows_of(rows, "tag_definitions").size();
    }
    if (!items.empty())
        batch_.models.removal.restore(batch_.tx, json_text(all));
}

void Restoration::put_rows_back()
{
    std::vector<std::size_t> items;
    for_each_kept([&](std::size_t i) {
        if (!at(i).has_removed_company && !at(i).removed.empty())
            items.push_back(i);
    });
    put_back(items);
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
    std::map<std::size_t, json::value> found;
    for_each_kept([&](std::size_t i) {
        if (!at(i).has_made_company && !at(i).made.empty())
            found.emplace(i, parsed_json(images.at(batch_.company(i))));
    });
    take_contacts_away(found);
    take_mappings_away(found);
}

std::unordered_set<ContactId> Restoration::moved_contacts(
    std::map<std::size_t, json::value> const& found)
{
    std::vector<ContactId> missing;
    for (auto const& [i, rows] : found) {
        auto const there = set_of(ids_in<ContactId>(rows_of(rows, "contacts"), "contact_name_id"));
        for (auto const& id :
             ids_in<ContactId>(rows_of(parsed_json(at(i).made), "contacts"), "contact_name_id"))
            if (!there.contains(id))
                missing.push_back(id);
    }
    if (missing.empty())
        return {};
    return set_of(each_of(batch_.models.contacts.lock(batch_.tx, missing), &ContactRow::id));
}

std::vector<ContactId> Restoration::untouched_contacts(std::size_t i, json::value const& made,
                                                       json::value const& found,
                                                       std::unordered_set<ContactId> const& moved)
{
    std::vector<ContactId> ids;
    for (auto const& row : rows_of(made, "contacts")) {
        auto const text = text_of(row, "contact_name_id");
        auto const id = ContactId::parse(text).value();
        json::array there;
        std::ranges::copy_if(
            rows_of(found, "contacts"), std::back_inserter(there),
            [&](json::value const& one) { return text_of(one, "contact_name_id") == text; });
        if (there.empty()) {
            if (moved.contains(id))
                note(i, fmt::format("contact {} is not the company's any more", text));
            continue;
        }
        auto touched = made_rows_.differences_of_contacts({row}, there);
        for (auto& reason : touched)
            note(i, std::move(reason));
        if (touched.empty())
            ids.push_back(id);
    }
    return ids;
}

void Restoration::take_contacts_away(std::map<std::size_t, json::value> const& found)
{
    std::map<std::size_t, std::vector<ContactId>> untouched;
    std::vector<ContactId> all;
    auto const moved = moved_contacts(found);
    for (auto const& [i, rows] : found) {
        auto const& ids = untouched[i] =
            untouched_contacts(i, parsed_json(at(i).made), rows, moved);
        all.insert(all.end(), ids.begin(), ids.end());
    }
    if (all.empty())
        return;
    auto const referred = batch_.models.contacts.references(batch_.tx, all);
    std::erase_if(all, [&](ContactId const& id) { return referred.contains(id); });
    auto const gone = set_of(batch_.models.contacts.remove(batch_.tx, all));
    for (auto const& [i, ids] : untouched) {
        for (auto const& id : ids) {
            if (auto const kept = referred.find(id); kept != referred.end())
                note(i, fmt::format("contact {} is kept: it is referred to by {}", id.str(),
                                    kept->second));
            if (gone.contains(id)) {
                ++batch_.item(i).receipt.rows.contacts;
                batch_.item(i).gone.push_back(id);
            }
        }
        keep_image(i, "contacts", "contact_name_id", rows_of(found.at(i), "contacts"), gone);
    }
}

void Restoration::take_mappings_away(std::map<std::size_t, json::value> const& found)
{
    std::map<std::size_t, json::array> made;
    std::vector<MappingId> all;
    for (auto const& [i, rows] : found) {
        made[i] = rows_of(parsed_json(at(i).made), "tag_mappings");
        for (auto const& id : ids_in<MappingId>(made[i], "mapping_id"))
            all.push_back(id);
    }
    auto const gone = set_of(batch_.models.tags.remove(batch_.tx, all));
    for (auto const& [i, mappings] : made) {
        for (auto const& row : mappings) {
            if (gone.contains(MappingId::parse(text_of(row, "mapping_id")).value()))
                ++batch_.item(i).receipt.rows.tags;
        }
        keep_image(i, "tag_mappings", "mapping_id", rows_of(found.at(i), "tag_mappings"), gone);
    }
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
        auto const ids = ids_in<TagId>(made, "tag_id");
        json::array whole;
        for (auto const& [id, image] : batch_.models.tags.images(batch_.tx, ids))
            whole.push_back(parsed_json(image));
        auto const gone = batch_.models.tags.remove_unused(batch_.tx, ids);
        keep_image(i, "tag_definitions", "tag_id", whole, set_of(gone));
    });
}

}  // namespace tracking::models
