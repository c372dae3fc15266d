#pragma once

#include "reconcile/plan/plan.hpp"
#include "reconcile/plan/plan_file.hpp"
#include "reconcile/plan/stale.hpp"

#include <string>
#include <vector>

namespace tracking::reconcile {

/// Holds back each due change that a person has not selected. What belongs together stays together:
/// where a name or an address passes between customers, selecting one of them selects all, and
/// leaving out one leaves out all. The plan's remarks say so. Takes away from `stale` what is not
/// selected.
/// Returns a sentence on each item that cannot be selected, as it is not in the plan, or as several
/// have its name. Then nothing is to be done.
std::vector<std::string> select(Plan& plan, Selection const& selection,
                                std::vector<StaleChange>& stale);

}  // namespace tracking::reconcile
