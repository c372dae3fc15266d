#include "reconcile/undo/images.hpp"

#include "models/rules/json_text.hpp"
#include "models/values/lists.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tracking::reconcile {

json::object parsed(std::string const& text)
{
    auto value = models::read_json(text).value;
    return value.is_object() ? std::move(value.get_object()) : json::object{};
}

void add_rows(json::object& into, json::object const& rows)
{
    for (auto const& [table, elements] : rows) {
        if (!elements.is_array())
            continue;
        auto& all = into[table];
        if (!all.is_array())
            all.emplace_array();
        for (auto const& element : elements.get_array())
            all.get_array().push_back(element);
    }
}

std::vector<std::string> texts_at(json::array const& rows, std::string_view member)
{
    return models::each_of(rows, [&](json::value const& row) {
        return text_at(row.is_object() ? row.get_object() : json::object{}, member);
    });
}

void take_rows(json::object& from, json::object const& rows)
{
    constexpr std::array<std::pair<char const*, char const*>, 2> kKeys{
        {{"contacts", "contact_name_id"}, {"tag_mappings", "mapping_id"}}};
    for (auto const& [table, key] : kKeys) {
        auto const all = array_at(from, table);
        auto const ids = texts_at(all, key);
        auto const taken = texts_at(array_at(rows, table), key);
        json::array left;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (std::ranges::find(taken, ids[i]) == taken.end())
                left.push_back(all[i]);
        }
        if (left.size() < all.size())
            from[table] = std::move(left);
    }
}

bool has_no_rows(json::object const& rows)
{
    return std::ranges::all_of(
        rows, [](auto const& member) { return member.value().as_array().empty(); });
}

}  // namespace tracking::reconcile
