#pragma once

#include "models/rules/id.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace tracking::models {

/// A run as the journal keeps it. Times are the server's.
struct PastRun
{
    RunId id;
    std::string mode;  ///< apply, link, undo
    std::chrono::sys_seconds started;
    std::optional<std::chrono::duration<double>> duration;  ///< none: no end is recorded
    std::string outcome;                                    ///< empty: running, or killed
    bool has_lease = false;                                 ///< it may be at work now
    std::string counts;                                     ///< JSON object, or empty
    std::string executed_by;
    std::string login;  ///< the database's session_user; empty: of a program that did not note it
    std::string host;
    std::string version;
    std::string allowances;  ///< JSON object, or empty
    std::optional<RunId> undoes;

    // Its changes, by outcome.
    std::size_t applied = 0;
    std::size_t failed = 0;
    std::size_t others = 0;  ///< already present, or stale

    /// It has no recorded end and no lease: its process was killed, or lost its database for good.
    bool was_killed() const { return outcome.empty() && !has_lease; }
};

/// The drift that a run has seen, as the run itself counted.
struct TrendPoint
{
    RunId id;
    std::chrono::sys_seconds started;
    std::string outcome;  ///< empty: it was killed
    std::optional<std::size_t>
        found;                        ///< none: it did not read both sides, or doubted what it read
    std::optional<std::size_t> left;  ///< by the fresh read at its end; none: there was none

    std::optional<std::size_t> last_seen() const { return left ? left : found; }
};

}  // namespace tracking::models
