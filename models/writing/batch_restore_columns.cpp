// Names, properties and activity, of companies and of contacts.

#include "models/writing/batch_restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

namespace tracking::models {

namespace {

/// What the column `properties` holds; nothing means NULL, which is no JSON null.
using Properties = std::optional<json::value>;

Properties properties_from(std::string const& text)
{
    return text.empty() ? Properties{} : parsed_json(text);
}

Properties properties_in(std::string const& image)
{
    auto const row = parsed_json(image);
    auto const* const found = row.get_object().if_contains("properties");
    if (!found)
        return json::value(nullptr);
    return found->is_null() ? Properties{} : *found;
}

bool is_object(Properties const& properties)
{
    return properties && properties->is_object();
}

}  // namespace

void Restoration::restore_fields()
{
    std::vector<CompanyName> names;
    std::vector<PropertiesPatch> properties;
    std::vector<CompanyId> active;
    std::vector<CompanyId> inactive;
    std::vector<CompanyId> unset;
    for_each_kept([&](std::size_t i) {
        auto const& wanted = at(i);
        auto const& row = *batch_.item(i).row;
        if (wanted.renamed && row.name == wanted.renamed->by)
            names.push_back({row.id, wanted.renamed->was});
        else if (wanted.renamed && row.name != wanted.renamed->was)
            note(i, fmt::format("the name was {}, and is {}", in_quotes(wanted.renamed->by),
                                in_quotes(row.name)));
        if (wanted.properties)
            add_properties(i, properties);
        if (wanted.was_inactive && row.inactive != *wanted.was_inactive)
            (wanted.was_unset ? unset : *wanted.was_inactive ? inactive : active).push_back(row.id);
    });
    auto const renamed = set_of(batch_.models.companies.rename(batch_.tx, names));
    auto written = renamed;
    auto const add = [&](std::vector<CompanyId> const& ids) {
        written.insert(ids.begin(), ids.end());
    };
    restore_profiles(renamed);
    add(batch_.models.companies.replace_properties(batch_.tx, properties));
    add(batch_.models.companies.set_activity(batch_.tx, active, Activity::Active));
    add(batch_.models.companies.set_activity(batch_.tx, unset, Activity::Unset));
    add(batch_.models.companies.set_activity(batch_.tx, inactive, Activity::Inactive));
    for_each_kept([&](std::size_t i) {
        auto const id = batch_.company(i);
        auto const wants_name = std::ranges::find(names, id, &CompanyName::id) != names.end();
        if (wants_name && !renamed.contains(id))
            note(i, fmt::format("the name {} is taken", in_quotes(at(i).renamed->was)));
        if (written.contains(id)) {
            batch_.item(i).receipt.rows.companies = 1;
            ++pieces_[i].done;
        }
    });
}

void Restoration::restore_profiles(std::unordered_set<CompanyId> const& renamed)
{
    std::vector<ProfileName> names;
    for_each_kept([&](std::size_t i) {
        if (!renamed.contains(batch_.company(i)))
            return;
        for (auto const& profile : at(i).renamed_profiles)
            names.push_back({batch_.company(i), profile, at(i).renamed->by, at(i).renamed->was});
    });
    rename_profiles(batch_, names);
    for_each_kept([&](std::size_t i) {
        if (batch_.item(i).renamed_profiles.size() < at(i).renamed_profiles.size() &&
            renamed.contains(batch_.company(i)))
            note(i, "its billing profile has another name by now, or is gone");
    });
}

void Restoration::add_properties(std::size_t i, std::vector<PropertiesPatch>& patches)
{
    auto const& [by_text, was_text] = *at(i).properties;
    auto const by = properties_from(by_text);
    auto const was = properties_from(was_text);
    auto now = properties_in(batch_.item(i).row->image);
    if (now == was)
        return;
    if (now == by) {
        patches.push_back({batch_.company(i), was_text});
        return;
    }
    if (!is_object(by) || !is_object(now)) {
        note(i, "the properties are no object any more");
        return;
    }
    bool is_changed = false;
    auto& current = now->get_object();
    for (auto const& [key, ours] : by->get_object()) {
        auto const* const former = is_object(was) ? was->get_object().if_contains(key) : nullptr;
        if (former && *former == ours)
            continue;
        auto const* const found = current.if_contains(key);
        if (!found || *found != ours) {
            if (!found ? former != nullptr : !former || *found != *former)
                note(i, fmt::format("properties.{} was {}, and is {}",
                                    std::string_view{key.data(), key.size()}, shown(ours),
                                    found ? shown(*found) : "gone"));
            continue;
        }
        if (former)
            current[key] = *former;
        else
            current.erase(key);
        is_changed = true;
    }
    if (!is_changed)
        return;
    bool const was_null = !is_object(was) && current.empty();
    patches.push_back({batch_.company(i), was_null ? std::string{was_text} : json_text(current)});
}

void Restoration::restore_contacts()
{
    std::vector<CompanyId> ids;
    for_each_kept([&](std::size_t i) {
        if (!at(i).deactivated.empty() || !at(i).activated.empty())
            ids.push_back(batch_.company(i));
    });
    if (ids.empty())
        return;
    std::unordered_map<CompanyId, std::vector<ContactRow>> there;
    for (auto& contact : batch_.models.contacts.of(batch_.tx, ids))
        there[contact.company].push_back(std::move(contact));
    std::map<ContactId, std::size_t> active;
    std::map<ContactId, std::size_t> inactive;
    std::map<ContactId, std::size_t> unset;
    for_each_kept([&](std::size_t i) {
        auto const& own = there[batch_.company(i)];
        for (auto const& id : still(i, own, at(i).deactivated, Activity::Inactive))
            (std::ranges::count(at(i).unset, id) > 0 ? unset : active).emplace(id, i);
        for (auto const& id : still(i, own, at(i).activated, Activity::Active))
            inactive.emplace(id, i);
    });
    set_contacts_of(active, Activity::Active);
    set_contacts_of(unset, Activity::Unset);
    set_contacts_of(inactive, Activity::Inactive);
}

std::vector<ContactId> Restoration::still(std::size_t i, std::vector<ContactRow> const& there,
                                          std::vector<ContactId> const& ids, Activity activity)
{
    std::vector<ContactId> unchanged;
    for (auto const& id : ids) {
        auto const found = std::ranges::find(there, id, &ContactRow::id);
        if (found == there.end())
            note(i, fmt::format("contact {} is not the company's any more", id.str()));
        else if (found->inactive == (activity == Activity::Inactive))
            unchanged.push_back(id);
    }
    return unchanged;
}

void Restoration::set_contacts_of(std::map<ContactId, std::size_t> const& item_of,
                                  Activity activity)
{
    if (item_of.empty())
        return;
    std::vector<ContactId> ids;
    for (auto const& [id, i] : item_of)
        ids.push_back(id);
    for (auto const& id : batch_.models.contacts.set_activity(batch_.tx, ids, activity)) {
        auto const i = item_of.at(id);
        ++batch_.item(i).receipt.rows.contacts;
        ++pieces_[i].done;
        (activity == Activity::Inactive ? pieces_[i].set_inactive : pieces_[i].set_active)
            .push_back(fmt::format(R"("{}")", id.str()));
    }
}

}  // namespace tracking::models
