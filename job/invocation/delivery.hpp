#pragma once

#include "job/invocation/invocation.hpp"

namespace tracking::job {

/// @throws config::UsageError where a file that the command writes is also another file that it
///         reads or writes, even where the two are spelled differently
void require_distinct_files(Invocation const& invocation);

/// Sends the metrics and what is news, writes each report file, and then writes standard output.
/// Goes on where one of them fails. A file or output that cannot be written is logged, and a
/// command that went well then ends as failed.
void deliver(Invocation& invocation);

/// Flushes what a command has printed, and logs a failure together with `done`. Returns `outcome`;
/// or Failed, where the command went well but its output could not be written.
Ending finish_output(Ending outcome, std::string const& done = {});

}  // namespace tracking::job
