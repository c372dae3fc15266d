#include "reconcile/plan/plan.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tracking::reconcile {

namespace {

bool may_be_counted_only(Drift const& drift)
{
    return drift.change && row_of(drift.kind).remedy != Remedy::CleanUp;
}

void count(Plan& plan, Drift const& drift)
{
    auto const effect = effect_of(*drift.change);
    auto found = std::ranges::find_if(plan.counted, [&](CountedDrift const& one) {
        return one.kind == drift.kind && one.effect == effect && one.restraint == drift.restraint;
    });
    if (found == plan.counted.end())
        found = plan.counted.insert(
            found, {.kind = drift.kind, .effect = effect, .restraint = drift.restraint});
    auto const age = drift.seen ? drift.seen->age : std::chrono::seconds{0};
    ++found->count;
    found->unseen += drift.seen ? 0 : 1;
    found->as_before += drift.seen && drift.seen->is_old ? 1 : 0;
    found->oldest = std::max(found->oldest, age);
    found->oldest_tenant = std::max(found->oldest_tenant, drift.tenant_age.value_or(age));
    for (auto const& key : keys_of(drift))
        plan.counted_keys.push_back(key);
}

}  // namespace

bool Plan::has_due_changes() const
{
    return std::ranges::any_of(drift, &Drift::is_due) ||
           std::ranges::any_of(counted, &CountedDrift::is_due);
}

std::size_t Plan::size() const
{
    auto all = drift.size();
    for (auto const& one : counted)
        all += one.count;
    return all;
}

void cut(Plan& plan, Room room)
{
    std::ranges::sort(plan.drift, {}, [](Drift const& drift) {
        return std::tuple{drift.kind, drift.tenant, drift.company};
    });
    std::map<DriftKind, std::size_t> listed;
    std::erase_if(plan.drift, [&](Drift const& drift) {
        if (!may_be_counted_only(drift) || ++listed[drift.kind] <= room)
            return false;
        count(plan, drift);
        return true;
    });
}

void leave_out(Drift& drift)
{
    drift.restraint = Restraint::Selection;
    drift.restraint_reason = "not selected (--only, --except)";
}

}  // namespace tracking::reconcile
