#pragma once

#include "config/settings/config.hpp"
#include "job/run/mandate.hpp"
#include "job/report/report.hpp"
#include "job/databases/sides.hpp"
#include "reconcile/plan/plan.hpp"

#include <functional>
#include <vector>

namespace tracking::job {

/// Sees what was read before it is compared.
using Look = std::function<void(reconcile::State const&)>;

/// Reads both sides, compares them, and evaluates the guards. The phases, the guards' verdicts and
/// what of a saved plan is stale go into the report.
reconcile::Plan read_plan(Sides& sides, config::Config const& config, Report& report,
                          Mandate const& mandate = {}, Look const& look = {});

/// Contacts that earlier versions of the job have made without the type of the e-mail address, and
/// that an apply of this configuration completes.
std::vector<models::ContactId> untyped_contacts(Sides& sides, config::Config const& config);

/// Reads again what a plan was made of, where that is a small part of both sides and `least` does
/// not ask for more, else everything; what is left of the plan. Fills report.proof.
reconcile::Plan prove(Sides& sides, config::Config const& config, Report& report, Reach least);

}  // namespace tracking::job
