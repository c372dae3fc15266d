#include "job/interruption.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <thread>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

void end_at_once(int signal)
{
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    _exit(128 + signal);  // the first process of a container does not die of it
}

void end_at_the_next_signal()
{
    struct sigaction action
    {};
    action.sa_handler = end_at_once;
    action.sa_flags = SA_NODEFER;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
}

/// A thread that waits for what may end the run, and then sees to it that it does.
class Watcher
{
public:
    explicit Watcher(std::chrono::milliseconds deadline)
    {
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
        cancel_again_later();
    }

    void cancel_again_later()
    {
        again_.expires_after(100ms);
        again_.async_wait([this](error_code const& error) {
            if (error || !cancellation().is_waiting_for_the_end())
                return;
            cancellation().cancel_statements();
            cancel_again_later();
        });
    }

    boost::asio::io_context io_;
    boost::asio::signal_set signals_{io_, SIGTERM, SIGINT};
    boost::asio::steady_timer deadline_{io_};
    boost::asio::steady_timer again_{io_};
    std::thread thread_;
};

}  // namespace

void watch_for_interruption(std::chrono::milliseconds deadline)
{
    static Watcher const watcher{deadline};
}

models::Cancellation& cancellation()
{
    // Never destroyed: a connection attempt that was abandoned may outlive the rest.
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
