#include "reconcile/plan/plan.hpp"

#include <algorithm>

namespace tracking::reconcile {

bool Plan::has_due_changes() const
{
    return std::ranges::any_of(drift, &Drift::is_due);
}

void leave_out(Drift& drift)
{
    drift.restraint = Restraint::Selection;
    drift.restraint_reason = "not selected (--only, --except)";
}

}  // namespace tracking::reconcile
