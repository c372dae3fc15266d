#include "models/cancellation.hpp"

#include "models/errors.hpp"

namespace tracking::models {

void Cancellation::request(std::string reason)
{
    {
        std::lock_guard const lock{mutex_};
        if (is_requested_)
            return;
        reason_ = std::move(reason);
        refuses_ = is_requested_ = true;
    }
    requested_.notify_all();
    cancel_statements();
}

bool Cancellation::is_requested() const
{
    return is_requested_;
}

bool Cancellation::is_waiting_for_the_end() const
{
    return refuses_;
}

void Cancellation::cancel_statements()
{
    // Held throughout, so that no session goes away under it.
    std::lock_guard const lock{mutex_};
    if (!refuses_)
        return;
    for (auto* const session : sessions_)
        session->cancel_statement();
}

void Cancellation::lift()
{
    std::lock_guard const lock{mutex_};
    refuses_ = false;
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
