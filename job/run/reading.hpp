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

/// Reads both sides. What is in order is only counted.
reconcile::State read_state(Databases& databases, config::Config const& config, Phases& phases);

/// Reasons to doubt that all tenants were read. An incomplete reading would make the plan remove
/// customers whose tenant is still there. So where there is a doubt, nothing is to be done at all.
std::vector<std::string> doubts_about_source(Databases& databases, reconcile::Counts const& counts,
                                             config::Config const& config);

/// Reads both sides, and decides what is to be done.
/// @throws NotIdentified for a selected item that is not in the plan
reconcile::Decision read_and_decide(Databases& databases, config::Config const& config,
                                    Approval const& approval, Phases& phases);

/// Contacts that earlier versions of the job made without a type of the e-mail address. An apply
/// with this configuration gives them one.
std::vector<models::ContactId> untyped_contacts(Databases& databases, config::Config const& config,
                                                reconcile::Counts const& counts);

/// What a fresh read has found after a run.
struct Proven
{
    reconcile::Plan residual;
    Proof proof;
    std::vector<std::string> doubts;  ///< any: the residual tells nothing for sure
};

/// What a proof has to read and to list.
struct ProofNeeds
{
    ProofReach reach;      ///< at least
    reconcile::Room room;  ///< for items of each kind; further ones are only counted
};

/// Reads again only what the plan was made from, where that is a small part of both sides and
/// no more is needed. Otherwise reads everything.
Proven prove(Databases& databases, config::Config const& config, reconcile::Plan const& plan,
             ProofNeeds const& needs);

}  // namespace tracking::job
