#include "reconcile/reading/look_alikes.hpp"

#include "models/looks/looks.hpp"

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tracking::reconcile {

namespace {

/// The looks of the names for which a company would be made.
std::unordered_set<std::string> wanted_looks(State const& state, Policy const& policy)
{
    std::unordered_set<std::string_view> known;
    for (auto const& company : state.loose) {
        if (company.ignored)
            continue;
        known.insert(company.name);
        if (company.link_text)
            known.insert(*company.link_text);
    }
    std::unordered_set<std::string> looks;
    for (auto const& tenant : state.open) {
        if (!known.contains(tenant.name) && scope_of(tenant, policy) == Scope::Tracked)
            looks.insert(models::look_of(tenant.name));
    }
    looks.erase("");
    return looks;
}

}  // namespace

void look_up_look_alikes(State& state, models::CompanyLookup& lookup, Policy const& policy)
{
    auto const looks = wanted_looks(state, policy);
    if (looks.empty())
        return;
    auto const is_wanted = [&](std::string_view name) {
        return looks.contains(models::look_of(name));
    };
    for (auto& company : lookup.unlinked(is_wanted)) {
        if (company.tags.empty())  // one with a tag is loose, and known
            state.named.push_back(std::move(company));
    }
}

}  // namespace tracking::reconcile
