#pragma once

#include "job/commands/commands.hpp"

namespace tracking::job {

/// @throws config::UsageError where two of the files that the command reads or writes are one, in
///         whatever spelling
void require_distinct_files(Invocation const& invocation);

/// Sends the metrics, writes each report file whatever becomes of the others, and then standard
/// output. What fails is logged; a command that went well has failed then.
void deliver(Invocation& invocation);

/// Writes what a command has printed to the end; logs where that fails. Returns `outcome`, or what
/// has become of it.
Ending finish_output(Ending outcome, std::string const& done = {});

}  // namespace tracking::job
