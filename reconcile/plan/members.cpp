#include "reconcile/plan/members.hpp"

#include "reconcile/plan/plan_file.hpp"

#include <utility>

namespace tracking::reconcile {

namespace json = boost::json;

Members::Members(json::value const& value, std::string place) : place_{std::move(place)}
{
    if (!value.is_object())
        refuse("is no object");
    object_ = &value.get_object();
}

std::string Members::text(std::string_view key) const
{
    auto const& value = at(key);
    if (!value.is_string())
        refuse(fmt::format("has a \"{}\" that is no text", key));
    return std::string{value.get_string()};
}

std::vector<std::string> Members::texts(std::string_view key) const
{
    auto const& value = at(key);
    std::vector<std::string> all;
    if (!value.is_array())
        refuse(fmt::format("has \"{}\" that are no list", key));
    for (auto const& one : value.get_array()) {
        if (!one.is_string())
            refuse(fmt::format("has \"{}\" of which one is no text", key));
        all.emplace_back(one.get_string());
    }
    return all;
}

std::map<std::string, std::string> Members::all_texts() const
{
    std::map<std::string, std::string> all;
    for (auto const& [key, value] : *object_)
        all.emplace(key, text(key));
    return all;
}

std::size_t Members::number(std::string_view key) const
{
    auto const& value = at(key);
    if (!value.is_int64() || value.get_int64() < 0)
        refuse(fmt::format("has a \"{}\" that is no number", key));
    return static_cast<std::size_t>(value.get_int64());
}

bool Members::flag(std::string_view key) const
{
    auto const& value = at(key);
    if (!value.is_bool())
        refuse(fmt::format("has a \"{}\" that is neither true nor false", key));
    return value.get_bool();
}

Members Members::object(std::string_view key) const
{
    return {at(key), fmt::format("{}.{}", place_, key)};
}

std::vector<Members> Members::objects(std::string_view key) const
{
    auto const& value = at(key);
    if (!value.is_array())
        refuse(fmt::format("has \"{}\" that are no list", key));
    std::vector<Members> all;
    for (auto const& one : value.get_array())
        all.push_back({one, fmt::format("{}.{}", place_, key)});
    return all;
}

bool Members::has(std::string_view key) const
{
    return object_->contains(key);
}

bool Members::is_null(std::string_view key) const
{
    return at(key).is_null();
}

json::value const& Members::at(std::string_view key) const
{
    auto const* const value = object_->if_contains({key.data(), key.size()});
    if (!value)
        refuse(fmt::format("lacks \"{}\"", key));
    return *value;
}

void Members::refuse(std::string const& problem) const
{
    throw PlanFileError{fmt::format("{} {}", place_, problem)};
}

}  // namespace tracking::reconcile
