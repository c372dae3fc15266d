#include "models/writing/rehearsal_store.hpp"

#include "models/journal/journal_model.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Property;
using ::testing::Throws;

/// Tenants 1 to 3 without customers.
class RehearsalStoreTest : public ModelsTest
{
protected:
    RehearsalStoreTest()
    {
        for (int n = 1; n <= 3; ++n)
            world.tenant({.n = n, .name = "Tenant " + std::to_string(n)});
    }

    RehearsalStore store() { return store(session); }
    RehearsalStore store(Database& source)
    {
        return {
            session, source, {.profile = profile, .source_profile = profile, .management = owner}};
    }

    Change create(int n, std::string const& name)
    {
        return CreateCustomer{.tenant = tenant(n),
                              .company = made_company_id(owner, tenant(n)),
                              .name = name,
                              .tenant_name = name,
                              .product = "psa",
                              .tag = "PSA Customer",
                              .contact = std::nullopt};
    }
    Change create(int n) { return create(n, "Tenant " + std::to_string(n)); }

    /// `when`: how the trigger is timed.
    void refuse(std::string const& name, std::string const& when)
    {
        database.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '23514'; END$$;"
            "CREATE " +
            when + " FOR EACH ROW WHEN (NEW.{company}_name = '" + name +
            "') EXECUTE FUNCTION refuse()");
    }

    std::map<std::string, std::string> everything()
    {
        return database.fingerprint_outside(TenantId{}.str());
    }
};
TEST_BOTH_GENERATIONS(RehearsalStoreTest);

TEST_P(RehearsalStoreTest, TellsWhatWouldBecomeOfChangesAndLeavesNothing)
{
    world.company({.n = 12, .name = "Tenant 2"});
    auto const before = everything();
    {
        auto rehearsal = store();
        std::vector const batch{create(1), create(2), create(3)};
        EXPECT_THAT(rehearsal.write(batch),
                    ElementsAre(Field(&Receipt::outcome, Outcome::Rehearsed),
                                AllOf(Field(&Receipt::outcome, Outcome::Stale),
                                      Field(&Receipt::reason, HasSubstr("Tenant 2"))),
                                AllOf(Field(&Receipt::outcome, Outcome::Rehearsed),
                                      Field(&Receipt::rows, RowsWritten{}))));
    }
    EXPECT_EQ(everything(), before);
}

TEST_P(RehearsalStoreTest, ABatchSeesThoseBeforeIt)
{
    auto rehearsal = store();
    std::vector const one{create(1, "Same")};
    std::vector const two{create(2, "Same")};
    EXPECT_EQ(rehearsal.write(one).front().outcome, Outcome::Rehearsed);
    EXPECT_EQ(rehearsal.write(two).front().outcome, Outcome::Stale);
}

TEST_P(RehearsalStoreTest, ABatchThatFailsTakesNoOtherAlong)
{
    refuse("Tenant 2", "TRIGGER refuse BEFORE INSERT ON {companies}");
    auto rehearsal = store();
    std::vector const one{create(1)};
    std::vector const culprit{create(2)};
    std::vector const same_name{create(3, "Tenant 1")};
    EXPECT_EQ(rehearsal.write(one).front().outcome, Outcome::Rehearsed);
    EXPECT_THAT([&] { rehearsal.write(culprit); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "23514")));
    EXPECT_EQ(rehearsal.write(same_name).front().outcome, Outcome::Stale)
        << "what was written before the culprit is still there";
    EXPECT_EQ(rehearsal.write(std::vector{create(3)}).front().outcome, Outcome::Rehearsed);
}

TEST_P(RehearsalStoreTest, WhatOnlyCommitWouldRefuseIsRefusedToo)
{
    refuse("Tenant 2",
           "CONSTRAINT TRIGGER refuse AFTER INSERT ON {companies} DEFERRABLE INITIALLY DEFERRED");
    auto rehearsal = store();
    EXPECT_THROW(rehearsal.write(std::vector{create(2)}), StatementFailed);
    EXPECT_EQ(rehearsal.write(std::vector{create(1)}).front().outcome, Outcome::Rehearsed);
}

TEST_P(RehearsalStoreTest, TakesNoLeaseAndRespectsThatOfARun)
{
    JournalModel const journal{owner};
    auto const run = RunId::parse(testing::tenant_id(1)).value();
    committed([&](Transaction& tx) {
        JournalModel::install(tx);
        return true;
    });
    {
        auto rehearsal = store();
        rehearsal.write(std::vector{create(1)});
        rehearsal.record_failure(create(1), {});
        EXPECT_EQ(database.value("SELECT (SELECT count(*) FROM customer_reconcile.lease)"
                                 " + (SELECT count(*) FROM customer_reconcile.change)"),
                  "0");
    }
    committed([&](Transaction& tx) {
        journal.take_lease(tx, run, "here");
        return true;
    });
    EXPECT_THROW(store(), LeaseHeld);
}

TEST_P(RehearsalStoreTest, TenantsAreThoseOfTheSource)
{
    testing::TestDatabase elsewhere{GetParam()};
    testing::World{elsewhere}.tenant({.n = 2, .name = "Tenant 2"});
    Database source{login(elsewhere.dsn())};
    auto rehearsal = store(source);
    EXPECT_THAT(rehearsal.write(std::vector{create(1), create(2)}),
                ElementsAre(Field(&Receipt::outcome, Outcome::Stale),
                            Field(&Receipt::outcome, Outcome::Rehearsed)));
}

}  // namespace
}  // namespace tracking::models
