#include "reconcile/undo/undoable.hpp"

#include "models/rules/utc.hpp"

#include <fmt/format.h>

namespace tracking::reconcile {

std::vector<models::PastRun> standing_undoers_of(models::RunId run, UndoersOf const& undoers_of)
{
    auto undoers = undoers_of(run);
    std::erase_if(undoers, [&](models::PastRun const& undoer) {
        return undoer.applied == 0 || undoer_of(undoer.id, undoers_of);
    });
    return undoers;
}

std::optional<models::PastRun> undoer_of(models::RunId run, UndoersOf const& undoers_of)
{
    for (auto const& undoer : standing_undoers_of(run, undoers_of)) {
        // The journal's word for a run that did all that it was to do.
        if (undoer.outcome == "ok")
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
    if (auto const undoer = undoer_of(run.id, undoers_of)) {
        // Earlier undos may have taken back a part. These have to be undone too.
        std::string others;
        for (auto const& other : standing_undoers_of(run.id, undoers_of)) {
            if (other.id != undoer->id)
                others.insert(0,
                              fmt::format(", then `customer-reconcile undo {}`", other.id.str()));
        }
        return fmt::format(
            "run {0} was undone by run {1} at {2}: `customer-reconcile undo {1}`{3} does "
            "it again",
            id, undoer->id.str(), models::utc_text(undoer->started), others);
    }
    return {};
}

}  // namespace tracking::reconcile
