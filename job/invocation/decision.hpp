#pragma once

#include "job/databases/databases.hpp"
#include "job/invocation/invocation.hpp"
#include "job/run/run.hpp"
#include "reconcile/decision/decide.hpp"
#include "reconcile/policy/drift.hpp"

#include <functional>

namespace tracking::job {

/// What a command does in its own way that writes one decision of a person (link, ignore).
struct PersonsDecision
{
    /// Finds what the decision is about.
    std::function<void(Databases&)> find;
    /// Reads both sides, and plans the only change.
    std::function<reconcile::Decision(Databases&)> make_plan;
    /// What the report tells of what is left.
    std::function<bool(reconcile::Drift const&)> concerns;
};

/// @throws config::UsageError where the person gives no reason
void require_reason(Invocation const& invocation);

/// A run that the journal keeps with the person's reason. @pre require_reason()
models::RunRecord record_of_decision(Invocation const& invocation);

/// Writes the decision. The journal keeps the reason that the person gives.
/// @throws config::UsageError where no reason is given
Ending decision_command(Invocation& invocation, PersonsDecision const& decision);

}  // namespace tracking::job
