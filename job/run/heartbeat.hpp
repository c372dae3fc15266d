#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tracking::job {

/// Does something in a thread of its own whenever it has not been done otherwise for an interval,
/// and again after a quarter of that where it failed.
class Heartbeat
{
public:
    /// `beat` says whether it succeeded.
    Heartbeat(std::chrono::milliseconds interval, std::function<bool()> beat);

    /// It has just been done otherwise.
    void postpone();

private:
    using Clock = std::chrono::steady_clock;

    void run(std::stop_token const& stop);

    std::chrono::milliseconds interval_;
    std::function<bool()> beat_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    Clock::time_point due_;
    std::jthread thread_;  // the last: it uses the others
};

}  // namespace tracking::job
