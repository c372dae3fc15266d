#include "reconcile/undo/changed_properties.hpp"

#include "models/rules/json_text.hpp"
#include "reconcile/undo/images.hpp"

#include <set>

namespace tracking::reconcile {

namespace {

using models::is_same;

std::set<std::string> keys_of(json::object const& a, json::object const& b)
{
    std::set<std::string> keys;
    for (auto const* const object : {&a, &b}) {
        for (auto const& [key, value] : *object)
            keys.emplace(key);
    }
    return keys;
}

/// What the column held where it was no object.
std::optional<std::string> none_at(json::object const& company)
{
    auto const* const found = company.if_contains("properties");
    if (!found)
        return "null";
    if (found->is_null())
        return "";
    return found->is_object() ? std::nullopt : std::optional{models::json_text(*found)};
}

}  // namespace

void ChangedProperties::add(json::object const& before, json::object const& after)
{
    auto const then = object_at(before, "properties");
    auto const now = object_at(after, "properties");
    if (!is_begun_)
        was_none_ = none_at(before);
    is_begun_ = true;
    is_none_ = none_at(after);
    for (auto const& key : keys_of(then, now)) {
        auto const* const former = then.if_contains(key);
        auto const* const latter = now.if_contains(key);
        if (is_same(former, latter))
            continue;
        if (!was_.contains(key) && !is_.contains(key))
            models::set_at(was_, key, former);
        models::set_at(is_, key, latter);
        if (is_same(was_.if_contains(key), is_.if_contains(key))) {
            was_.erase(key);
            is_.erase(key);
        }
    }
}

void ChangedProperties::subtract(ChangedProperties const& undone)
{
    if (undone.empty())
        return;
    for (auto const& key : keys_of(undone.was_, undone.is_)) {
        was_.erase(key);
        is_.erase(key);
    }
    if (was_.empty() && is_.empty())
        is_none_ = was_none_;
}

models::Replaced ChangedProperties::replaced() const
{
    return {.by = is_none_ ? *is_none_ : models::json_text(is_),
            .was = was_none_ ? *was_none_ : models::json_text(was_)};
}

}  // namespace tracking::reconcile
