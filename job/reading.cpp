#include "job/reading.hpp"

#include "job/policy.hpp"
#include "job/stopwatch.hpp"

namespace tracking::job {

reconcile::Plan read_plan(Sides& sides, config::Config const& config, Report& report)
{
    auto const policy = policy_from(config, sides.management_tenant(), sides.server_time());
    auto const keep = [&](auto const& tenant, auto const& company) {
        return !reconcile::is_in_order(tenant, company, policy);
    };
    auto const state = timed(report, "read", [&] { return sides.read(policy, keep); });
    return timed(report, "diff", [&] { return reconcile::diff(state, policy); });
}

}  // namespace tracking::job
