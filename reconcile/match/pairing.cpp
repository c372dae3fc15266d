#include "reconcile/match/pairing.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tracking::reconcile {

namespace {

std::vector<OpenTenant> collect_tenants(State const& state)
{
    std::vector<OpenTenant> tenants;
    tenants.reserve(state.open.size());
    for (auto const& tenant : state.open)
        tenants.push_back({.tenant = &tenant, .choice = {}});
    return tenants;
}

std::vector<LooseCompany> collect_candidates(State const& state)
{
    std::vector<LooseCompany> candidates;
    candidates.reserve(state.loose.size());
    for (auto const& company : state.loose) {
        if (!company.ignored)
            candidates.push_back({.company = &company, .seeker = {}});
    }
    for (auto const& company : state.named) {
        if (!company.link_text && company.tags.empty() && !company.ignored)
            candidates.push_back({.company = &company, .seeker = {}, .is_stranger = true});
    }
    std::ranges::sort(candidates, {}, [](auto const& one) { return one.company->id; });
    return candidates;
}

}  // namespace

Pairing::Pairing(State const& state)
    : tenants_{collect_tenants(state)},
      candidates_{collect_candidates(state)},
      groups_{tenants_.size() + candidates_.size()}
{
    result_.adoptions.reserve(std::min(tenants_.size(), candidates_.size()));
}

std::vector<std::size_t> Pairing::unsettled() const
{
    std::vector<std::size_t> unsettled;
    for (std::size_t i = 0; i < tenants_.size(); ++i) {
        if (!tenants_[i].is_settled)
            unsettled.push_back(i);
    }
    return unsettled;
}

void Pairing::tie(Indices tenants, Indices companies)
{
    for (auto const tenant : tenants) {
        tenants_[tenant].choice.add(companies);
        groups_.join(tenants.front(), tenant);
    }
    for (auto const candidate : companies) {
        candidates_[candidate].seeker.add(tenants);
        groups_.join(tenants.front(), tenants_.size() + candidate);
    }
}

void Pairing::settle(Tier tier)
{
    for (auto& open : tenants_) {
        if (open.is_settled || open.choice.is_none())
            continue;
        open.is_settled = true;
        open.tier = tier;
        if (open.choice.is_one() && !open.is_doubtful)
            adopt(open, candidates_[open.choice.one()]);
    }
}

Matching Pairing::result()
{
    for (auto const& open : tenants_) {
        if (open.choice.is_none())
            result_.unmatched.push_back(open.tenant);
    }
    for (auto const& candidate : candidates_) {
        if (candidate.seeker.is_none() && !candidate.is_stranger)
            result_.unlinked.push_back(candidate.company);
    }
    collect_ambiguities();
    return std::move(result_);
}

void Pairing::adopt(OpenTenant const& open, LooseCompany& candidate)
{
    if (!candidate.seeker.is_one() || !candidate.company->is_link_legible)
        return;
    candidate.is_taken = true;
    result_.adoptions.push_back({open.tenant, candidate.company, open.tier});
}

bool Pairing::has_adopted(OpenTenant const& open) const
{
    return open.choice.is_one() && candidates_[open.choice.one()].is_taken;
}

void Pairing::collect_ambiguities()
{
    std::map<std::size_t, Ambiguity> ambiguities;  // by group, so by the first tenant
    for (std::size_t i = 0; i < tenants_.size(); ++i) {
        auto const& open = tenants_[i];
        if (open.choice.is_none() || has_adopted(open))
            continue;
        auto& ambiguity = ambiguities[groups_.of(i)];
        ambiguity.tenants.push_back(open.tenant);
        ambiguity.tiers.insert(open.tier);
    }
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        auto const& candidate = candidates_[i];
        if (!candidate.seeker.is_none() && !candidate.is_taken)
            ambiguities[groups_.of(tenants_.size() + i)].companies.push_back(candidate.company);
    }
    for (auto& [group, ambiguity] : ambiguities) {
        bool const is_legible =
            std::ranges::all_of(ambiguity.companies, &models::Company::is_link_legible);
        (is_legible ? result_.ambiguities : result_.illegible).push_back(std::move(ambiguity));
    }
}

}  // namespace tracking::reconcile
