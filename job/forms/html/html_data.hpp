#pragma once

#include <kainjow/mustache.hpp>

#include <string>
#include <string_view>

namespace tracking::job {

namespace mustache = kainjow::mustache;
using mustache::data;
using mustache::object;

// The template leaves a section out for `false` and for an empty list. For a missing name it takes
// the value of an outer section, so every name is set everywhere.

inline data text(std::string_view words)
{
    return std::string{words};
}

inline data text_or_none(std::string_view words)
{
    return words.empty() ? data{false} : text(words);
}

template <class Range, class Function>
mustache::list each(Range const& range, Function as_data)
{
    mustache::list all;
    for (auto const& one : range)
        all.emplace_back(as_data(one));
    return all;
}

}  // namespace tracking::job
