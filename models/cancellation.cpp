#include "models/cancellation.hpp"

#include "models/errors.hpp"

namespace tracking::models {

void Cancellation::request(std::string reason)
{
    {
        std::lock_guard const lock{mutex_};
        if (is_requested_)
            return;
        is_requested_ = true;
        reason_ = std::move(reason);
    }
    requested_.notify_all();
    cancel_statements();
}

bool Cancellation::is_requested() const
{
    std::lock_guard const lock{mutex_};
    return is_requested_;
}

bool Cancellation::is_waiting_for_the_end() const
{
    std::lock_guard const lock{mutex_};
    return refuses();
}

void Cancellation::cancel_statements()
{
    // Held throughout, so that no session goes away under it.
    std::lock_guard const lock{mutex_};
    if (!refuses())
        return;
    for (auto* const session : sessions_)
        session->cancel_statement();
}

void Cancellation::lift()
{
    std::lock_guard const lock{mutex_};
    is_lifted_ = true;
}

void Cancellation::stop_if_requested() const
{
    std::lock_guard const lock{mutex_};
    if (refuses())
        throw Interrupted{reason_};
}

void Cancellation::wait(std::chrono::milliseconds duration) const
{
    std::unique_lock lock{mutex_};
    if (requested_.wait_for(lock, duration, [this] { return refuses(); }))
        throw Interrupted{reason_};
}

void Cancellation::add(Cancellable& session)
{
    std::lock_guard const lock{mutex_};
    sessions_.push_back(&session);
}

void Cancellation::remove(Cancellable& session)
{
    std::lock_guard const lock{mutex_};
    std::erase(sessions_, &session);
}

}  // namespace tracking::models
