#include "models/values/passing.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace tracking::models {

namespace {

using Indices = std::unordered_map<std::string_view, std::size_t>;

/// The one that gives up what `all[i]` takes; nothing where that is free, or kept.
std::optional<std::size_t> giver_to(std::span<Passing const> all, Indices const& by_former,
                                    std::size_t i)
{
    auto const found = by_former.find(all[i].to);
    return found == by_former.end() || found->second == i ? std::nullopt
                                                          : std::optional{found->second};
}

}  // namespace

std::vector<Passed> pass_on(std::span<Passing const> all,
                            std::function<bool(std::string const&)> const& is_held_by_others)
{
    std::vector<Passed> passed(all.size());
    Indices by_former;
    Indices claims;
    for (std::size_t i = 0; i < all.size(); ++i) {
        by_former.emplace(all[i].from, i);
        passed[i].together = i;
        if (all[i].from != all[i].to)
            passed[i].is_possible =
                claims.emplace(all[i].to, i).second && !is_held_by_others(all[i].to);
    }
    // Each round finds those that wait in vain for one that the round before has found.
    for (bool is_settled = false; !is_settled;) {
        is_settled = true;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const giver = giver_to(all, by_former, i);
            bool const keeps =
                giver && (!passed[*giver].is_possible || all[*giver].from == all[*giver].to);
            if (passed[i].is_possible && keeps) {
                passed[i].is_possible = false;
                is_settled = false;
            }
        }
    }
    for (bool is_settled = false; !is_settled;) {
        is_settled = true;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const giver = giver_to(all, by_former, i);
            if (!giver || !passed[i].is_possible || passed[i].together == passed[*giver].together)
                continue;
            passed[i].together = passed[*giver].together =
                std::min(passed[i].together, passed[*giver].together);
            is_settled = false;
        }
    }
    return passed;
}

}  // namespace tracking::models
