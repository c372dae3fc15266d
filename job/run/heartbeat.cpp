#include "job/run/heartbeat.hpp"

#include <utility>

namespace tracking::job {

Heartbeat::Heartbeat(std::chrono::milliseconds interval, std::function<bool()> beat)
    : interval_{interval},
      beat_{std::move(beat)},
      due_{Clock::now() + interval},
      thread_{[this](std::stop_token const& stop) { run(stop); }}
{}

void Heartbeat::postpone()
{
    std::lock_guard const lock{mutex_};
    due_ = Clock::now() + interval_;
}

void Heartbeat::run(std::stop_token const& stop)
{
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        auto const due = due_;
        bool const is_postponed = wake_.wait_until(lock, stop, due, [&] { return due_ != due; });
        if (is_postponed || stop.stop_requested())
            continue;
        lock.unlock();
        bool const is_done = beat_();
        lock.lock();
        due_ = Clock::now() + (is_done ? interval_ : interval_ / 4);
    }
}

}  // namespace tracking::job
