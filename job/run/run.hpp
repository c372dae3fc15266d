#pragma once

#include "job/databases/databases.hpp"
#include "job/report/failure.hpp"
#include "job/report/report.hpp"
#include "job/run/heartbeat.hpp"

#include "models/journal/journal_model.hpp"

#include <exception>
#include <optional>
#include <string>

namespace tracking::job {

/// Who runs this program, as its operating system knows them.
std::string user_name();

/// What a run is for, as the journal keeps it.
struct RunPurpose
{
    std::string mode;           ///< apply, link, undo
    std::string plan_digest{};  ///< of the plan file that is applied; empty: none
    std::string allowances{};   ///< JSON object: what passes the guards, and why; empty: none
    std::optional<models::RunId> undoes{};
};

/// One run that writes (`apply`, `link`, `undo`): from taking the lease and its first row in the
/// journal to its last row and giving the lease back. While it lasts, no other run writes.
class Run
{
public:
    /// @throws models::LeaseHeld
    Run(Databases& databases, Report& report, RunPurpose const& purpose);

    Run(Run const&) = delete;
    Run& operator=(Run const&) = delete;

    /// Returns what `work` does, which finishes the run. Where an exception leaves it, the journal
    /// says with what outcome, if it can still be reached.
    Ending carry_out(auto const& work)
    {
        try {
            return work();
        } catch (std::exception const&) {
            abandon(failure_of(std::current_exception()).outcome);
            throw;
        }
    }

    /// To be called now and then where the run's own session has nothing to do for long: renews the
    /// lease where that is due. A role may have no second session to do it in.
    void stay_alive();

    /// Writes the due changes of the report's plan; fills report.applied.
    void write(std::size_t batch_size);

    /// Gives these contacts, whose e-mail address has no type, the one that the platform's code
    /// gives; counts them in the report. No more than that many a transaction.
    void give_email_types(std::span<models::ContactId const> contacts, std::size_t batch_size);

    /// Notes the drift that is left, and forgets what is not there any more.
    void record_sightings(reconcile::Plan const& residual);

    /// Deletes from the journal what is older than that, in short transactions; zero: nothing.
    void prune(std::chrono::seconds retention);

    void finish(Ending outcome);

private:
    /// Returns a sentence on a lease that was worth nothing, and was taken over.
    std::string begin(models::RunId id, RunPurpose const& purpose);
    void require_pin(models::Transaction& tx) const;
    void in_transaction(auto const& work);
    void note_renewal();
    void end(Ending outcome);
    void note_end(models::Transaction& tx, Ending outcome);
    void abandon(Ending outcome);
    bool renew_lease(models::RunId id) const;

    Databases& databases_;
    Report& report_;
    models::Timeouts timeouts_;
    models::JournalModel journal_;
    std::chrono::steady_clock::time_point due_;  ///< when it is to say again that it is alive
    std::optional<Heartbeat> heartbeat_;         // the last: its thread uses the others
};

}  // namespace tracking::job
