#include "models/journal/last_apply.hpp"

#include "models/journal/journal_model.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

class LastApplyTest : public ModelsTest
{
protected:
    LastApplyTest()
    {
        committed([](Transaction& tx) {
            JournalModel::install(tx);
            return true;
        });
    }

    void run(std::string const& mode, std::string const& outcome, TenantId of,
             std::string const& counts = R"({"a": 1})")
    {
        committed([&](Transaction& tx) {
            JournalModel const journal{of};
            auto const record = next(mode);
            journal.start_run(tx, record);
            if (!outcome.empty())
                journal.finish_run(tx, record.id, {.outcome = outcome, .counts = counts});
            return true;
        });
    }
    void idle_run(bool notes_drift = true)
    {
        committed([&](Transaction& tx) {
            auto record = next("apply");
            record.notes_drift = notes_drift;
            JournalModel{owner}.note_idle(tx, record, 1);
            return true;
        });
    }

    std::string last()
    {
        auto tx = session.begin(Access::ReadOnly);
        auto const found = last_apply(tx, owner);
        return found ? found->outcome + found->counts : "none";
    }

private:
    RunRecord next(std::string const& mode)
    {
        return {.id = RunId::parse(testing::tenant_id(++runs_)).value(),
                .mode = mode,
                .executed_by = "ada",
                .host = "here",
                .version = "1"};
    }

    int runs_ = 0;
};
TEST_ONE_GENERATION(LastApplyTest, Clients);

TEST_P(LastApplyTest, IsTheLastThatEndedAndSaysHowThingsAre)
{
    EXPECT_EQ(last(), "none");
    run("apply", "refused", owner);
    run("apply", "declined", owner);
    run("apply", "stale", owner);
    run("apply", "", owner);  // killed
    run("link", "ok", owner);
    run("undo", "failed", owner);
    run("apply", "ok", tenant(50));
    EXPECT_EQ(last(), R"(refused{"a": 1})");
}

TEST_P(LastApplyTest, MayBeOneThatHadNothingToDo)
{
    idle_run();
    EXPECT_EQ(last(), "ok");
    run("apply", "partial", owner);
    EXPECT_EQ(last(), R"(partial{"a": 1})");
    idle_run();
    EXPECT_EQ(last(), "ok");
}

// A run every five minutes that only creates would make the next night's refusal news again.
TEST_P(LastApplyTest, IsNoneOfThoseThatKeepNoDrift)
{
    run("apply", "refused", owner, R"({"notes_drift": true})");
    run("apply", "ok", owner, R"({"notes_drift": false})");
    idle_run(false);
    EXPECT_EQ(last(), R"(refused{"notes_drift": true})");
    idle_run();
    EXPECT_EQ(last(), "ok");
    run("apply", "partial", owner);
    idle_run(false);
    EXPECT_EQ(last(), R"(partial{"a": 1})");
}

}  // namespace
}  // namespace tracking::models
