#pragma once

#include <array>
#include <cstddef>
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

inline constexpr std::array kRetryReasons{
    RetryReason::ConnectionLost, RetryReason::Deadlock,    RetryReason::SerializationFailure,
    RetryReason::ReadOnly,       RetryReason::LockTimeout, RetryReason::StatementTimeout,
    RetryReason::NoResources};

/// One word each, as in reports and metrics.
std::string_view name_of(RetryReason reason);

/// How often a command had to try something again. It counts the tries after the first one.
class Retries
{
public:
    /// Sessions that could not be opened, or were lost.
    std::size_t connection_failures = 0;

    std::size_t& operator[](RetryReason reason) { return counts_[index(reason)]; }
    std::size_t operator[](RetryReason reason) const { return counts_[index(reason)]; }
    std::size_t all() const;

private:
    static std::size_t index(RetryReason reason) { return static_cast<std::size_t>(reason); }

    std::array<std::size_t, kRetryReasons.size()> counts_{};
};

}  // namespace tracking::job
