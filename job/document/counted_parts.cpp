#include "job/document/counted_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace tracking::job {

std::vector<std::string> parts_of(std::vector<Part> const& parts)
{
    std::vector<std::string> texts;
    for (auto const& [count, what] : parts) {
        if (count > 0)
            texts.push_back(fmt::format("{} {}", count, what));
    }
    return texts;
}

std::string listed(std::vector<Part> const& parts)
{
    return fmt::format("{}", fmt::join(parts_of(parts), ", "));
}

std::string prefixed(std::string_view prefix, std::string const& text)
{
    return text.empty() ? text : fmt::format("{}{}", prefix, text);
}

void add(std::vector<Field>& fields, std::string label, std::string text)
{
    if (!text.empty())
        fields.push_back({std::move(label), std::move(text)});
}

}  // namespace tracking::job
