#pragma once

#include <chrono>
#include <stdexcept>

namespace tracking::job {

/// The run is to end: a signal came, or its time is over.
class Interrupted : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// From now on the first SIGTERM or SIGINT asks the run to end after its transaction; a second one
/// ends the process at once. Zero: no deadline.
void watch_for_interruption(std::chrono::milliseconds deadline);

bool is_interrupted();

/// To be called wherever it is safe to stop. @throws Interrupted
void stop_if_interrupted();

}  // namespace tracking::job
