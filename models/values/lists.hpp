#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <type_traits>
#include <vector>

namespace tracking::models {

/// Sorts the list and leaves one of those that are equal.
template <class T, class Key = std::identity>
void leave_one_of_each(std::vector<T>& list, Key key = {})
{
    std::ranges::sort(list, {}, key);
    // Clang before 16 cannot read the subranges of GCC 12, so it cannot lint std::ranges::unique().
    auto const again = std::unique(list.begin(), list.end(), [&](T const& one, T const& next) {
        return std::invoke(key, one) == std::invoke(key, next);
    });
    list.erase(again, list.end());
}

/// What `part` returns for each element, in their order. `part` may be a member.
template <class Elements, class Part>
auto each_of(Elements&& elements, Part const& part)
{
    using Element = decltype(*std::begin(elements));
    std::vector<std::decay_t<std::invoke_result_t<Part const&, Element>>> parts;
    parts.reserve(static_cast<std::size_t>(std::size(elements)));
    for (auto&& one : elements)
        parts.push_back(std::invoke(part, one));
    return parts;
}

/// The first ones of the list, `most` at most.
template <class T>
std::span<T const> first_of(std::vector<T> const& list, std::size_t most)
{
    return std::span<T const>{list}.first(std::min(list.size(), most));
}

}  // namespace tracking::models
