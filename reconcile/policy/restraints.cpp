#include "reconcile/policy/restraints.hpp"

#include "models/rules/text.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>

#include <set>

namespace tracking::reconcile {

namespace {

void restrain(Drift& drift, Restraint restraint, std::string reason)
{
    drift.restraint = restraint;
    drift.restraint_reason = std::move(reason);
    drift.due_in.reset();
}

}  // namespace

Restraints::Restraints(Policy const& policy, std::chrono::sys_days today)
    : policy_{policy}, today_{today}, used_(policy.waivers.size())
{
    for (std::size_t i = 0; i < policy.waivers.size(); ++i)
        waivers_of_[item_key(policy.waivers[i].item)].push_back(i);
}

bool Restraints::admit(Drift& drift, Link link)
{
    auto const handling = policy_.handling_of(drift.kind);
    if (handling == Handling::Off)
        return false;
    if (auto const* waiver = waiver_for(drift))
        restrain(
            drift, Restraint::Waived,
            fmt::format("waived until {}: {}", models::day_text(waiver->until), waiver->reason));
    else if (drift.change && handling == Handling::Report)
        restrain(drift, Restraint::Report,
                 fmt::format("drift.{}: report", key_name_of(drift.kind)));
    else if (drift.change && !reaches(policy_.reach, drift.kind))
        restrain(drift, Restraint::Policy, "the policy leaves this kind of change out");
    else if (drift.change && link == Link::HeldBack)
        restrain(drift, Restraint::Adoption, "needs the link first, which is held back");
    return true;
}

Waiver const* Restraints::waiver_for(Drift const& drift)
{
    if (waivers_of_.empty())
        return nullptr;
    std::set<std::size_t> candidates;
    for (auto const& key : item_keys_of(drift))
        if (auto const found = waivers_of_.find(key); found != waivers_of_.end())
            candidates.insert(found->second.begin(), found->second.end());
    for (auto const i : candidates) {
        auto const& waiver = policy_.waivers[i];
        if (waiver.kind != drift.kind)
            continue;
        used_[i] = true;
        if (waiver.until >= today_)
            return &waiver;
    }
    return nullptr;
}

void Restraints::add_to(Remarks& remarks) const
{
    for (std::size_t i = 0; i < policy_.waivers.size(); ++i) {
        auto const& waiver = policy_.waivers[i];
        auto const what = fmt::format("the waiver of {} for \"{}\"", name_of(waiver.kind),
                                      models::printable(waiver.item));
        if (waiver.until < today_)
            remarks.add("waivers have lapsed", fmt::format("{} lapsed on {}: renew or remove it",
                                                           what, models::day_text(waiver.until)));
        else if (!used_[i])
            remarks.add("waivers match no drift", what + " matches no drift: remove it");
    }
}

}  // namespace tracking::reconcile
