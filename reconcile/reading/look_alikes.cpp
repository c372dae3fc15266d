#include "reconcile/reading/look_alikes.hpp"

#include "models/looks/looks.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tracking::reconcile {

namespace {

std::size_t hash_of(std::string const& look)
{
    return std::hash<std::string>{}(look);
}

/// How the names look for which a company would be made, as sorted hashes: a first night has very
/// many. match() compares the looks themselves.
std::vector<std::size_t> wanted_looks(State const& state, Policy const& policy)
{
    std::unordered_set<std::string_view> known;
    for (auto const& company : state.loose) {
        if (company.ignored)
            continue;
        known.insert(company.name);
        if (company.link_text)
            known.insert(*company.link_text);
    }
    std::vector<std::size_t> looks;
    for (auto const& tenant : state.open) {
        if (known.contains(tenant.name) || scope_of(tenant, policy) != Scope::Tracked)
            continue;
        if (auto const look = models::look_of(tenant.name); !look.empty())
            looks.push_back(hash_of(look));
    }
    std::ranges::sort(looks);
    return looks;
}

}  // namespace

void look_up_look_alikes(State& state, models::CompanyLookup& lookup, Policy const& policy)
{
    auto const looks = wanted_looks(state, policy);
    if (looks.empty())
        return;
    auto const is_wanted = [&](std::string_view name) {
        return std::ranges::binary_search(looks, hash_of(models::look_of(name)));
    };
    for (auto& company : lookup.unlinked(is_wanted)) {
        if (company.tags.empty())  // one with a tag is loose, and known
            state.named.push_back(std::move(company));
    }
}

}  // namespace tracking::reconcile
