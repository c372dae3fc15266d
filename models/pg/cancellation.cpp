#include "models/pg/cancellation.hpp"

#include "models/values/errors.hpp"

#include <algorithm>

namespace tracking::models {

void Cancellation::request(std::string reason)
{
    {
        std::lock_guard const lock{mutex_};
        if (is_requested_)
            return;
        reason_ = std::move(reason);
        ask_until_ = Clock::now() + kAsking;
        refuses_ = is_requested_ = true;
    }
    requested_.notify_all();
    end_what_is_over();
}

bool Cancellation::is_requested() const
{
    return is_requested_;
}

void Cancellation::end_what_is_over(Clock::time_point now)
{
    std::lock_guard const lock{mutex_};
    for (auto* const wait : waits_) {
        bool const is_over = now >= std::min(wait->until_, last_moment_);
        if (is_over || (refuses_ && now >= ask_until_))
            wait->way_.shut();
        else if (refuses_)  // repeated, since an earlier one may have come before the statement
            wait->way_.cancel_statement();
    }
}

void Cancellation::lift()
{
    std::lock_guard const lock{mutex_};
    refuses_ = false;
    last_moment_ = Clock::now() + kPuttingInOrder;
}

Cancellation::Clock::time_point Cancellation::last_moment() const
{
    std::lock_guard const lock{mutex_};
    return last_moment_;
}

void Cancellation::stop_if_requested() const
{
    if (!refuses_)
        return;
    std::lock_guard const lock{mutex_};
    throw Interrupted{reason_};
}

void Cancellation::wait(std::chrono::milliseconds duration) const
{
    std::unique_lock lock{mutex_};
    if (requested_.wait_for(lock, duration, [this] { return refuses_.load(); }))
        throw Interrupted{reason_};
}

Cancellation::Wait::Wait(Cancellation* cancellation, Cancellable& way, Clock::time_point until)
    : cancellation_{cancellation}, way_{way}, until_{until}
{
    if (!cancellation_)
        return;
    std::lock_guard const lock{cancellation_->mutex_};
    cancellation_->waits_.push_back(this);
}

Cancellation::Wait::~Wait()
{
    if (!cancellation_)
        return;
    std::lock_guard const lock{cancellation_->mutex_};
    std::erase(cancellation_->waits_, this);
}

}  // namespace tracking::models
