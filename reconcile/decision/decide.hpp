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

/// How far the source lags, where it is a standby.
struct Lag
{
    std::string sentence;  ///< without a full stop
    bool is_current = false;
};

/// What a decision depends on besides the state.
struct Terms
{
    Policy policy;
    Guards guards;
    std::optional<Lag> lag{};
    std::vector<std::string> doubts{};     ///< why the state may lack rows; any doubt stops all
    Selection selection{};                 ///< of a saved plan: besides its own
    SavedPlan const* saved = nullptr;      ///< nothing else is to be done; null: there is none
    std::vector<std::string> witnesses{};  ///< of its changes, read now, in the same order
    std::vector<Allowance> allowances{};
    Room room = kRoomForAll;  ///< less only without `saved` and `selection`, which need all items
};

/// What is to be done, and what holds the rest back.
struct Decision
{
    Plan plan;
    std::vector<StaleChange> stale{};         ///< saved changes that do not hold any more
    bool is_all_stale = false;                ///< no saved change holds any more
    std::size_t held_for_source = 0;          ///< clean-ups, as the source is a standby that lags
    std::vector<std::string> unselectable{};  ///< a sentence on each item that cannot be selected
    std::vector<GuardVerdict> guards{};
    std::vector<std::string> refusals{};  ///< why nothing is done at all, whatever is due
};

/// Makes a plan from a state, in five steps. diff() matches and compares, and applies the policy's
/// restraints. A saved plan then holds back all that is not in it, and a selection what is not
/// selected. A source that lags holds back clean-ups. The guards come last, and count the whole
/// plan. Pure, like diff().
Decision decide(State state, Terms const& terms);

}  // namespace tracking::reconcile
