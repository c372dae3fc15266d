#pragma once

#include "job/databases/databases.hpp"
#include "job/report/report.hpp"
#include "job/run/run.hpp"
#include "models/journal/journal_history.hpp"
#include "reconcile/undo/undo.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tracking::job {

/// What takes a past run back. A run may have changed very many customers, so only the order of the
/// undo and its counts are held. The images are read from the journal in portions, where they are
/// written or listed.
class UndoOfRun
{
public:
    /// Reads all that the run has changed. `databases` has to outlive it.
    /// @throws RunUnusable
    UndoOfRun(Databases& databases, std::string const& run, reconcile::Policy const& policy);

    models::PastRun const& run() const { return run_; }
    std::vector<std::string> const& remarks() const { return remarks_; }
    reconcile::UndoReach reach() const { return inverse_->reach(); }

    /// Asks the guards. What they hold back is not written.
    std::vector<reconcile::GuardVerdict> guard(reconcile::Counts const& counts,
                                               reconcile::Guards const& guards,
                                               std::span<reconcile::Allowance const> allowances);

    /// The first `most` items, and all that cannot be undone. The others are counted in the report.
    std::vector<reconcile::Drift> list(Report& report, std::size_t most);

    /// Writes what is due. The report's items and counts follow, even where this throws.
    void write(Run& run, Report& report, std::size_t batch_size);

    /// Visits all items, with their receipts.
    void visit(VisitItem const& visit);

private:
    /// A receipt of a change that went well. Others are kept whole.
    struct Done
    {
        models::Outcome outcome{};
        bool is_done = false;
        std::uint16_t companies = 0;
        std::uint16_t contacts = 0;
        std::uint16_t tags = 0;
    };

    using Indices = std::span<std::size_t const>;

    void read_all(models::Transaction& tx, std::string const& name,
                  reconcile::Policy const& policy);
    std::vector<reconcile::Drift> read(Indices indices);
    bool is_held(reconcile::GuardedKind kind) const;
    void take(Report& report, Indices indices, reconcile::Plan& portion,
              reconcile::Applied const& applied);
    void take(Report& report, std::size_t index, reconcile::Drift drift, models::Receipt receipt);
    void count_unlisted(Report& report) const;

    Databases& databases_;
    models::JournalHistory history_;
    models::PastRun run_;
    std::vector<models::RunId> runs_;  ///< with those that undo it
    std::vector<std::string> remarks_;
    std::optional<reconcile::Inverse> inverse_;
    std::vector<reconcile::GuardVerdict> verdicts_;

    std::size_t most_ = 0;
    std::map<std::size_t, std::size_t> listed_;  ///< where each listed item is in the plan
    std::size_t listed_done_ = 0;
    std::map<reconcile::GuardedKind, std::size_t> untried_;  ///< unlisted ones, by kind
    std::vector<Unlisted> tried_;
    std::vector<Done> done_;
    std::map<std::size_t, models::Receipt> trouble_;
};

}  // namespace tracking::job
