#pragma once

#include "job/commands/commands.hpp"
#include "job/databases/databases.hpp"
#include "job/run/run.hpp"

#include <functional>
#include <optional>
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

/// Shows the report's plan on a terminal and asks, unless --yes was given. How the command ends
/// where nothing is to be written; nothing: it goes on. `run` is kept while the person thinks;
/// null: it has not begun, or there is none.
std::optional<Ending> end_without_consent(Invocation& invocation, Run* run);

/// Ends a command that has written nothing but, maybe, its run's row in the journal; `run` is null
/// for a dry run.
Ending end_early(Report& report, Run* run, Ending outcome);

/// How the changes that were tried, and the guards, let the command end.
Ending outcome_of(Report const& report);

/// Writes the due changes of the report's plan, reads both sides again for what is left, and ends
/// the run.
Ending write_and_prove(Invocation& invocation, Databases& databases, Run& run);

}  // namespace tracking::job
