#pragma once

#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/plan.hpp"
#include "reconcile/plan/plan_file.hpp"
#include "reconcile/plan/stale.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// How far the source lags that is a standby.
struct Lag
{
    std::string sentence;  ///< without full stop
    bool is_current = false;
};

/// What decides, beside the state, what is to be done.
struct Terms
{
    Policy policy;
    Guards guards;
    std::optional<Lag> lag{};
    std::vector<std::string> doubts{};     ///< that the state holds all: nothing is done then
    SavedPlan const* saved = nullptr;      ///< that is to be done, and nothing else; null: none
    std::vector<std::string> witnesses{};  ///< of its changes as they are by now, in their order
    std::vector<Allowance> allowances{};
};

/// What is to be done, and what keeps the rest from it.
struct Decision
{
    Plan plan;
    std::vector<StaleChange> stale{};  ///< saved, but not so any more
    bool is_all_stale = false;         ///< nothing of what was saved holds
    std::size_t held_for_source = 0;   ///< clean-ups, as it is a standby behind
    std::vector<GuardVerdict> guards{};
    std::vector<std::string> refusals{};  ///< why nothing at all is done, whatever is due
};

/// The way from a state to a plan: it is matched and compared, the policy restrains what it finds,
/// a saved plan restricts it, a source that lags restrains clean-ups, and the guards have the last
/// word. Pure, as diff() is.
Decision decide(State state, Terms const& terms);

}  // namespace tracking::reconcile
