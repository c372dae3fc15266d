#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace tracking::models {

/// A connection that a thread may be waiting for. Any thread may call these functions; neither
/// blocks.
class Cancellable
{
public:
    /// Asks the server to stop its statement.
    virtual void cancel_statement() noexcept = 0;

    /// Ends every wait for the server, without its help. The connection is of no more use then.
    virtual void shut() noexcept = 0;

protected:
    ~Cancellable() = default;
};

/// Ends what the databases of other threads are doing. Statements that run are cancelled on their
/// server. A connection is shut where its statement does not end within kAsking, or where a wait
/// has run out of its own time. Connection attempts and pauses are given up. Whatever would follow
/// is refused with Interrupted. Any thread may use this, but a signal handler may not.
class Cancellation
{
public:
    using Clock = std::chrono::steady_clock;

    /// How long a server is asked to stop before its connection is shut.
    static constexpr std::chrono::milliseconds kAsking{2'000};

    /// How long it may take after lift() to put things in order.
    static constexpr std::chrono::milliseconds kPuttingInOrder{3'000};

    /// Only the first reason counts.
    void request(std::string reason);

    bool is_requested() const;

    /// Call this several times a second: nothing else ends a wait that has run out of its time.
    void end_what_is_over(Clock::time_point now = Clock::now());

    /// Lets statements run again for a short time: those that put in order what ended early. Use
    /// new sessions for them, since the old ones may still be shut.
    void lift();

    /// The time at which every wait has to be over, whatever it is for. Only lift() sets such a
    /// time.
    Clock::time_point last_moment() const;

    /// @throws Interrupted with the reason
    void stop_if_requested() const;

    /// Waits for that long. @throws Interrupted
    void wait(std::chrono::milliseconds duration) const;

    /// A wait for a server, from its beginning to its end. Without a cancellation nothing ends it
    /// early.
    class Wait
    {
    public:
        Wait(Cancellation* cancellation, Cancellable& way, Clock::time_point until);
        ~Wait();
        Wait(Wait const&) = delete;
        Wait& operator=(Wait const&) = delete;

    private:
        friend class Cancellation;
        Cancellation* cancellation_;
        Cancellable& way_;
        Clock::time_point until_;
    };

private:
    mutable std::mutex mutex_;  // never held while anything is waited for
    mutable std::condition_variable requested_;
    std::atomic<bool> is_requested_ = false;
    std::atomic<bool> refuses_ = false;  // requested, and not lifted yet
    Clock::time_point ask_until_{};
    Clock::time_point last_moment_ = Clock::time_point::max();
    std::string reason_;
    std::vector<Wait*> waits_;
};

}  // namespace tracking::models
