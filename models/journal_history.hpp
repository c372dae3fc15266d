#pragma once

#include "models/database.hpp"
#include "models/past_change.hpp"
#include "models/rules/id.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tracking::models {

/// A run as the journal keeps it. Times are the server's.
struct PastRun
{
    RunId id;
    std::string mode;  ///< apply, link, undo
    std::chrono::sys_seconds started;
    std::optional<std::chrono::duration<double>> duration;  ///< empty: it has no end
    std::string outcome;                                    ///< empty: running, or killed
    bool has_lease = false;                                 ///< it may be at work now
    std::string counts;                                     ///< JSON object, or empty
    std::string executed_by;
    std::string host;
    std::string version;
    std::string allowances;  ///< JSON object, or empty
    std::optional<RunId> undoes;

    // Its changes, by outcome.
    std::size_t applied = 0;
    std::size_t failed = 0;
    std::size_t others = 0;  ///< already present, or stale

    /// It ended without saying so: its process was killed, or lost its database for good.
    bool was_killed() const { return outcome.empty() && !has_lease; }
};

/// What the journal tells about the past. Reads only.
class JournalHistory
{
public:
    explicit JournalHistory(TenantId owner) : owner_{owner} {}

    /// The latest runs, newest first; 0: all.
    std::vector<PastRun> runs(Transaction& tx, std::size_t limit) const;

    /// Those whose id begins with this text.
    std::vector<PastRun> runs_named(Transaction& tx, std::string const& prefix) const;

    /// Runs that undo this one, oldest first.
    std::vector<PastRun> undoers_of(Transaction& tx, RunId run) const;

    /// In the order in which they were written.
    std::vector<PastChange> changes_of(Transaction& tx, RunId run) const;

    /// The latest changes of a tenant's customer, or of a company, newest first.
    std::vector<PastChange> changes_about(Transaction& tx, std::optional<TenantId> tenant,
                                          std::optional<CompanyId> company) const;

private:
    TenantId owner_;
};

}  // namespace tracking::models
