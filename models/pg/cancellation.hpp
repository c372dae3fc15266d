#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace tracking::models {

/// The way to a far end that a thread may be waiting for. For any thread; neither blocks.
class Cancellable
{
public:
    /// Asks the far end to stop what it does.
    virtual void cancel_statement() noexcept = 0;

    /// Ends whatever waits for the far end, without its help. The way is of no more use then.
    virtual void shut() noexcept = 0;

protected:
    ~Cancellable() = default;
};

/// Ends what the databases of other threads are at. Statements that run are cancelled on their
/// server; what does not end of that within seconds, and each wait whose own time is over, has its
/// way shut. Connection attempts and pauses are given up, and what would follow is refused with
/// Interrupted. For any thread, though not for a signal handler.
class Cancellation
{
public:
    using Clock = std::chrono::steady_clock;

    /// How long a server is asked to stop before the way to it is shut.
    static constexpr std::chrono::milliseconds kAsking{2'000};

    /// How long putting in order may take after lift().
    static constexpr std::chrono::milliseconds kPuttingInOrder{3'000};

    /// The first reason stays.
    void request(std::string reason);

    bool is_requested() const;

    /// To be called several times a second: nothing else ends a wait that has a time of its own.
    void end_what_is_over(Clock::time_point now = Clock::now());

    /// From here on statements run again, for a little while: those that put in order what ended
    /// early. To be used with new sessions, as the old ones may still be hit.
    void lift();

    /// When every wait is to be over, whatever it is for; after lift(), that is.
    Clock::time_point last_moment() const;

    /// @throws Interrupted with the reason
    void stop_if_requested() const;

    /// Waits for so long. @throws Interrupted
    void wait(std::chrono::milliseconds duration) const;

    /// A wait for a far end, from its beginning to its end. Where there is no cancellation, nothing
    /// ends it.
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
