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

/// Who runs this program, as its operating system knows them.
std::string user_name();

/// What a run is for, as the journal keeps it.
struct RunPurpose
{
    std::string mode;           ///< apply, link, undo
    std::string version;        ///< of this program
    std::string plan_digest{};  ///< of the plan file that is applied; empty: none
    std::string allowances{};   ///< JSON object: what passes the guards, and why; empty: none
    std::optional<models::RunId> undoes{};
};

/// What the journal keeps of a run that ends so.
using Summary = std::function<models::RunEnd(Ending)>;

/// One run that writes (`apply`, `link`, `undo`): from taking the lease and its first row in the
/// journal to its last row and giving the lease back. While it lasts, no other run writes.
class Run
{
public:
    /// `summary` is asked in the end for what the journal keeps of it, with how it ends. What a
    /// person should know goes to `warnings`.
    /// @throws models::LeaseHeld
    Run(Databases& databases, RunPurpose const& purpose, Summary summary,
        std::vector<std::string>& warnings);

    models::RunId id() const { return id_; }

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

    /// Writes the due changes of the plan; `applied` holds what became of them, at any time.
    void write(reconcile::Plan const& plan, std::size_t batch_size, reconcile::Applied& applied);

    /// Gives these contacts, whose e-mail address has no type, the one that the platform's code
    /// gives, and counts them. No more than that many a transaction.
    void give_email_types(std::span<models::ContactId const> contacts, std::size_t batch_size,
                          std::size_t& given);

    /// Notes the drift that is left, and forgets what is not there any more.
    void record_sightings(reconcile::Plan const& residual);

    /// Deletes from the journal what is older than that, in short transactions; zero: nothing.
    /// Counts the runs.
    void prune(std::chrono::seconds retention, std::size_t& runs);

    void finish(Ending outcome);

private:
    /// Returns a sentence on a lease that was worth nothing, and was taken over.
    std::string begin(RunPurpose const& purpose);
    void require_pin(models::Transaction& tx) const;
    void in_transaction(auto const& work);
    void note_renewal();
    void end(Ending outcome);
    void note_end(models::Transaction& tx, Ending outcome);
    void abandon(Ending outcome);
    bool renew_lease() const;

    Databases& databases_;
    models::RunId id_;
    Summary summary_;
    std::vector<std::string>& warnings_;
    models::Timeouts timeouts_;
    models::JournalModel journal_;
    std::chrono::steady_clock::time_point due_;  ///< when it is to say again that it is alive
    std::optional<Heartbeat> heartbeat_;         // the last: its thread uses the others
};

}  // namespace tracking::job
