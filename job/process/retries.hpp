#pragma once

#include <array>
#include <cstddef>
#include <numeric>
#include <string_view>

namespace tracking::job {

/// Why a unit of work was tried again. Each of these failures is likely to pass.
enum class RetryReason
{
    ConnectionLost,
    Deadlock,
    SerializationFailure,
    ReadOnly,          ///< the server takes no writes: a standby, during a failover
    LockTimeout,       ///< somebody else had the lock for longer than lock-timeout
    StatementTimeout,  ///< statement-timeout, which waits can use up too
    NoResources,       ///< the server has no memory, no disk, no connections left
};

struct RetryRow
{
    RetryReason reason;
    std::string_view name;      ///< one word, as in reports and metrics
    std::string_view sqlstate;  ///< how the code of such a failure begins; empty: it has none
};

/// In the order of the enumerators.
inline constexpr std::array kRetryTable{
    RetryRow{RetryReason::ConnectionLost, "connection_lost", ""},
    RetryRow{RetryReason::Deadlock, "deadlock", "40P01"},
    RetryRow{RetryReason::SerializationFailure, "serialization_failure", "40001"},
    RetryRow{RetryReason::ReadOnly, "read_only", "25006"},
    RetryRow{RetryReason::LockTimeout, "lock_timeout", "55P03"},
    RetryRow{RetryReason::StatementTimeout, "statement_timeout", "57014"},
    RetryRow{RetryReason::NoResources, "no_resources", "53"},
};

/// How often a command had to try something again. It counts the tries after the first one.
class Retries
{
public:
    /// Sessions that could not be opened, or were lost.
    std::size_t connection_failures = 0;

    std::size_t& operator[](RetryReason reason) { return counts_[index(reason)]; }
    std::size_t operator[](RetryReason reason) const { return counts_[index(reason)]; }
    std::size_t all() const
    {
        return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
    }

private:
    static std::size_t index(RetryReason reason) { return static_cast<std::size_t>(reason); }

    std::array<std::size_t, kRetryTable.size()> counts_{};
};

}  // namespace tracking::job
