#include "models/writing/customer_store.hpp"

#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"
#include "tests/support/servers/proxy.hpp"

#include <gmock/gmock.h>

#include <span>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::Throws;

/// Three customers to be made, and what others make between the plan and the writing.
class CustomerStoreTest : public ModelsTest
{
protected:
    CustomerStoreTest()
    {
        for (int n = 1; n <= 3; ++n) {
            world.tenant({.n = n, .name = "Tenant " + std::to_string(n)});
            changes_.push_back(create(n));
        }
        committed([&](Transaction& tx) {
            JournalModel::install(tx);
            JournalModel const journal{owner};
            journal.take_lease(tx, run_, "here");
            journal.start_run(tx, {.id = run_, .mode = "apply"});
            return true;
        });
    }

    CreateCustomer create(int n) const
    {
        auto const name = "Tenant " + std::to_string(n);
        auto const id = made_company_id(owner, tenant(n));
        auto const email = "admin" + std::to_string(n) + "@t.example";
        return {.tenant = tenant(n),
                .company = id,
                .name = name,
                .tenant_name = name,
                .product = "psa",
                .tag = "PSA Customer",
                .contact = PlannedContact{made_contact_id(owner, id, email), "Ada", email}};
    }

    std::vector<Receipt> write()
    {
        CustomerStore store{session,
                            session,
                            {.profile = detected(),
                             .source_profile = detected(),
                             .management = owner,
                             .run = run_,
                             .rolled_back = [this] { ++rollbacks_; }}};
        return store.write(changes_);
    }

    SchemaProfile detected()
    {
        auto tx = session.begin(Access::ReadOnly);
        return detect_schema(tx, Side::Both);
    }

    /// As `companies, contacts, mappings, receipts` of the three.
    std::string made()
    {
        std::string ids;
        for (auto const& change : changes_)
            ids += (ids.empty() ? "'" : ", '") + company_of(change).str() + "'";
        auto const count = [&](std::string const& rows, std::string const& company) {
            return database.value("SELECT count(*) FROM " + rows + " WHERE " + company + " IN (" +
                                  ids + ")");
        };
        return count("{companies}", "{company}_id") + ", " + count("contacts", "{company}_id") +
               ", " + count("tag_mappings", "tagged_id") + ", " +
               count("customer_reconcile.change", "company_id");
    }

    RunId const run_ = RunId::parse("00000000-0000-4000-8000-0000000000aa").value();
    std::vector<Change> changes_;
    int rollbacks_ = 0;
};
TEST_BOTH_GENERATIONS(CustomerStoreTest);

// The settings; the lease, tenants and tags; the customers; the receipts and the COMMIT.
TEST_P(CustomerStoreTest, ABatchOfNewCustomersTakesFourRoundTrips)
{
    auto const known = detected();
    testing::Proxy proxy{database.dsn()};
    Database far{login(proxy.dsn())};
    CustomerStore store{
        far, far, {.profile = known, .source_profile = known, .management = owner, .run = run_}};
    auto const others = changes_.back();
    changes_.pop_back();
    store.write(changes_);  // makes the tag's definition
    auto const before = proxy.round_trips();

    EXPECT_THAT(store.write({&others, 1}), Each(Field(&Receipt::outcome, Outcome::Applied)));
    EXPECT_EQ(proxy.round_trips() - before, 4);
}

// No error says so.
TEST_P(CustomerStoreTest, ACompanyThatATriggerKeepsOutGetsNoContactAndNoTag)
{
    database.execute(
        "CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.{company}_name = 'Tenant 2' THEN RETURN NULL; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER keep_out BEFORE INSERT ON {companies} FOR EACH ROW"
        " EXECUTE FUNCTION keep_out()");

    auto const receipts = write();

    EXPECT_EQ(receipts[1].outcome, Outcome::Stale);
    EXPECT_EQ(receipts[0].outcome, Outcome::Applied);
    EXPECT_EQ(made(), "2, 2, 2, 3");
}

TEST_P(CustomerStoreTest, WhatNobodyElseHasMadeIsWrittenAtOnce)
{
    EXPECT_THAT(write(), AllOf(SizeIs(3), Each(Field(&Receipt::outcome, Outcome::Applied))));
    EXPECT_EQ(made(), "3, 3, 3, 3");
    EXPECT_EQ(rollbacks_, 0);
}

TEST_P(CustomerStoreTest, WhatOthersHaveMadeMeanwhileIsWrittenAround)
{
    world.company({.n = 11, .name = "Tenant 1"});
    world.company({.n = 12, .name = "Other", .contact_email = "admin2@t.example"});

    auto const receipts = write();

    EXPECT_THAT(receipts, ElementsAre(Field(&Receipt::outcome, Outcome::Stale),
                                      Field(&Receipt::outcome, Outcome::Applied),
                                      Field(&Receipt::outcome, Outcome::Applied)));
    EXPECT_THAT(receipts[0].reason, HasSubstr("found company \"Tenant 1\""));
    EXPECT_THAT(receipts[1].reason, HasSubstr("made without contact"));
    EXPECT_THAT(receipts[2].reason, IsEmpty());
    EXPECT_EQ(made(), "2, 1, 2, 3");
    EXPECT_EQ(rollbacks_, 1);
}

TEST_P(CustomerStoreTest, WhatItHasMadeItselfIsThereAlready)
{
    write();
    auto const again = RunId::parse("00000000-0000-4000-8000-0000000000bb").value();
    database.execute("UPDATE customer_reconcile.change SET run_id = '" + again.str() + "'");

    EXPECT_THAT(write(), AllOf(SizeIs(3), Each(Field(&Receipt::outcome, Outcome::AlreadyPresent))));
    EXPECT_EQ(rollbacks_, 1);
}

TEST_P(CustomerStoreTest, WhatTheServerRefusesOtherwiseIsNotWrittenAgain)
{
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '23514'; END$$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON {companies} FOR EACH ROW EXECUTE FUNCTION "
        "refuse()");

    EXPECT_THAT([&] { write(); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "23514")));

    EXPECT_EQ(made(), "0, 0, 0, 0");
    EXPECT_EQ(rollbacks_, 0);
}

// Only new customers do not wait to hear of the row that they refer to.
TEST_P(CustomerStoreTest, AForeignKeyThatRefusesARepairIsNotTriedAgain)
{
    world.company({.n = 11, .name = "Tenant 1", .link = testing::tenant_id(1)});
    changes_ = {RepairTag{.tenant = tenant(1), .company = company(11), .tag = "PSA Customer"}};
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '23503'; END$$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON tag_mappings FOR EACH ROW EXECUTE FUNCTION "
        "refuse()");

    EXPECT_THAT([&] { write(); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "23503")));

    EXPECT_EQ(rollbacks_, 0);
}

TEST_P(CustomerStoreTest, ARunWhoseLeaseIsAnothersWritesNothingMore)
{
    database.execute("UPDATE customer_reconcile.lease SET run_id = gen_random_uuid()");
    CustomerStore store{
        session,
        session,
        {.profile = detected(), .source_profile = detected(), .management = owner, .run = run_}};

    EXPECT_THROW(write(), LeaseLost);
    EXPECT_THROW(store.record_failure(changes_.front(), {}), LeaseLost);
    EXPECT_THROW(store.receipts_of(changes_), LeaseLost);

    EXPECT_EQ(made(), "0, 0, 0, 0");
}

TEST_P(CustomerStoreTest, AFailureIsRecordedWithItsReason)
{
    CustomerStore store{
        session,
        session,
        {.profile = detected(), .source_profile = detected(), .management = owner, .run = run_}};
    store.record_failure(changes_.front(),
                         {.outcome = Outcome::Failed, .reason = "no", .sqlstate = "23514"});

    EXPECT_EQ(made(), "0, 0, 0, 1");
    auto const receipts = store.receipts_of(std::span{changes_}.first(1));
    ASSERT_TRUE(receipts);
    EXPECT_THAT(*receipts, ElementsAre(AllOf(Field(&Receipt::outcome, Outcome::Failed),
                                             Field(&Receipt::reason, "no"),
                                             Field(&Receipt::sqlstate, "23514"))));
}

// There the statement looks for the address. The name tells the customer.
TEST_P(CustomerStoreTest, WithoutUniqueConstraintsTheStatementsLookThemselves)
{
    database.execute_file("citus_like.sql");
    world.company({.n = 12, .name = "Other", .contact_email = "admin2@t.example"});

    auto const receipts = write();

    EXPECT_THAT(receipts, Each(Field(&Receipt::outcome, Outcome::Applied)));
    EXPECT_THAT(receipts[1].reason, HasSubstr("made without contact"));
    EXPECT_EQ(made(), "3, 2, 3, 3");
    EXPECT_EQ(rollbacks_, 0);
}

}  // namespace
}  // namespace tracking::models
