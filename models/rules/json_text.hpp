#pragma once

#include "models/rules/id.hpp"

#include <boost/json.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace tracking::models {

namespace json = boost::json;

/// Some numbers do not fit a JSON value of Boost as they are written (1.10, 1e400, whole ones
/// beyond 64 bits). They are kept as strings: U+0000, which jsonb does not allow, and then their
/// text. All other numbers are int64 or uint64. So no number changes between reading and writing,
/// and two are equal where their texts are.
struct JsonReading
{
    json::value value;  ///< null where there is an error
    json::error_code error;
    std::size_t length = 0;  ///< up to the error
};

/// At most 15,000 levels deep: a server with its default `max_stack_depth` takes less.
JsonReading read_json(std::string_view text);

/// Reads what a server has written; null for an empty text. Throws RuleViolation where it is no
/// JSON, or nested too deep.
json::value parsed_json(std::string_view text);

/// The text of a value that was read this way. Its numbers are written as they were.
std::string json_text(json::value const& value);
std::string json_text(json::object const& object);

/// Visits all texts of a value that was read this way, at any depth. The names of members and the
/// numbers that are kept as strings are no texts.
void for_each_text(json::value& value, std::function<void(json::string&)> const& visit);

// Members of an object. What is missing, or of another type, reads as empty.
json::object object_at(json::object const& object, std::string_view member);
json::array array_at(json::object const& object, std::string_view member);
std::string text_at(json::object const& object, std::string_view member);
bool flag_at(json::object const& object, std::string_view member);
bool is_null_at(json::object const& object, std::string_view member);

/// Whether both are there and equal, or neither is there.
bool is_same(json::value const* a, json::value const* b);
/// Makes `value` the member; null: takes the member away.
void set_at(json::object& object, std::string_view member, json::value const* value);

template <class Tag>
void tag_invoke(json::value_from_tag const&, json::value& into, Id<Tag> const& id)
{
    into = id.str();
}

}  // namespace tracking::models
