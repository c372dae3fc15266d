#pragma once

#include "models/values/errors.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

struct pg_conn;

namespace tracking::models {

struct FinishSession
{
    void operator()(pg_conn* session) const;
};

/// libpq's handle of a session.
using RawSession = std::unique_ptr<pg_conn, FinishSession>;

/// The server has no session left, for the role or at all.
class NoRoom : public ConnectionLost
{
public:
    using ConnectionLost::ConnectionLost;
};

/// What a login is tried with, and how far it has come; one thread tries, another may give it up.
struct Attempt
{
    using Clock = std::chrono::steady_clock;

    std::string conninfo;
    std::chrono::seconds patience;  ///< with each host, where the conninfo has no connect_timeout
    std::atomic<Clock::time_point> due{Clock::now() + patience};  ///< when the host is given up
    std::atomic<bool> is_given_up = false;
};

/// One after another the hosts that the conninfo has. Blocks in look-ups of names, and nowhere
/// else. Null where it was given up.
/// @throws ConnectionLost, NoRoom where another try may succeed; LoginRefused,
///         ConnectionMisconfigured
RawSession open_session(Attempt& attempt);

/// What the message of a failed attempt, which begins with the server's code, lets the login end
/// with. Public for its test.
[[noreturn]] void throw_failed_login(std::string message);

}  // namespace tracking::models
