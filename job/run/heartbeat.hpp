#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tracking::job {

/// Calls `beat` in a thread of its own once an interval has passed since the last beat or
/// postpone(). Where `beat` failed, it is called again after a quarter of the interval.
class Heartbeat
{
public:
    /// `beat` says whether it succeeded.
    Heartbeat(std::chrono::milliseconds interval, std::function<bool()> beat);

    /// Starts the interval again: somebody else has just done what `beat` does.
    void postpone();

private:
    using Clock = std::chrono::steady_clock;

    void run(std::stop_token const& stop);

    std::chrono::milliseconds interval_;
    std::function<bool()> beat_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    Clock::time_point due_;
    std::jthread thread_;  // the last member: it uses the others
};

}  // namespace tracking::job
