#pragma once

#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::reconcile {

/// Whether the link that a repair needs is there, or about to be.
enum class Link
{
    Stamped,
    HeldBack
};

/// What the policy says of each drift: waivers, per-kind handling, reach. Remembers which waivers
/// were of use.
class Restraints
{
public:
    /// `today` is the server's.
    Restraints(Policy const& policy, std::chrono::sys_days today);

    /// Holds the drift's change back where the policy does. False: its kind is off, nothing is to
    /// be said of it at all.
    bool admit(Drift& drift, Link link);

    /// A sentence on each waiver that has lapsed or was of no use.
    std::vector<std::string> remarks() const;

private:
    Waiver const* waiver_for(Drift const& drift);

    Policy const& policy_;
    std::chrono::sys_days today_;
    std::vector<bool> used_;
    /// By id or name, the places of its waivers in the policy.
    std::unordered_map<std::string, std::vector<std::size_t>> waivers_of_;
};

}  // namespace tracking::reconcile
