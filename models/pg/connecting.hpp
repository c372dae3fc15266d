#pragma once

#include "models/values/errors.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

struct pg_conn;

namespace tracking::models {

struct FinishSession
{
    void operator()(pg_conn* session) const;
};

/// libpq's handle of a session.
using RawSession = std::unique_ptr<pg_conn, FinishSession>;

/// The server has no free session, for the role or at all.
class NoRoom : public ConnectionLost
{
public:
    using ConnectionLost::ConnectionLost;
};

/// An attempt to log in, and how far it has come. One thread makes it; another may give it up.
struct Attempt
{
    using Clock = std::chrono::steady_clock;

    std::string conninfo;
    std::chrono::seconds patience;  ///< for each host, where the conninfo has no connect_timeout
    std::atomic<Clock::time_point> due{Clock::now() + patience};  ///< when the host is given up
    std::atomic<bool> is_given_up = false;
};

/// Tries the hosts of the conninfo one after another. Only look-ups of names block. Null where the
/// attempt was given up.
/// @throws ConnectionLost, NoRoom where another try may succeed; LoginRefused,
///         ConnectionMisconfigured
RawSession open_session(Attempt& attempt);

/// Throws the error for a failed attempt whose message holds the server's code. Public for its
/// test.
[[noreturn]] void throw_failed_login(std::string message);

}  // namespace tracking::models
