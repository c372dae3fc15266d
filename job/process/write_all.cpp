#include "job/process/write_all.hpp"

#include "job/process/interruption.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
constexpr auto kLastPatience = 3'000ms;

}  // namespace

int write_all(int fd, std::string_view text, std::chrono::milliseconds patience)
{
    for (auto waited = 0ms; !text.empty();) {
        pollfd writable{fd, POLLOUT, 0};
        if (::poll(&writable, 1, static_cast<int>(kLook.count())) == 0) {
            waited += kLook;
            if (waited >= (is_interrupted() ? std::min(patience, kLastPatience) : patience))
                return ETIMEDOUT;
            continue;
        }
        // A pipe that is writable takes PIPE_BUF bytes without blocking.
        auto const written = ::write(fd, text.data(), std::min(text.size(), std::size_t{PIPE_BUF}));
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return errno;
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
            waited = 0ms;
        }
    }
    return 0;
}

}  // namespace tracking::job
