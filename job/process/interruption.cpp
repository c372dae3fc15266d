#include "job/process/interruption.hpp"

#include "job/process/ending.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

/// The longest time from the request to the end of the process, whatever delays it.
constexpr auto kAllThatItTakes = 9s;

/// nohup ignores it for the programs that it starts.
bool is_hangup_ignored()
{
    struct sigaction action
    {};
    sigaction(SIGHUP, nullptr, &action);
    return action.sa_handler == SIG_IGN;
}

void end_at_once(int signal)
{
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    _exit(128 + signal);  // the signal does not end process 1 of a container
}

void end_at_the_next_signal()
{
    struct sigaction action
    {};
    action.sa_handler = end_at_once;
    action.sa_flags = SA_NODEFER;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    if (!is_hangup_ignored())
        sigaction(SIGHUP, &action, nullptr);
}

/// A thread that waits for a signal or the deadline. It also ends waits of others that take too
/// long.
class Watcher
{
public:
    explicit Watcher(std::chrono::milliseconds deadline)
    {
        if (!is_hangup_ignored())
            signals_.add(SIGHUP);
        signals_.async_wait([this](error_code const& error, int signal) {
            if (error)
                return;
            signals_.clear();
            end_at_the_next_signal();
            end(fmt::format("stopped by SIG{}", sigabbrev_np(signal)));
        });
        if (deadline > 0ms) {
            deadline_.expires_after(deadline);
            deadline_.async_wait([this](error_code const& error) {
                if (!error)
                    end("stopped at the deadline");
            });
        }
        look_after_waits();
        thread_ = std::thread{[this] { io_.run(); }};
    }

    ~Watcher()
    {
        io_.stop();
        thread_.join();
    }
    Watcher(Watcher const&) = delete;
    Watcher& operator=(Watcher const&) = delete;

private:
    void end(std::string const& why)
    {
        cancellation().request(why + "; what was committed until then stands");
        last_.expires_after(kAllThatItTakes);
        last_.async_wait([](error_code const& error) {
            if (!error)
                end_without_more();
        });
    }

    /// The process waits for something other than a database: a pipe that nobody reads, or a disk.
    [[noreturn]] static void end_without_more()
    {
        constexpr std::string_view kWords =
            "what was to end did not end in time: not all of the output may be there\n";
        [[maybe_unused]] auto const written = write(STDERR_FILENO, kWords.data(), kWords.size());
        _exit(static_cast<int>(Ending::Interrupted));
    }

    void look_after_waits()
    {
        look_.expires_after(50ms);
        look_.async_wait([this](error_code const& error) {
            if (error)
                return;
            cancellation().end_what_is_over();
            look_after_waits();
        });
    }

    boost::asio::io_context io_;
    boost::asio::signal_set signals_{io_, SIGTERM, SIGINT};
    boost::asio::steady_timer deadline_{io_};
    boost::asio::steady_timer last_{io_};
    boost::asio::steady_timer look_{io_};
    std::thread thread_;
};

}  // namespace

void watch_for_interruption(std::chrono::milliseconds deadline)
{
    try {
        static Watcher const watcher{deadline};
    } catch (std::runtime_error const& error) {
        throw std::runtime_error{fmt::format(
            "the process may not have what it begins with: {}; raise its limits of open files and "
            "of threads (ulimit -n, ulimit -u, a container's pids limit)",
            error.what())};
    }
}

models::Cancellation& cancellation()
{
    // Never destroyed: an abandoned connection attempt may still use it at the very end.
    static auto* const process_wide = new models::Cancellation;
    return *process_wide;
}

bool is_interrupted()
{
    return cancellation().is_requested();
}

void stop_if_interrupted()
{
    cancellation().stop_if_requested();
}

}  // namespace tracking::job
