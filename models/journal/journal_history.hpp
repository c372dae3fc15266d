#pragma once

#include "models/journal/journal_model.hpp"
#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/values/past_change.hpp"
#include "models/values/past_run.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// Runs that had nothing to do: they have no other row.
struct IdleRuns
{
    std::size_t runs = 0;
    std::chrono::sys_seconds first;
    std::chrono::sys_seconds last;
};

/// What the journal tells about the past. It only reads.
class JournalHistory
{
public:
    /// `lease_time` is how long a lease lasts: a run with a lease may be at work.
    explicit JournalHistory(TenantId owner,
                            std::chrono::milliseconds lease_time = JournalModel::kLeaseTime)
        : owner_{owner}, lease_time_{lease_time}
    {}

    /// The latest runs, newest first; 0: all.
    std::vector<PastRun> runs(Transaction& tx, std::size_t limit) const;

    /// The latest runs that compare both sides and note the drift that they leave, newest first;
    /// 0: all. A run that is at work is not among them.
    std::vector<TrendPoint> trend(Transaction& tx, std::size_t limit) const;

    /// Nothing: there was none.
    std::optional<IdleRuns> idle_runs(Transaction& tx) const;

    /// The runs whose id begins with this text.
    std::vector<PastRun> runs_named(Transaction& tx, std::string const& prefix) const;

    /// Runs that undo this one, oldest first.
    std::vector<PastRun> undoers_of(Transaction& tx, RunId run) const;

    using Visit = std::function<void(PastChange const&)>;

    /// Visits the changes of a run in the order in which they were written, one after another:
    /// memory does not grow with the run.
    void visit_changes(Transaction& tx, RunId run, Visit const& visit) const;

    /// The same, but only the changes of these companies.
    void visit_changes(Transaction& tx, RunId run, std::span<CompanyId const> companies,
                       Visit const& visit) const;

    /// Visits the changes of all these runs company by company; for each company, in the order in
    /// which they were written.
    void visit_by_company(Transaction& tx, std::span<RunId const> runs, Visit const& visit) const;

    /// The same, but only the changes of these companies.
    void visit_by_company(Transaction& tx, std::span<RunId const> runs,
                          std::span<CompanyId const> companies, Visit const& visit) const;

    /// The latest changes of a tenant's customer, or of a company, newest first.
    std::vector<PastChange> changes_about(Transaction& tx, std::optional<TenantId> tenant,
                                          std::optional<CompanyId> company) const;

private:
    TenantId owner_;
    std::chrono::milliseconds lease_time_;
};

}  // namespace tracking::models
