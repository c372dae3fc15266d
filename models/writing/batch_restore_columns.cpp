// Names, properties and activity, of companies and of contacts.

#include "models/writing/batch_restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace tracking::models {

namespace {

/// Properties of an image or of a Restore, where they are an object; else empty.
json::object keys_of(json::value const& properties)
{
    return properties.is_object() ? properties.get_object() : json::object{};
}

std::set<std::string> keys_in(Replaced const& properties)
{
    std::set<std::string> keys;
    for (auto const& text : {properties.by, properties.was}) {
        for (auto const& [key, value] : keys_of(parsed_json(text)))
            keys.emplace(key);
    }
    return keys;
}

}  // namespace

void Restoration::restore_fields()
{
    std::vector<CompanyName> names;
    std::vector<FormerProperties> properties;
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
    add(batch_.models.companies.restore_properties(batch_.tx, properties));
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

void Restoration::gather_keys()
{
    std::set<std::string> keys;
    batch_.for_each_open([&](std::size_t i) {
        if (at(i).properties)
            keys.merge(keys_in(*at(i).properties));
    });
    batch_.keys.assign(keys.begin(), keys.end());
}

void Restoration::add_properties(std::size_t i, std::vector<FormerProperties>& restored)
{
    if (!batch_.item(i).row->can_carry_link) {
        note(i, "the properties are no object any more");
        return;
    }
    auto const& wanted = *at(i).properties;
    auto const former = parsed_json(wanted.was);
    auto const by = keys_of(parsed_json(wanted.by));
    auto const was = keys_of(former);
    auto const is = object_at(parsed_json(batch_.item(i).row->image).get_object(), "properties");
    FormerProperties one{.id = batch_.company(i), .had_none = !former.is_object()};
    json::object patch;
    auto const keys = keys_in(wanted);
    for (auto const& key : keys) {
        auto const* const then = was.if_contains(key);
        auto const* const ours = by.if_contains(key);
        auto const* const now = is.if_contains(key);
        if (is_same(now, then))
            continue;
        if (!is_same(now, ours))
            note(i, fmt::format("properties.{} was {}, and is {}", key,
                                ours ? shown(*ours) : "gone", now ? shown(*now) : "gone"));
        else if (then)
            patch[key] = *then;
        else
            one.gone.push_back(key);
    }
    if (patch.empty() && one.gone.empty() && !(one.had_none && keys.empty()))
        return;
    one.patch = one.had_none ? std::string{wanted.was} : json_text(patch);
    restored.push_back(std::move(one));
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

std::vector<FollowingOf> Restoration::unchanged_people()
{
    std::vector<ContactId> ids;
    for_each_kept([&](std::size_t i) {
        for (auto const& one : at(i).changed)
            ids.push_back(one.id);
    });
    std::vector<FollowingOf> unchanged;
    if (ids.empty())
        return unchanged;
    std::unordered_map<ContactId, ContactRow> there;
    for (auto& row : batch_.models.contacts.lock(batch_.tx, ids))
        there.emplace(row.id, std::move(row));
    for_each_kept([&](std::size_t i) {
        for (auto const& one : at(i).changed) {
            auto const found = there.find(one.id);
            if (found == there.end() || found->second.company != batch_.company(i))
                note(i, fmt::format("contact {} is not the company's any more", one.id.str()));
            else if (found->second.email != one.email_by || found->second.full_name != one.name_by)
                note(i, fmt::format("contact {} was changed since", one.id.str()));
            else
                unchanged.push_back({i,
                                     {.id = one.id,
                                      .user = one.user,
                                      .former_name = one.name_by,
                                      .former_email = one.email_by,
                                      .full_name = one.name_was,
                                      .email = one.email_was}});
        }
    });
    return unchanged;
}

void Restoration::restore_people()
{
    auto all = unchanged_people();
    for (bool is_possible = all.empty(); !is_possible;) {
        auto const possible = can_follow(batch_, all);
        std::vector<FollowingOf> left;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (possible[k])
                left.push_back(all[k]);
            else
                note(all[k].item, fmt::format("the address {} is another contact's by now",
                                              all[k].contact.email));
        }
        is_possible = left.size() == all.size() || left.empty();
        all = std::move(left);
    }
    if (all.empty())
        return;
    for (auto& [i, images] : change_contacts(batch_, all)) {
        ++pieces_[i].done;
        pieces_[i].changed = images;
    }
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
    auto const ids = each_of(item_of, [](auto const& one) { return one.first; });
    for (auto const& id : batch_.models.contacts.set_activity(batch_.tx, ids, activity)) {
        auto const i = item_of.at(id);
        ++batch_.item(i).receipt.rows.contacts;
        ++pieces_[i].done;
        (activity == Activity::Inactive ? pieces_[i].set_inactive : pieces_[i].set_active)
            .push_back(fmt::format(R"("{}")", id.str()));
    }
}

}  // namespace tracking::models
