#include "config/notation/problems.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::config {
namespace {

constexpr std::size_t kMostTold = 200;

/// The least number of insertions, deletions, replacements and swaps of neighbours that turn one
/// text into the other.
std::size_t edit_distance(std::string_view from, std::string_view to)
{
    std::vector<std::vector<std::size_t>> cost(from.size() + 1,
                                               std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i)
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            auto const replaced = cost[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
            auto const swapped =
                i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if (swapped)
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return cost[from.size()][to.size()];
}

}  // namespace

void Problems::add(Place const& place, std::string_view message)
{
    if (lines_.size() < kMostTold)
        lines_.push_back(fmt::format("{}: {}", place.name, message));
    else
        ++untold_;
}

void Problems::raise() const
{
    auto told = lines_;
    if (untold_ > 0)
        told.push_back(fmt::format("... and {} more problems", untold_));
    if (!told.empty())
        throw ConfigError{fmt::format("{}", fmt::join(told, "\n"))};
}

std::string did_you_mean(std::string_view text, std::vector<std::string> const& candidates,
                         std::string_view otherwise, std::size_t shared)
{
    constexpr std::size_t kLongestWorthComparing = 80;
    auto best = std::max<std::size_t>(1, (text.size() - shared) / 3) + 1;
    std::string_view found;
    for (auto const& candidate : candidates) {
        if (text.size() > kLongestWorthComparing)
            break;
        auto const distance = edit_distance(text, candidate);
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found.empty() ? std::string{otherwise} : fmt::format("; did you mean \"{}\"?", found);
}

}  // namespace tracking::config
