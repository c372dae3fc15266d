#pragma once

// How an undo reads the images of the journal. What is missing, or of another type, reads as empty.
// For reconcile/undo/*.cpp only.

#include "models/rules/id.hpp"
#include "models/rules/json_text.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

namespace json = boost::json;

json::object parsed(std::string const& text);
using models::array_at;
using models::flag_at;
using models::is_null_at;
using models::object_at;
using models::text_at;

/// The member of each row; empty where a row has none.
std::vector<std::string> texts_at(json::array const& rows, std::string_view member);

/// Appends the arrays of one object of rows to those of another.
void add_rows(json::object& into, json::object const& rows);

/// Removes from the rows of a company those that are in `rows`.
void take_rows(json::object& from, json::object const& rows);

bool has_no_rows(json::object const& rows);

/// The texts that are ids; others are left out.
template <class Id>
std::vector<Id> ids_in(json::array const& texts)
{
    std::vector<Id> ids;
    for (auto const& one : texts) {
        auto const id =
            one.is_string()
                ? Id::parse(std::string_view{one.get_string().data(), one.get_string().size()})
                : std::nullopt;
        if (id)
            ids.push_back(*id);
    }
    return ids;
}

}  // namespace tracking::reconcile
