#pragma once

#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/policy/remarks.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::reconcile {

/// Whether the link that a repair needs is stamped, or will be in this run.
enum class Link
{
    Stamped,
    HeldBack
};

/// Which restraint the policy puts on each drift, by waivers, handling of the kind, and reach.
/// Remembers which waivers were used.
class Restraints
{
public:
    /// `today` is the server's date. `policy` must outlive this object.
    Restraints(Policy const& policy, std::chrono::sys_days today);

    /// Restrains the drift where the policy says so. False: its kind is off, so it is not even
    /// reported.
    bool admit(Drift& drift, Link link);

    /// Remarks on each waiver that has lapsed or matched no drift.
    void add_to(Remarks& remarks) const;

private:
    Waiver const* waiver_for(Drift const& drift);

    Policy const& policy_;
    std::chrono::sys_days today_;
    std::vector<bool> used_;
    /// The indices of the waivers of each id or name in the policy.
    std::unordered_map<std::string, std::vector<std::size_t>> waivers_of_;
};

}  // namespace tracking::reconcile
