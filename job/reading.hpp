#pragma once

#include "config/config.hpp"
#include "job/report.hpp"
#include "job/sides.hpp"
#include "reconcile/plan.hpp"

namespace tracking::job {

/// Reads both sides and compares them; the phases go into the report.
reconcile::Plan read_plan(Sides& sides, config::Config const& config, Report& report);

}  // namespace tracking::job
