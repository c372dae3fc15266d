#pragma once

#include "models/database.hpp"
#include "models/past_change.hpp"
#include "models/past_run.hpp"
#include "models/rules/id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tracking::models {

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
