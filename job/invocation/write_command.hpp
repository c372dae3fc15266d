#pragma once

#include "job/databases/databases.hpp"
#include "job/invocation/invocation.hpp"
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

/// Notes in the report whether this is a dry run, and why. Returns the role that is needed.
/// @throws config::UsageError where it is to write, with neither --yes nor a terminal to ask on
models::Role prepare_to_write(Invocation& invocation);

/// @throws models::SchemaMismatch where there is no journal of this version
void require_journal(Databases const& databases);

/// Moves the decision into the report.
void tell(Report& report, reconcile::Decision decision, Facts const& facts);

/// The command's ending, by what became of its changes and by the guards.
Ending outcome_of(Report const& report);

/// When a command takes the lease.
enum class Begin
{
    BeforePlanning,  ///< no other run can make the plan stale
    AfterConsent,    ///< a plan that is refused or declined leaves no run in the journal
};

/// The steps that each command that writes does in its own way, in this order.
struct WriteCommand
{
    models::Role role;  ///< as prepare_to_write() says
    /// Checks what the command was given, before there is a run. Returns what the journal is to
    /// keep of the run.
    std::function<models::RunRecord(Databases&)> prepare;
    /// Reads both sides, and decides what is to be done.
    std::function<reconcile::Decision(Databases&)> make_plan;
    /// Writes the due changes of the report's plan, proves the result, and finishes the run.
    std::function<Ending(Databases&, Run&)> write;
    Begin begin = Begin::BeforePlanning;
};

/// Connects, plans, asks a person unless --yes is given, and writes. A dry run ends with the plan.
Ending write_command(Invocation& invocation, WriteCommand const& command);

/// Reads again to find what is left, and finishes the run.
Ending prove_and_finish(Invocation& invocation, Databases& databases, Run& run);

/// The usual `write`: writes all due changes, and then does that.
Ending write_and_prove(Invocation& invocation, Databases& databases, Run& run);

/// In place of write_and_prove() where nothing is to be written: what was read a moment ago, under
/// the lease, is what is left, so nothing is read again. The run leaves no entry in the journal,
/// unless a guard held something back.
Ending finish_idle(Invocation& invocation, Run& run);

}  // namespace tracking::job
