#pragma once

#include "job/document/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

struct Part
{
    std::size_t count;
    std::string_view what;
};

/// The counts as texts. Leaves out those that are zero.
std::vector<std::string> parts_of(std::vector<Part> const& parts);

/// `3 too young, 1 suspended`
std::string listed(std::vector<Part> const& parts);

/// The text with the prefix before it; empty where the text is.
std::string prefixed(std::string_view prefix, std::string const& text);

/// Adds the field, unless its text is empty.
void add(std::vector<Field>& fields, std::string label, std::string text);

}  // namespace tracking::job
