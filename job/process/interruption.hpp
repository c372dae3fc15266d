#pragma once

#include "models/pg/cancellation.hpp"
#include "models/values/errors.hpp"

#include <chrono>

namespace tracking::job {

/// Thrown where the run has to end: a signal came, or the deadline passed.
using models::Interrupted;

/// From now on the first SIGTERM or SIGINT, and the deadline, ask the process to end. Then
/// statements that its databases are running are cancelled, and Interrupted is thrown. A second
/// signal ends the process at once. A deadline of zero: none.
void watch_for_interruption(std::chrono::milliseconds deadline);

/// The one of this process. Every login uses it.
models::Cancellation& cancellation();

bool is_interrupted();

/// Call it wherever it is safe to stop. @throws Interrupted where the process is asked to end
void stop_if_interrupted();

}  // namespace tracking::job
