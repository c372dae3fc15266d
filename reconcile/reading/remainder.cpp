#include "reconcile/reading/remainder.hpp"

#include <algorithm>
#include <utility>

namespace tracking::reconcile {

namespace {

/// How many entries are worth reading again alone. Where there are more, a pass over everything
/// costs less.
constexpr std::size_t kMostReadAgain = 10'000;

}  // namespace

Remainder remainder_of(State const& state)
{
    if (state.pairs.size() + state.crowds.size() + state.open.size() + state.loose.size() +
            state.orphans.size() >
        kMostReadAgain)
        return {};
    Remainder rest{.others = state.counts, .bearers = state.bearers};
    auto const add = [&](std::vector<models::Company> const& companies) {
        for (auto const& company : companies)
            rest.companies.push_back(company.id);
    };
    for (auto const& [tenant, company] : state.pairs) {
        rest.tenants.push_back(tenant.id);
        rest.companies.push_back(company.id);
    }
    for (auto const& [tenant, companies] : state.crowds) {
        rest.tenants.push_back(tenant.id);
        add(companies);
    }
    for (auto const& tenant : state.open)
        rest.tenants.push_back(tenant.id);
    add(state.loose);
    add(state.orphans);
    rest.companies.insert(rest.companies.end(), state.beside.companies.begin(),
                          state.beside.companies.end());
    // The tenant of an orphan may be back.
    for (auto const& orphan : state.orphans)
        rest.tenants.push_back(*orphan.link);
    rest.others.tracked -= state.pairs.size() + state.crowds.size();
    rest.others.in_scope = rest.others.whole;  // all but the whole ones are read again
    rest.others.companies -= std::min(rest.others.companies, rest.companies.size());
    rest.others.settled -= state.beside.settled;
    return rest;
}

void complete(State& state, Remainder const& remainder)
{
    auto counts = remainder.others;
    counts.tracked += state.counts.tracked;
    counts.companies += state.counts.companies;
    counts.settled += state.counts.settled;
    counts.in_scope += state.counts.in_scope;
    counts.whole += state.counts.whole;
    state.counts = counts;
    // The job never changes how many tenants have a name.
    auto bearers = remainder.bearers;
    bearers.merge(state.bearers);
    state.bearers = std::move(bearers);
}

}  // namespace tracking::reconcile
