#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// One who gives up a value that only one may have (a name, an address) and takes another.
struct Passing
{
    std::string from;
    std::string to;
};

/// Whether a Passing can be done, and with which others.
struct Passed
{
    bool is_possible = true;
    std::size_t together = 0;  ///< the first of those that have to be done at once: itself if alone
};

/// Values can be passed along a chain and round a ring. A Passing is possible where its new value
/// is free, or given up by one that is possible. Of several that want one value, the first gets it.
/// `is_held_by_others`: somebody has the value who is not among `all`. In the order of `all`.
std::vector<Passed> pass_on(std::span<Passing const> all,
                            std::function<bool(std::string const&)> const& is_held_by_others);

}  // namespace tracking::models
