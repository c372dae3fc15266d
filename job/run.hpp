#pragma once

#include "job/mandate.hpp"
#include "job/report.hpp"
#include "job/sides.hpp"

#include "models/journal_model.hpp"

namespace tracking::job {

/// One run of `apply`: from taking the lease and its first row in the journal to its last row and
/// giving the lease back. While it lasts, no other run writes.
class Run
{
public:
    /// @throws models::LeaseHeld
    Run(Sides& sides, Report& report, Mandate const& mandate);

    /// A run that was left by an exception says so in the journal, if it still can.
    ~Run();
    Run(Run const&) = delete;
    Run& operator=(Run const&) = delete;

    /// Writes the due changes of the report's plan; fills report.applied.
    void write(std::size_t batch_size);

    /// Notes the drift that is left, and forgets what is not there any more.
    void record_sightings(reconcile::Plan const& residual);

    void finish(Outcome outcome);

private:
    void in_transaction(auto const& work);

    Sides& sides_;
    Report& report_;
    models::JournalModel journal_;
    bool is_finished_ = false;
};

}  // namespace tracking::job
