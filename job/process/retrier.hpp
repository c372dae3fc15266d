#pragma once

#include "job/process/retries.hpp"

#include "models/values/errors.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace tracking::job {

struct RetryPolicy
{
    int attempts = 5;  ///< the first one included
    std::chrono::milliseconds base{1'000};
    std::chrono::milliseconds limit{30'000};
};

/// Nothing where trying again would not help.
std::optional<RetryReason> reason_to_retry(models::DatabaseError const& error);

/// How long to wait after so many failures: anything up to a bound that doubles, so that those who
/// failed together do not come back together. `luck` is from 0 to 1.
std::chrono::milliseconds back_off(RetryPolicy const& policy, int failures, double luck);

/// Does things with databases again where what stopped them is likely to pass, and counts that.
class Retrier
{
public:
    Retrier(RetryPolicy const& policy, Retries& counts) : policy_{policy}, counts_{counts} {}

    /// Returns what `work` returns in the end. `renew` gets new sessions, where they were lost. A
    /// server that was silent gets one more chance: waiting for it has taken long enough.
    /// @throws what `work` throws at last or where trying again would not help; Interrupted
    auto run(auto const& work, auto const& renew)
    {
        bool has_lost_sessions = false;
        for (int failures = 0;;) {
            try {
                if (has_lost_sessions)
                    renew();
                return work();
            } catch (models::DatabaseError const& error) {
                has_lost_sessions = wait_after(error, ++failures);
                if (was_silent(error))
                    failures = std::max(failures, policy_.attempts - 1);
            }
        }
    }

private:
    /// Whether new sessions are needed after it. Throws what it was called for, where that is it.
    bool wait_after(models::DatabaseError const& error, int failures);

    static bool was_silent(models::DatabaseError const& error);

    RetryPolicy policy_;
    Retries& counts_;
};

}  // namespace tracking::job
