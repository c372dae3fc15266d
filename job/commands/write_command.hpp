#pragma once

#include "job/commands/commands.hpp"
#include "job/databases/databases.hpp"
#include "job/run/run.hpp"
#include "reconcile/decision/decide.hpp"

#include <functional>
#include <string_view>

namespace tracking::job {

// What all commands that write (apply, link, undo) have in common.

/// Whether there is a terminal to ask on.
bool can_ask();

/// Asks on the terminal, and waits. @throws Interrupted
bool answers_yes(
    std::string_view question, std::function<void()> const& meanwhile = [] {});

/// Notes a dry run in the report, and what makes it one; otherwise sees to it that somebody can
/// agree. Returns the role that is needed.
/// @throws config::UsageError where nobody can
models::Role prepare_to_write(Invocation& invocation);

/// @throws models::SchemaMismatch where there is no journal of this version
void require_journal(Databases const& databases);

/// Puts what was decided into the report.
void tell(Report& report, reconcile::Decision decision, Facts const& facts);

/// How the changes that were tried, and the guards, let the command end.
Ending outcome_of(Report const& report);

/// When a command takes the lease.
enum class Begin
{
    BeforePlanning,  ///< so that no other run makes the plan stale
    AfterConsent,    ///< what is refused or declined leaves no run in the journal
};

/// What each command that writes does in its own way, in this order.
struct WriteCommand
{
    models::Role role;  ///< as prepare_to_write() says
    /// Looks at what the command was given, before there is a run. Returns what the run is for.
    std::function<RunPurpose(Databases&)> prepare;
    /// Reads both sides, and decides what is to be done.
    std::function<reconcile::Decision(Databases&)> make_plan;
    /// Writes what is due of the report's plan, proves it, and finishes the run.
    std::function<Ending(Databases&, Run&)> write;
    Begin begin = Begin::BeforePlanning;
};

/// Connects, plans, asks where a person is to agree, and writes. A dry run ends with the plan.
Ending write_command(Invocation& invocation, WriteCommand const& command);

/// The usual way to write: all that is due, then both sides are read again for what is left.
Ending write_and_prove(Invocation& invocation, Databases& databases, Run& run);

}  // namespace tracking::job
