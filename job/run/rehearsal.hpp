#pragma once

#include "config/settings/config.hpp"
#include "job/databases/databases.hpp"
#include "reconcile/apply/apply.hpp"

namespace tracking::job {

/// Tries the changes of the plan, those that a guard holds back too, and takes them back; `applied`
/// holds what would have become of them. Needs the writer's role, and takes locks while it lasts.
/// @throws models::LeaseHeld while a run is at work
void rehearse(Databases& databases, config::Config const& config, reconcile::Plan const& plan,
              reconcile::Applied& applied);

}  // namespace tracking::job
