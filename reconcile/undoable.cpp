#include "reconcile/undoable.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace tracking::reconcile {

std::optional<models::PastRun> undoer_of(models::RunId run, UndoersOf const& undoers_of)
{
    for (auto const& undoer : undoers_of(run)) {
        // What the journal calls the outcome of a run that did all that it was to do.
        if (undoer.outcome == "ok" && undoer.applied > 0 && !undoer_of(undoer.id, undoers_of))
            return undoer;
    }
    return std::nullopt;
}

std::string objection_to_undo(models::PastRun const& run, UndoersOf const& undoers_of)
{
    auto const id = run.id.str();
    if (run.outcome.empty() && run.has_lease)
        return fmt::format("run {} on {} is still at work: wait for its end, or stop it", id,
                           run.host);
    if (run.applied == 0)
        return fmt::format("run {} has changed nothing: there is nothing to undo", id);
    if (auto const undoer = undoer_of(run.id, undoers_of))
        return fmt::format(
            "run {0} was undone by run {1} at {2:%F %T} UTC: `customer-reconcile undo {1}` does it "
            "again",
            id, undoer->id.str(), undoer->started);
    return {};
}

}  // namespace tracking::reconcile
