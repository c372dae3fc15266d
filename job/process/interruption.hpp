#pragma once

#include "models/pg/cancellation.hpp"
#include "models/values/errors.hpp"

#include <chrono>

namespace tracking::job {

/// The run is to end: a signal came, or its time is over.
using models::Interrupted;

/// From now on the first SIGTERM or SIGINT, and the deadline, ask the process to end: what its
/// databases are at is cancelled, and Interrupted is on its way up. A second signal ends the
/// process at once. Zero: no deadline.
void watch_for_interruption(std::chrono::milliseconds deadline);

/// The process's own, for every login.
models::Cancellation& cancellation();

bool is_interrupted();

/// To be called wherever it is safe to stop. @throws Interrupted
void stop_if_interrupted();

}  // namespace tracking::job
