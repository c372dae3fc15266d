#pragma once

#include "models/rules/id.hpp"

#include <boost/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace tracking::models {

namespace json = boost::json;

/// Numbers that a JSON value of Boost cannot hold as they are written (1.10, 1e400, whole ones
/// beyond 64 bits) are kept as strings: U+0000, which jsonb knows not, and then their text. All
/// others are int64 or uint64. So no number changes between reading and writing, and two are equal
/// where their texts are.
struct JsonReading
{
    json::value value;  ///< null where there is an error
    json::error_code error;
    std::size_t length = 0;  ///< up to the error
};

/// Nested 15,000 deep at most: a server with its default `max_stack_depth` takes less.
JsonReading read_json(std::string_view text);

/// What a server has written; null for no text at all. Throws RuleViolation where it is no JSON, or
/// nested too deep.
json::value parsed_json(std::string_view text);

/// Of a value that was read so; its numbers as they were written.
std::string json_text(json::value const& value);
std::string json_text(json::object const& object);

template <class Tag>
void tag_invoke(json::value_from_tag const&, json::value& into, Id<Tag> const& id)
{
    into = id.str();
}

}  // namespace tracking::models
