#include "job/interruption.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstring>
#include <optional>

namespace tracking::job {

namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t received_signal = 0;
std::optional<Clock::time_point> run_until;

void note_signal(int signal)
{
    received_signal = signal;
}

bool is_overdue()
{
    return run_until && Clock::now() >= *run_until;
}

}  // namespace

void watch_for_interruption(std::chrono::milliseconds deadline)
{
    struct sigaction action
    {};
    action.sa_handler = note_signal;
    // The second signal finds the default again, and ends the process.
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    if (deadline > std::chrono::milliseconds::zero())
        run_until = Clock::now() + deadline;
}

bool is_interrupted()
{
    return received_signal != 0 || is_overdue();
}

void stop_if_interrupted()
{
    if (received_signal != 0)
        throw Interrupted{fmt::format("stopped by SIG{}; what was committed until then stands",
                                      sigabbrev_np(received_signal))};
    if (is_overdue())
        throw Interrupted{"stopped at the deadline; what was committed until then stands"};
}

}  // namespace tracking::job
