#include "models/journal/journal_model.hpp"

#include "models/journal/journal_history.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <deque>

namespace tracking::models {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

RunId run_id(int n)
{
    return RunId::parse(testing::tenant_id(n)).value();
}

/// Two management tenants share the journal. What belongs to one never belongs to the other.
class JournalModelTest : public ModelsTest
{
protected:
    JournalModelTest()
    {
        committed([&](Transaction& tx) {
            JournalModel::install(tx);
            return true;
        });
    }

    void do_in_transaction(auto const& work)
    {
        committed([&](Transaction& tx) {
            work(tx);
            return true;
        });
    }
    auto read(auto const& work)
    {
        auto tx = session.begin(Access::ReadOnly);
        return work(tx);
    }

    void take(JournalModel const& model, RunId run, std::string const& host = "here")
    {
        do_in_transaction([&](Transaction& tx) { model.take_lease(tx, run, host); });
    }
    void expire_leases()
    {
        database.execute(
            "UPDATE customer_reconcile.lease SET since = now() - interval '1 hour',"
            " expires_at = now() - interval '1 second'");
    }
    std::string holders()
    {
        return database.value(
            "SELECT COALESCE(string_agg(host, ',' ORDER BY host), '')"
            " FROM customer_reconcile.lease");
    }

    void start(JournalModel const& model, RunId run, std::string const& digest = "")
    {
        do_in_transaction([&](Transaction& tx) {
            model.start_run(tx, {.id = run,
                                 .mode = "apply",
                                 .executed_by = "ada",
                                 .host = "here",
                                 .version = "1",
                                 .plan_digest = digest});
        });
    }

    /// Changes of that run, one a receipt, of companies 1, 2, ...
    void record(JournalModel const& model, RunId run, std::vector<Receipt> const& receipts)
    {
        std::deque<Change> changes;
        std::vector<ChangeRecord> records;
        for (auto const& receipt : receipts) {
            auto const n = static_cast<int>(changes.size()) + 1;
            changes.emplace_back(RepairTag{tenant(n), company(n), "PSA Customer"});
            records.push_back({&changes.back(), &receipt, R"({"was": 1})",
                               R"({"rows": {"companies": 1, "contacts": 2, "tags": 3}})"});
        }
        do_in_transaction([&](Transaction& tx) { model.record(tx, run, records); });
    }

    void see(JournalModel const& model, RunId run, std::vector<SightingKey> const& keys)
    {
        do_in_transaction([&](Transaction& tx) { model.record_sightings(tx, run, keys); });
    }
    std::vector<SeenDrift> seen(JournalModel const& model)
    {
        return read([&](Transaction& tx) { return model.noted_drift(tx).all; });
    }

    JournalModel const journal{owner};
    JournalModel const others{tenant(50)};
    RunId const first = run_id(1);
    RunId const second = run_id(2);
};
// No statement of the journal depends on the generation.
TEST_ONE_GENERATION(JournalModelTest, Clients);

// --- the lease

TEST_P(JournalModelTest, ASecondRunIsToldWhoHasTheLease)
{
    take(journal, first, "node-7");

    EXPECT_THAT([&] { take(journal, second); },
                ThrowsMessage<LeaseHeld>(
                    AllOf(HasSubstr(first.str()), HasSubstr("node-7"), HasSubstr("its lease"))));
    EXPECT_THROW(do_in_transaction([&](Transaction& tx) { journal.require_free_lease(tx); }),
                 LeaseHeld);
    EXPECT_EQ(holders(), "node-7");
}

TEST_P(JournalModelTest, TheRunThatHasTheLeaseMayTakeItAgain)
{
    take(journal, first);
    take(journal, first, "elsewhere");
    EXPECT_EQ(holders(), "here");
}

TEST_P(JournalModelTest, ALeaseThatEndedIsTakenOver)
{
    take(journal, first);
    expire_leases();

    EXPECT_NO_THROW(do_in_transaction([&](Transaction& tx) { journal.require_free_lease(tx); }));
    take(journal, second, "there");

    EXPECT_EQ(holders(), "there");
}

// By then its run is at COMMIT: its rows would stand beside the other's.
TEST_P(JournalModelTest, ALeaseThatEndedInATransactionThatIsOpenIsNotTakenOver)
{
    take(journal, first);
    expire_leases();
    Database other{login(database.dsn())};
    auto writing = other.begin(Access::ReadWrite);
    journal.renew_lease(writing, first);

    EXPECT_THROW(take(journal, second), LeaseHeld);
    writing.commit();

    EXPECT_EQ(holders(), "here");
}

TEST_P(JournalModelTest, ARunThatWasAwayGoesOnWhereNobodyTookOver)
{
    take(journal, first);
    expire_leases();

    EXPECT_NO_THROW(do_in_transaction([&](Transaction& tx) { journal.renew_lease(tx, first); }));

    EXPECT_THROW(take(journal, second), LeaseHeld) << "it is renewed";
}

TEST_P(JournalModelTest, ARunWhoseLeaseWasTakenOverIsStopped)
{
    take(journal, first);
    expire_leases();
    take(journal, second);

    EXPECT_THAT(
        [&] { do_in_transaction([&](Transaction& tx) { journal.renew_lease(tx, first); }); },
        ThrowsMessage<LeaseLost>(HasSubstr(first.str())));
}

TEST_P(JournalModelTest, ARunWithoutLeaseIsStopped)
{
    EXPECT_THROW(do_in_transaction([&](Transaction& tx) { journal.renew_lease(tx, first); }),
                 LeaseLost);
}

TEST_P(JournalModelTest, OnlyItsHolderReleasesALease)
{
    take(journal, first);
    do_in_transaction([&](Transaction& tx) { journal.release_lease(tx, second); });
    EXPECT_EQ(holders(), "here");
    do_in_transaction([&](Transaction& tx) { journal.release_lease(tx, first); });
    EXPECT_EQ(holders(), "");
}

TEST_P(JournalModelTest, TheOtherManagementTenantsLeaseIsAnother)
{
    take(journal, first, "ours");
    take(others, first, "theirs");
    EXPECT_EQ(holders(), "ours,theirs");

    do_in_transaction([&](Transaction& tx) { others.release_lease(tx, first); });
    EXPECT_EQ(holders(), "ours");
    EXPECT_THROW(do_in_transaction([&](Transaction& tx) { others.renew_lease(tx, first); }),
                 LeaseLost);

    expire_leases();
    take(others, second, "theirs");
    EXPECT_EQ(holders(), "ours,theirs") << "what ended of ours is ours to take over";
}

// Whichever of the two timeouts is the shorter one: the lost session is still there.
TEST_P(JournalModelTest, ALeaseThatALostSessionHoldsCountsAsALostConnection)
{
    take(journal, first);
    Database lost{login(database.dsn())};
    auto writing = lost.begin(Access::ReadWrite);
    journal.renew_lease(writing, first);

    for (auto const& timeouts :
         {Timeouts{.statement = 30s, .lock = 100ms}, Timeouts{.statement = 100ms, .lock = 30s}}) {
        auto tx = session.begin(Access::ReadWrite, timeouts);
        EXPECT_THROW(journal.renew_lease(tx, first), ConnectionLost);
    }
}

// It came from a clock that was wrong, or by hand.
TEST_P(JournalModelTest, ALeaseThatNoRunMakesIsWorthNothing)
{
    for (auto const* wrong :
         {"since = now() + interval '1 hour', expires_at = now() + interval '61 minutes'",
          "expires_at = now() + interval '11 minutes'", "expires_at = 'infinity'"}) {
        take(journal, first, "wrong");
        database.execute(std::string{"UPDATE customer_reconcile.lease SET "} + wrong);
        EXPECT_NO_THROW(do_in_transaction([&](Transaction& tx) { journal.require_free_lease(tx); }))
            << wrong;
        std::string said;
        do_in_transaction([&](Transaction& tx) { said = journal.take_lease(tx, second, "there"); });
        EXPECT_THAT(said, AllOf(HasSubstr("wrong"), HasSubstr("was taken over"))) << wrong;
        EXPECT_EQ(holders(), "there") << wrong;
        database.execute("DELETE FROM customer_reconcile.lease");
    }
}

TEST_P(JournalModelTest, ALeaseOfTwiceTheTimeMayBeAnothersConfiguration)
{
    take(journal, first);
    database.execute(
        "UPDATE customer_reconcile.lease SET since = now() + interval '5 seconds',"
        " expires_at = now() + interval '9 minutes'");
    EXPECT_THROW(take(journal, second), LeaseHeld);
}

// --- receipts

TEST_P(JournalModelTest, ReceiptsComeInTheOrderOfTheBatch)
{
    start(journal, first);
    record(journal, first,
           {{.outcome = Outcome::Applied},
            {.outcome = Outcome::Stale, .reason = "expected A, found B"},
            {.outcome = Outcome::Failed, .reason = "no", .sqlstate = "23505"},
            {.outcome = Outcome::AlreadyPresent}});
    std::vector<Change> const batch{RepairTag{tenant(3), company(3), "PSA Customer"},
                                    RepairTag{tenant(1), company(1), "PSA Customer"},
                                    RepairTag{tenant(4), company(4), "PSA Customer"},
                                    RepairTag{tenant(2), company(2), "PSA Customer"}};

    auto const receipts =
        read([&](Transaction& tx) { return journal.receipts_of(tx, first, batch).value(); });

    EXPECT_THAT(receipts, ElementsAre(Field(&Receipt::outcome, Outcome::Failed),
                                      Field(&Receipt::outcome, Outcome::Applied),
                                      Field(&Receipt::outcome, Outcome::AlreadyPresent),
                                      Field(&Receipt::outcome, Outcome::Stale)));
    EXPECT_EQ(receipts[0].sqlstate, "23505");
    EXPECT_EQ(receipts[1].rows, (RowsWritten{.companies = 1, .contacts = 2, .tags = 3}));
    EXPECT_EQ(receipts[3].reason, "expected A, found B");
}

TEST_P(JournalModelTest, ABatchThatIsNotRecordedHasNoReceipts)
{
    start(journal, first);
    record(journal, first, {{}});
    auto const receipts = [&](JournalModel const& model, RunId run, Change const& change) {
        return read([&](Transaction& tx) { return model.receipts_of(tx, run, {&change, 1}); });
    };

    EXPECT_TRUE(receipts(journal, first, RepairTag{tenant(1), company(1), "PSA Customer"}));
    EXPECT_FALSE(receipts(journal, first, RepairTag{tenant(2), company(2), "PSA Customer"}));
    EXPECT_FALSE(receipts(journal, second, RepairTag{tenant(1), company(1), "PSA Customer"}));
    EXPECT_FALSE(receipts(journal, first, CleanUp{tenant(1), company(1), "Canceled"}));
    EXPECT_FALSE(receipts(others, first, RepairTag{tenant(1), company(1), "PSA Customer"}));
}

TEST_P(JournalModelTest, WhatIsNotThereIsRecordedAsNull)
{
    start(journal, first);
    Change const change{RepairTag{tenant(1), company(1), "PSA Customer"}};
    Receipt const receipt;
    std::vector<ChangeRecord> const records{{&change, &receipt, {}, {}}};
    do_in_transaction([&](Transaction& tx) { journal.record(tx, first, records); });

    EXPECT_EQ(database.rows("SELECT reason, sqlstate, before, after, change, outcome"
                            " FROM customer_reconcile.change"),
              (std::vector<std::vector<std::string>>{
                  {"NULL", "NULL", "NULL", "NULL", "repair_tag", "applied"}}));
}

// --- drift that is seen again and again

TEST_P(JournalModelTest, ARunCountsOnceHoweverOftenItRecords)
{
    SightingKey const key{"orphaned", tenant(7), company(7)};
    see(journal, first, {key});
    see(journal, first, {key});
    EXPECT_THAT(seen(journal), ElementsAre(Field(&SeenDrift::runs, 1)));
    see(journal, second, {key});
    EXPECT_THAT(seen(journal), ElementsAre(Field(&SeenDrift::runs, 2)));
    EXPECT_THAT(seen(others), IsEmpty());
}

TEST_P(JournalModelTest, DriftIsToldApartByKindTenantAndCompany)
{
    see(journal, first,
        {{"orphaned", tenant(7), company(7)},
         {"untagged", tenant(7), company(7)},
         {"orphaned", tenant(8), company(7)},
         {"orphaned", tenant(7), company(8)},
         {"missing", tenant(7), CompanyId{}}});
    EXPECT_THAT(seen(journal), AllOf(SizeIs(5), ::testing::Each(Field(&SeenDrift::runs, 1))));
}

TEST_P(JournalModelTest, TheAgeCountsFromTheFirstSighting)
{
    SightingKey const key{"orphaned", tenant(7), company(7)};
    see(journal, first, {key});
    database.execute(
        "UPDATE customer_reconcile.drift SET first_seen = first_seen - interval '2 hours',"
        " last_seen = last_seen - interval '1 hour'");
    see(journal, second, {key});
    EXPECT_GE(seen(journal).at(0).age, 2h);
    EXPECT_LT(seen(journal).at(0).age, 3h);
    EXPECT_EQ(database.value("SELECT last_seen > now() - interval '30 minutes'"
                             " FROM customer_reconcile.drift"),
              "t");
}

TEST_P(JournalModelTest, AFirstSightingAheadOfNowCountsAsNowAndIsPutRight)
{
    SightingKey const key{"orphaned", tenant(7), company(7)};
    see(journal, first, {key});
    database.execute("UPDATE customer_reconcile.drift SET first_seen = now() + interval '30 days'");
    EXPECT_THAT(seen(journal), ElementsAre(Field(&SeenDrift::age, 0s)));
    see(journal, second, {key});
    EXPECT_EQ(database.value("SELECT first_seen <= now() FROM customer_reconcile.drift"), "t");
}

TEST_P(JournalModelTest, WhatARunDoesNotSeeIsForgotten)
{
    see(journal, first, {{"orphaned", tenant(7), company(7)}, {"orphaned", tenant(8), company(8)}});
    see(others, first, {{"orphaned", tenant(9), company(9)}});
    see(journal, second, {{"orphaned", tenant(8), company(8)}});

    do_in_transaction([&](Transaction& tx) { journal.forget_unseen(tx, second); });

    auto const left = seen(journal);
    ASSERT_THAT(left, SizeIs(1));
    EXPECT_EQ(left[0].key.company, company(8));
    EXPECT_THAT(seen(others), SizeIs(1));
}

// --- runs, and what becomes of them

TEST_P(JournalModelTest, ARunBeginsOnce)
{
    start(journal, first, "abc");
    start(journal, first, "another");
    auto const runs = read([&](Transaction& tx) { return JournalHistory{owner}.runs(tx, 0); });
    EXPECT_THAT(runs, ElementsAre(AllOf(Field(&PastRun::id, first), Field(&PastRun::outcome, ""),
                                        Field(&PastRun::executed_by, "ada"))));
    EXPECT_FALSE(read([&](Transaction& tx) { return journal.has_ended(tx, first); }));
}

// Four nights of exit 3, or an item that fails every night, must not leave the guard unarmed.
TEST_P(JournalModelTest, CompleteReadingsCountWhateverBecameOfTheRun)
{
    auto const end = [&](JournalModel const& model, int n, std::string const& outcome,
                         std::optional<std::size_t> tenants) {
        start(model, run_id(n));
        do_in_transaction([&](Transaction& tx) {
            model.finish_run(tx, run_id(n), {outcome, R"({"counts": {"tenants": 1}})", tenants});
        });
    };
    auto const usual = [&] {
        return read([&](Transaction& tx) { return journal.precedents(tx).usual; });
    };
    end(others, 90, "ok", 9);
    end(journal, 91, "refused", std::nullopt);
    EXPECT_FALSE(usual()) << "another's, and one that was in doubt of what it read";
    int n = 1;
    for (auto const* outcome : {"refused", "partial", "declined", "failed", "interrupted"})
        end(journal, n++, outcome, 400);
    EXPECT_EQ(usual()->median, 400U);
    EXPECT_EQ(usual()->readings, 5U);
    for (; n <= 15; ++n)
        end(journal, n, "ok", n <= 11 ? 300 : 500);
    EXPECT_EQ(usual()->median, 300U) << "of the last ten";
    EXPECT_EQ(usual()->readings, 10U);
}

TEST_P(JournalModelTest, ARunThatHasEndedKeepsItsEnd)
{
    start(journal, first);
    for (auto const* outcome : {"ok", "failed"})
        do_in_transaction([&](Transaction& tx) {
            journal.finish_run(tx, first, {outcome, "{}", std::nullopt});
        });
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "ok");
}

std::vector<PastChange> changes_of(JournalHistory const& history, Transaction& tx, RunId run)
{
    std::vector<PastChange> changes;
    history.visit_changes(tx, run, [&](auto const& change) { changes.push_back(change); });
    return changes;
}

TEST_P(JournalModelTest, ChangesOfSeveralRunsAreVisitedCompanyByCompanyInTheirOrder)
{
    start(journal, first);
    start(journal, second);
    record(journal, second, {{.outcome = Outcome::Applied}, {.outcome = Outcome::Stale}});
    record(journal, first, {{.outcome = Outcome::Applied}, {.outcome = Outcome::Failed}});
    auto tx = session.begin(Access::ReadOnly);

    std::vector<std::pair<CompanyId, RunId>> visited;
    JournalHistory{owner}.visit_by_company(tx, std::vector{first, second}, [&](auto const& change) {
        visited.emplace_back(change.company, change.run);
    });

    ASSERT_THAT(visited, SizeIs(4));
    EXPECT_EQ(visited[0], (std::pair{visited[1].first, second}));
    EXPECT_EQ(visited[2], (std::pair{visited[3].first, second}));
    EXPECT_LT(visited[1].first, visited[2].first);
}

TEST_P(JournalModelTest, TheHistoryIsOfOneManagementTenant)
{
    start(journal, first);
    record(journal, first,
           {{.outcome = Outcome::Applied},
            {.outcome = Outcome::Failed},
            {.outcome = Outcome::Stale},
            {.outcome = Outcome::AlreadyPresent}});
    start(others, second);
    record(others, second, {{.outcome = Outcome::Applied}});
    JournalHistory const history{owner};

    auto tx = session.begin(Access::ReadOnly);
    auto const runs = history.runs(tx, 0);
    ASSERT_THAT(runs, SizeIs(1));
    EXPECT_EQ(runs[0].applied, 1U);
    EXPECT_EQ(runs[0].failed, 1U);
    EXPECT_EQ(runs[0].others, 2U);
    EXPECT_THAT(history.runs_named(tx, first.str().substr(0, 8)), SizeIs(1));
    EXPECT_THAT(history.runs_named(tx, second.str()), IsEmpty());
    EXPECT_THAT(changes_of(history, tx, first), SizeIs(4));
    EXPECT_THAT(changes_of(history, tx, second), IsEmpty());
    EXPECT_THAT(history.changes_about(tx, tenant(1), {}), SizeIs(1));
    EXPECT_THAT(history.changes_about(tx, {}, company(2)), SizeIs(1));
    EXPECT_THAT(history.changes_about(tx, tenant(1), company(2)), SizeIs(2));
    EXPECT_THAT(history.changes_about(tx, tenant(9), company(9)), IsEmpty());
}

TEST_P(JournalModelTest, TheUndoersOfARunAreFound)
{
    start(journal, first);
    do_in_transaction([&](Transaction& tx) {
        journal.start_run(tx, {.id = second, .mode = "undo", .undoes = first});
    });
    auto tx = session.begin(Access::ReadOnly);
    EXPECT_THAT(JournalHistory{owner}.undoers_of(tx, first),
                ElementsAre(Field(&PastRun::id, second)));
    EXPECT_THAT(JournalHistory{owner}.undoers_of(tx, second), IsEmpty());
    EXPECT_THAT(JournalHistory{tenant(50)}.undoers_of(tx, first), IsEmpty());
}

TEST_P(JournalModelTest, ARunWithALeaseThatLastsMayBeAtWork)
{
    start(journal, first);
    auto const has_lease = [&] {
        return read([&](Transaction& tx) { return JournalHistory{owner}.runs(tx, 1); })
            .at(0)
            .has_lease;
    };
    EXPECT_FALSE(has_lease());
    take(others, first);
    EXPECT_FALSE(has_lease()) << "that is another's";
    take(journal, first);
    EXPECT_TRUE(has_lease());
    expire_leases();
    EXPECT_FALSE(has_lease());
}

// An age below zero: everything is older than that.
TEST_P(JournalModelTest, PruningTakesChangesBeforeTheirRunsAndNoMoreThanAPortion)
{
    start(journal, first);
    record(journal, first, std::vector<Receipt>(2'001));
    start(others, second);
    record(others, second, {{}});
    auto const prune = [&] {
        return committed([&](Transaction& tx) { return journal.prune(tx, -1min); });
    };

    auto const portion = prune();
    EXPECT_EQ(portion.changes, 2'000U);
    EXPECT_EQ(portion.runs, 0U);
    auto const rest = prune();
    EXPECT_EQ(rest.changes, 1U);
    EXPECT_EQ(rest.runs, 1U);
    auto const nothing = prune();
    EXPECT_EQ(nothing.changes + nothing.runs, 0U);
    EXPECT_EQ(database.value("SELECT count(*) FROM customer_reconcile.change"), "1");
}

TEST_P(JournalModelTest, PruningLeavesWhatIsYoungAtWorkOrDrift)
{
    start(journal, first);
    record(journal, first, {{}});
    see(journal, first, {{"orphaned", tenant(7), company(7)}});
    auto const prune = [&](std::chrono::seconds retention) {
        return committed([&](Transaction& tx) { return journal.prune(tx, retention); }).runs;
    };

    EXPECT_EQ(prune(1h), 0U) << "it is young";
    take(journal, first);
    EXPECT_EQ(prune(-1min), 0U) << "it may be at work";
    expire_leases();
    EXPECT_EQ(prune(-1min), 1U);
    EXPECT_THAT(seen(journal), SizeIs(1));
}

}  // namespace
}  // namespace tracking::models
