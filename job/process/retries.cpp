#include "job/process/retries.hpp"

#include <numeric>

namespace tracking::job {

std::string_view name_of(RetryReason reason)
{
    switch (reason) {
        case RetryReason::ConnectionLost:
            return "connection_lost";
        case RetryReason::Deadlock:
            return "deadlock";
        case RetryReason::SerializationFailure:
            return "serialization_failure";
        case RetryReason::ReadOnly:
            return "read_only";
        case RetryReason::LockTimeout:
            return "lock_timeout";
        case RetryReason::StatementTimeout:
            return "statement_timeout";
        case RetryReason::NoResources:
            return "no_resources";
    }
    return "connection_lost";
}

std::size_t Retries::all() const
{
    return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

}  // namespace tracking::job
