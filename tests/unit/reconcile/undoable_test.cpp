#include "reconcile/undo/undoable.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

models::RunId run_id(std::uint8_t n)
{
    models::UuidBytes bytes{};
    bytes.back() = n;
    return models::RunId{bytes};
}

/// A run that did all that it was to do.
models::PastRun run(std::uint8_t n)
{
    models::PastRun run;
    run.id = run_id(n);
    run.outcome = "ok";
    run.host = "node";
    run.applied = 1;
    return run;
}

models::PastRun undo(std::uint8_t n, std::uint8_t of)
{
    auto undoing = run(n);
    undoing.undoes = run_id(of);
    return undoing;
}

/// Why run 1 cannot be undone, where the journal knows these other runs.
std::string objection(std::vector<models::PastRun> const& others,
                      models::PastRun const& to = run(1))
{
    return objection_to_undo(to, [&](models::RunId id) {
        std::vector<models::PastRun> undoers;
        for (auto const& other : others) {
            if (other.undoes == id)
                undoers.push_back(other);
        }
        return undoers;
    });
}

TEST(ObjectionToUndo, ARunThatChangedSomethingCanBeUndone)
{
    EXPECT_THAT(objection({}), IsEmpty());
}

TEST(ObjectionToUndo, AKilledOneTooButNoneThatIsAtWork)
{
    auto unfinished = run(1);
    unfinished.outcome.clear();
    EXPECT_THAT(objection({}, unfinished), IsEmpty());
    unfinished.has_lease = true;
    EXPECT_THAT(objection({}, unfinished), AllOf(HasSubstr("node"), HasSubstr("still at work")));
}

TEST(ObjectionToUndo, ThereIsNothingToUndoWhereNothingWasChanged)
{
    auto idle = run(1);
    idle.applied = 0;
    EXPECT_THAT(objection({}, idle), HasSubstr("changed nothing"));
}

TEST(ObjectionToUndo, ItIsNotUndoneTwiceAndTheUndoIsNamed)
{
    EXPECT_THAT(objection({undo(2, 1)}), HasSubstr("undo " + run_id(2).str()));
}

TEST(ObjectionToUndo, AnUndoThatWasUndoneItselfDoesNotStand)
{
    EXPECT_THAT(objection({undo(2, 1), undo(3, 2)}), IsEmpty());
    EXPECT_THAT(objection({undo(2, 1), undo(3, 2), undo(4, 3)}), HasSubstr(run_id(2).str()));
}

TEST(ObjectionToUndo, OfSeveralUndosTheOneThatStandsCounts)
{
    EXPECT_THAT(objection({undo(2, 1), undo(3, 2), undo(4, 1)}), HasSubstr(run_id(4).str()));
}

TEST(ObjectionToUndo, OneThatFinishedAnothersWorkIsNamedWithIt)
{
    auto partial = undo(2, 1);
    partial.outcome = "interrupted";
    EXPECT_THAT(objection({partial, undo(3, 1)}),
                HasSubstr("`customer-reconcile undo " + run_id(3).str() +
                          "`, then `customer-reconcile undo " + run_id(2).str() + "` does"));
}

TEST(ObjectionToUndo, AnUndoThatWasNotFinishedOrDidNothingCanBeRepeated)
{
    auto partial = undo(2, 1);
    partial.outcome = "partial";
    auto idle = undo(3, 1);
    idle.applied = 0;
    EXPECT_THAT(objection({partial, idle}), IsEmpty());
}

}  // namespace

}  // namespace tracking::reconcile
