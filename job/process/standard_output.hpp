#pragma once

#include <string>

namespace tracking::job {

// Standard output, which every command writes through std::cout. A full disk or a reader that is
// gone does not stop the command. The error is remembered, and the rest of the output is dropped.

/// Makes std::cout remember write errors. A reader that goes away causes no signal any more. No
/// file or socket gets the number of a standard stream that was closed.
void set_up_standard_streams();

/// Writes what is left. Returns a sentence on what went wrong since the last call; empty: nothing.
std::string finish_standard_output();

}  // namespace tracking::job
