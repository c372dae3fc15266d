#pragma once

#include "config/settings/config.hpp"
#include "job/databases/databases.hpp"
#include "job/report/phases.hpp"
#include "job/report/report.hpp"
#include "job/run/approval.hpp"
#include "reconcile/plan/plan.hpp"

#include <functional>
#include <vector>

namespace tracking::job {

/// Sees what was read before it is compared.
using Look = std::function<void(reconcile::State const&)>;

/// Reads both sides, compares them, and evaluates the guards. The phases, the guards' verdicts and
/// what of a saved plan is stale go into the report.
reconcile::Plan read_plan(Databases& databases, config::Config const& config, Report& report,
                          Phases& phases, Approval const& approval = {}, Look const& look = {});

/// Contacts that earlier versions of the job have made without the type of the e-mail address, and
/// that an apply of this configuration completes.
std::vector<models::ContactId> untyped_contacts(Databases& databases, config::Config const& config);

/// Reads again what a plan was made of, where that is a small part of both sides and `least` does
/// not ask for more, else everything; what is left of the plan. Fills report.proof.
reconcile::Plan prove(Databases& databases, config::Config const& config, Report& report,
                      ProofReach least);

}  // namespace tracking::job
