#pragma once

#include "job/process/retries.hpp"

#include "config/settings/config.hpp"
#include "models/values/errors.hpp"

#include <algorithm>
#include <chrono>

namespace tracking::job {

/// How long to wait after so many failures: `luck` (0 to 1) times a bound that doubles each time.
/// So processes that failed at the same moment do not all come back at the same moment.
std::chrono::milliseconds back_off(config::Retry const& policy, int failures, double luck);

/// Whether a failure is likely to pass, so that the same may succeed later.
bool is_likely_to_pass(models::DatabaseError const& error);

/// Repeats work with databases where its failure is likely to pass, and counts the retries.
class Retrier
{
public:
    Retrier(config::Retry const& policy, Retries& counts) : policy_{policy}, counts_{counts} {}

    /// Calls `work` until it succeeds, and returns what it returns. `renew` opens new sessions
    /// where they were lost. After a server was silent there is only one more try: waiting for it
    /// has taken long enough.
    /// @throws Interrupted; what `work` throws at the last try, or where another would not help
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
    /// Waits, and returns whether new sessions are needed. Throws where there is no further try.
    bool wait_after(models::DatabaseError const& error, int failures);

    static bool was_silent(models::DatabaseError const& error);

    config::Retry policy_;
    Retries& counts_;
};

}  // namespace tracking::job
