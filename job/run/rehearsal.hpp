#pragma once

#include "config/settings/config.hpp"
#include "job/databases/databases.hpp"
#include "reconcile/apply/apply.hpp"

namespace tracking::job {

/// Tries the due changes of the plan and those that a guard holds back, and then takes them back.
/// `applied` holds their results. Needs the writer's role. Holds locks while it tries.
/// @throws models::LeaseHeld while a run is at work
void rehearse(Databases& databases, config::Config const& config, reconcile::Plan const& plan,
              reconcile::Applied& applied);

}  // namespace tracking::job
