#pragma once

#include <string>

namespace tracking::job {

// Standard output as every command writes it: std::cout. A full disk or a reader that is gone does
// not stop the command; it is remembered, and the rest goes nowhere.

/// From here on std::cout is checked, a reader that goes away sends no signal, and no file or
/// socket gets the number of a standard stream that was closed.
void set_up_standard_streams();

/// Writes what is left. What has gone wrong since the last call, as a sentence; or empty.
std::string finish_standard_output();

}  // namespace tracking::job
