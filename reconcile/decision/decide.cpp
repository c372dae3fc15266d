#include "reconcile/decision/decide.hpp"

#include "reconcile/decision/selection.hpp"
#include "reconcile/diff/diff.hpp"

#include <utility>

namespace tracking::reconcile {

namespace {

void restrain(Drift& drift, std::string reason)
{
    drift.restraint = Restraint::Guard;
    drift.restraint_reason = std::move(reason);
}

void restrict_to_saved(Decision& decision, Terms const& terms)
{
    if (!terms.saved)
        return;
    decision.stale = restrict_to(decision.plan, *terms.saved, terms.witnesses);
}

void select_from(Decision& decision, Terms const& terms)
{
    decision.unselectable = select(decision.plan, terms.selection, decision.stale);
    decision.is_all_stale = !decision.stale.empty() && !decision.plan.has_due_changes();
}

/// A standby that lags does not have the newest tenants yet. Their customers look as if their
/// tenant were gone.
void restrain_clean_ups(Decision& decision, Terms const& terms)
{
    if (!terms.lag)
        return;
    auto& plan = decision.plan;
    plan.remarks.insert(plan.remarks.begin(), terms.lag->sentence);
    if (terms.lag->is_current)
        return;
    for (auto& drift : plan.drift) {
        if (!drift.is_due() || guarded_kind_of(*drift.change) != GuardedKind::Cleanup)
            continue;
        restrain(drift, terms.lag->sentence + ": its tenant may be there by now");
        ++decision.held_for_source;
    }
}

/// Where the state may be incomplete, nothing is done: customers whose tenant was not read look
/// orphaned, and the plan would remove them.
void guard_all(Decision& decision, Terms const& terms)
{
    decision.refusals = terms.doubts;
    decision.plan.is_in_doubt = !terms.doubts.empty();
    if (decision.plan.is_in_doubt)
        decision.plan.since.reset();
    if (decision.refusals.empty()) {
        decision.guards = guard(decision.plan, terms.guards, terms.allowances,
                                terms.saved ? &terms.saved->drift : nullptr);
        decision.refusals = objections_to(terms.allowances, decision.guards);
    }
    if (decision.refusals.empty())
        return;
    for (auto& drift : decision.plan.drift)
        if (drift.is_due())
            restrain(drift, decision.refusals.front());
    for (auto& one : decision.plan.counted)
        if (one.is_due())
            one.restraint = Restraint::Guard;
}

}  // namespace

Decision decide(State state, Terms const& terms)
{
    Decision decision{.plan = diff(std::move(state), terms.policy, terms.room)};
    restrict_to_saved(decision, terms);
    select_from(decision, terms);
    restrain_clean_ups(decision, terms);
    guard_all(decision, terms);
    return decision;
}

}  // namespace tracking::reconcile
