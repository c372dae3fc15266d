#pragma once

#include "job/databases/databases.hpp"
#include "job/report/failure.hpp"
#include "job/run/heartbeat.hpp"

#include "models/journal/journal_model.hpp"
#include "reconcile/apply/apply.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::job {

/// The name of the user who runs this program; its number, where the system knows no name.
std::string user_name();

/// Returns what the journal keeps of a run with this ending.
using Summary = std::function<models::RunEnd(Ending)>;

/// One run that writes (`apply`, `link`, `undo`). It begins when it takes the lease, and ends when
/// it notes its end in the journal and gives the lease back. Meanwhile no other run writes. It gets
/// its first row in the journal before it writes anything else; one that has nothing to do gets
/// none.
class Run
{
public:
    /// Takes the lease; waits where another run has it. The record says what the run is for; where
    /// it names nobody who asks for it, that is who runs this program. At the end, `summary` is
    /// called with the ending, for the journal. `warnings` gets what a person should know, and must
    /// outlive the run.
    /// @throws models::LeaseHeld after `wait`
    Run(Databases& databases, models::RunRecord record, Summary summary,
        std::vector<std::string>& warnings, std::chrono::milliseconds wait);

    models::RunId id() const { return record_.id; }

    Run(Run const&) = delete;
    Run& operator=(Run const&) = delete;

    /// Calls `work`, which finishes the run, and returns its ending. Where it throws, the ending
    /// goes to the journal, if that can still be reached.
    Ending carry_out(auto const& work)
    {
        try {
            return work();
        } catch (std::exception const&) {
            abandon(failure_of(std::current_exception()).outcome);
            throw;
        }
    }

    /// Renews the lease where that is due. Call it now and then while the session of the run has
    /// nothing to do: the role may have no second session for the heartbeat.
    void stay_alive();

    /// Writes the due changes of the plan. `applied` holds the results so far, even where this
    /// throws.
    void write(reconcile::Plan const& plan, std::size_t batch_size, reconcile::Applied& applied);

    using WritePortion = std::function<void(reconcile::Plan const&, reconcile::Applied&)>;

    /// The same for a plan that is too large to be held: `make_portions` makes one portion after
    /// another, and calls its argument with each.
    /// @param due changes in all
    void write_portions(std::size_t due, std::size_t batch_size,
                        std::function<void(WritePortion const&)> const& make_portions);

    /// Gives the e-mail address of each contact the type that the platform's code gives. Adds to
    /// `given` how many got it. Writes at most `batch_size` contacts a transaction.
    void give_email_types(std::span<models::ContactId const> contacts, std::size_t batch_size,
                          std::size_t& given);

    /// Calls `work` with a transaction that writes only to the journal, and commits it. May call it
    /// again where that failed.
    void in_journal(std::function<void(models::Transaction&)> const& work);

    /// Notes in the journal the drift that is left, and forgets drift that is gone; nothing where
    /// the run notes no drift.
    void record_sightings(reconcile::Plan const& residual);

    /// Deletes from the journal what is older than `retention`, in short transactions; zero:
    /// nothing. Adds to `runs` how many runs were deleted.
    void prune(std::chrono::seconds retention, std::size_t& runs);

    void finish(Ending outcome);

    /// Finishes a run that had nothing to do: it only counts, in one row for all such runs. Runs
    /// that come every few minutes would bury the others.
    void finish_idle();

private:
    /// Takes the lease. Returns a sentence where it took over one that had lapsed; else empty.
    std::string begin();
    /// As begin(), but waits where another run has the lease.
    std::string begin_within(std::chrono::milliseconds wait);
    /// Gives the run its row in the journal.
    void start();
    void require_pin(models::Transaction& tx) const;
    void in_transaction(auto const& work);
    void note_renewal();
    void end(std::function<void(models::Transaction&)> const& note);
    void note_end(models::Transaction& tx, Ending outcome);
    void abandon(Ending outcome);
    bool renew_lease() const;

    Databases& databases_;
    models::RunRecord record_;
    Summary summary_;
    std::vector<std::string>& warnings_;
    models::Timeouts timeouts_;
    models::JournalModel journal_;
    std::chrono::steady_clock::time_point due_;  ///< when the lease is to be renewed next
    std::optional<Heartbeat> heartbeat_;         // the last member: its thread uses the others
};

}  // namespace tracking::job
