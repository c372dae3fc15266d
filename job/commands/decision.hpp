#pragma once

#include "job/commands/commands.hpp"
#include "job/databases/databases.hpp"
#include "job/run/run.hpp"
#include "reconcile/policy/drift.hpp"

#include <functional>

namespace tracking::job {

// What the commands have in common that write one decision of a person (link, ignore).

/// What the run is for: the journal keeps the reason. @pre require_reason()
RunPurpose purpose_of_decision(Invocation const& invocation);

/// @throws config::UsageError where no reason is given
void require_reason(Invocation const& invocation);

/// Writes the only change of the report's plan. Then reads again, and leaves in the residual what
/// `concerns` the decision.
Ending write_decision(Invocation& invocation, Databases& databases, Run& run,
                      std::function<bool(reconcile::Drift const&)> const& concerns);

}  // namespace tracking::job
