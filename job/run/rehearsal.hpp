#pragma once

#include "config/settings/config.hpp"
#include "job/databases/databases.hpp"
#include "job/report/report.hpp"

namespace tracking::job {

/// Tries the changes of the report's plan, those that a guard holds back too, and takes them back;
/// fills report.applied. Needs the writer's role, and takes locks while it lasts.
/// @throws models::LeaseHeld while a run is at work
void rehearse(Databases& databases, config::Config const& config, Report& report);

}  // namespace tracking::job
