#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace tracking::models {

/// Something whose running statement another thread can end.
class Cancellable
{
public:
    virtual void cancel_statement() noexcept = 0;

protected:
    ~Cancellable() = default;
};

/// Lets one thread end what the databases of others are at: statements that run are cancelled on
/// their server, connection attempts and waits are given up, and what would follow is refused with
/// Interrupted. For any thread, though not for a signal handler.
class Cancellation
{
public:
    /// The first reason stays.
    void request(std::string reason);

    bool is_requested() const;

    /// A request reaches the server beside the statement, and may come before it: so it is repeated
    /// for as long as this is true.
    bool is_waiting_for_the_end() const;
    void cancel_statements();

    /// From here on statements run again: those that put in order what was interrupted. To be used
    /// with new sessions, as the old ones may still be hit.
    void lift();

    /// @throws Interrupted with the reason
    void stop_if_requested() const;

    /// Waits for so long. @throws Interrupted
    void wait(std::chrono::milliseconds duration) const;

    /// For sessions, from their beginning to their end.
    void add(Cancellable& session);
    void remove(Cancellable& session);

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable requested_;
    std::atomic<bool> is_requested_ = false;
    std::atomic<bool> refuses_ = false;  // requested, and not lifted yet
    std::string reason_;
    std::vector<Cancellable*> sessions_;
};

}  // namespace tracking::models
