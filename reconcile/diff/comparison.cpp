#include "reconcile/diff/comparison.hpp"

#include "models/rules/company_rules.hpp"
#include "models/rules/rule_violation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tracking::reconcile {

namespace {

constexpr std::size_t kCutAtOnce = 200;

}  // namespace

Comparison::Comparison(State both_sides, Policy const& the_policy, Room the_room)
    : state{std::move(both_sides)},
      policy{the_policy},
      restraints{the_policy, state.occasion.today},
      room{the_room}
{
    plan.counts = state.counts;
    plan.remainder = remainder_of(state);
}

void Comparison::tie(models::Tenant const& tenant, std::vector<models::TenantId> const& others)
{
    for (auto const other : others)
        if (other != tenant.id)
            plan.ties.push_back({tenant.id, other, true});
}

void Comparison::tie_to_holders(models::Tenant const& tenant, models::Company const* company,
                                std::string const& name)
{
    tie(tenant, names->movers_of_name(name));
    auto const holder = names->of_name(name);
    if (holder && holder->company && holder->company != company)
        contests.push_back(
            {tenant.id, company ? company->id : models::CompanyId{}, holder->company->id});
}

void Comparison::settle_contests()
{
    if (contests.empty())
        return;
    std::unordered_map<models::CompanyId, std::vector<Contest>> losers;
    for (auto const& contest : contests)
        losers[contest.holder].push_back(contest);
    std::vector<std::pair<models::CompanyId, models::TenantId>> leaving;
    for (auto const& drift : plan.drift) {
        if (drift.is_due() && (models::as<models::RenameCompany>(*drift.change) ||
                               models::as<models::DeleteCustomer>(*drift.change)))
            leaving.emplace_back(models::company_of(*drift.change),
                                 models::tenant_of(*drift.change));
    }
    // Who gets a name that way leaves its own, so that others get that one.
    while (!leaving.empty()) {
        auto const [company, tenant] = leaving.back();
        leaving.pop_back();
        for (auto const& loser : std::exchange(losers[company], {})) {
            plan.ties.push_back({loser.tenant, tenant});
            leaving.emplace_back(loser.company, loser.tenant);
        }
    }
}

std::optional<Restraint> Comparison::add(Drift drift)
{
    if (!restraints.admit(drift, link)) {
        is_off = true;
        return std::nullopt;
    }
    drift.seen = earlier_sighting_of(drift);
    note_repetition(drift);
    auto const held = drift.restraint;
    plan.drift.push_back(std::move(drift));
    ++added;
    if (room != kRoomForAll && plan.drift.size() >= uncut) {
        cut(plan, room);
        uncut = 2 * plan.drift.size() + kCutAtOnce;
    }
    return held;
}

void Comparison::reserve(std::size_t further)
{
    if (room == kRoomForAll)
        plan.drift.reserve(plan.drift.size() + further);
    else
        plan.counted_keys.reserve(plan.counted_keys.size() + further);
}

void Comparison::note_repetition(Drift& drift) const
{
    if (!drift.change || state.often_changed.empty())
        return;
    auto const often = state.often_changed.find(
        {models::company_of(*drift.change), std::string{models::name_of(*drift.change)}});
    if (often == state.often_changed.end())
        return;
    drift.again = often->second;
    drift.detail += fmt::format(
        "{}again: {}, the job has made this kind of change in {} of its last {} runs; who changes "
        "it back?",
        drift.detail.empty() ? "" : "; ", drift.again, drift.again,
        models::OftenChanged::kLastRuns);
}

void Comparison::add_invalid(Drift drift, std::string detail)
{
    drift.kind = DriftKind::Invalid;
    drift.detail = std::move(detail);
    add(std::move(drift));
}

std::vector<DriftKey> earlier_keys_of(Drift const& drift)
{
    return group_of(drift) ? keys_of(drift) : earlier_keys_of(keys_of(drift).front());
}

std::vector<DriftKey> earlier_keys_of(DriftKey const& key)
{
    if (key.tenant == models::TenantId{} || key.company == models::CompanyId{})
        return {key};
    return {key, {.kind = key.kind, .tenant = key.tenant, .company = {}}};
}

std::optional<Sighting> Comparison::earlier_sighting_of(Drift const& drift) const
{
    std::optional<Sighting> earlier;
    for (auto const& key : earlier_keys_of(drift)) {
        auto const found = state.sightings.find(key);
        if (found == state.sightings.end())
            continue;
        auto const& [runs, age, is_old] = found->second;
        earlier = earlier ? Sighting{std::max(earlier->runs, runs), std::max(earlier->age, age),
                                     earlier->is_old || is_old}
                          : found->second;
    }
    return earlier;
}

std::string const& Comparison::tag_of(models::Tenant const& tenant) const
{
    return policy.tag_of(tenant.product.code());
}

Drift about(DriftKind kind, models::Tenant const& tenant, models::Company const* company)
{
    Drift drift{.kind = kind, .tenant = tenant.id, .tenant_name = tenant.name};
    if (company) {
        drift.company = company->id;
        drift.company_name = company->name;
    }
    return drift;
}

std::string objection_to(models::Tenant const& tenant)
{
    try {
        models::checked_company({.name = tenant.name});
        if (!tenant.has_name_for_index)
            throw models::RuleViolation{
                "company name", tenant.name,
                "shorten it: the index of the names takes no more than 2,600 bytes, compressed"};
        return {};
    } catch (models::RuleViolation const& violation) {
        return violation.what();
    }
}

}  // namespace tracking::reconcile
