#include "reconcile/plan/plan.hpp"

#include <algorithm>

namespace tracking::reconcile {

bool Plan::has_due_changes() const
{
    return std::ranges::any_of(drift, &Drift::is_due);
}

}  // namespace tracking::reconcile
