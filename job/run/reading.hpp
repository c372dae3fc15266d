#pragma once

#include "config/settings/config.hpp"
#include "job/databases/databases.hpp"
#include "job/report/phases.hpp"
#include "job/report/report.hpp"
#include "job/run/approval.hpp"
#include "reconcile/decision/decide.hpp"
#include "reconcile/plan/plan.hpp"

#include <string>
#include <vector>

namespace tracking::job {

/// Both sides; what is in order is counted only.
reconcile::State read_state(Databases& databases, config::Config const& config, Phases& phases);

/// Why what was read may not be all of the tenants. Where it is not, a plan would remove customers
/// that are still there, so nothing at all is to be done.
std::vector<std::string> doubts_about_source(Databases& databases, reconcile::Counts const& counts,
                                             config::Config const& config);

/// Reads both sides, and decides what is to be done.
reconcile::Decision read_and_decide(Databases& databases, config::Config const& config,
                                    Approval const& approval, Phases& phases);

/// Contacts that earlier versions of the job have made without the type of the e-mail address, and
/// that an apply of this configuration completes.
std::vector<models::ContactId> untyped_contacts(Databases& databases, config::Config const& config);

/// What a fresh read has found after a run.
struct Proven
{
    reconcile::Plan residual;
    Proof proof;
};

/// Reads again what the plan was made of, where that is a small part of both sides and `least` does
/// not ask for more, else everything.
Proven prove(Databases& databases, config::Config const& config, reconcile::Plan const& plan,
             ProofReach least);

}  // namespace tracking::job
