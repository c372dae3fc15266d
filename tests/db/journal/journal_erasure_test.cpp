#include "models/journal/journal_erasure.hpp"

#include "models/journal/journal_model.hpp"
#include "models/journal/journal_pin.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;

class JournalErasureTest : public ModelsTest
{
protected:
    JournalErasureTest()
    {
        committed([&](Transaction& tx) {
            JournalModel::install(tx);
            return true;
        });
    }

    /// So many changes of one run, of which the first, the last and one in the middle hold the
    /// address.
    void changes(int count, TenantId of)
    {
        auto const address = "CASE WHEN n IN (1, " + std::to_string(count / 2) + ", " +
                             std::to_string(count) + ") THEN 'Ann@acme.example' ELSE 'x' END";
        database.execute(
            "INSERT INTO customer_reconcile.change (tenant, run_id, tracked_tenant, company_id, "
            "change, outcome, reason, before) SELECT '" +
            of.str() + "', '" + testing::tenant_id(900) + "', '" + testing::tenant_id(1) +
            "', lpad(n::text, 32, '0')::uuid, 'create', 'applied', " + address +
            ", json_build_object('notes', E'\\n' || " + address + ") FROM generate_series(1, " +
            std::to_string(count) + ") n");
    }

    /// Passes over the whole journal of the tenant.
    ErasedRows pass(TenantId of, auto const& step)
    {
        ErasedRows rows;
        for (JournalErasure::Position position; !position.is_end();) {
            auto const portion =
                committed([&](Transaction& tx) { return step(JournalErasure{of}, tx, position); });
            rows.add(portion.rows);
            position = portion.next;
        }
        return rows;
    }
    ErasedRows look(TenantId of)
    {
        return pass(of, [&](auto const& journal, Transaction& tx, auto const& position) {
            return journal.look(tx, position, ann);
        });
    }
    ErasedRows erase(TenantId of)
    {
        return pass(of, [&](auto const& journal, Transaction& tx, auto const& position) {
            return journal.erase(tx, position, ann);
        });
    }

    std::string left(TenantId of)
    {
        return database.value("SELECT count(*) FROM customer_reconcile.change WHERE tenant = '" +
                              of.str() +
                              "' AND (reason ILIKE '%ann@%' OR before::text ILIKE '%ann@%')");
    }

    Erasure ann{"ann@acme.example"};
};
TEST_BOTH_GENERATIONS(JournalErasureTest);

TEST_P(JournalErasureTest, FindsWhatStandsInAnyPortion)
{
    changes(4'500, owner);
    EXPECT_EQ(look(owner).changes, 3U);
    EXPECT_EQ(left(owner), "3");
    EXPECT_EQ(erase(owner).changes, 3U);
    EXPECT_EQ(left(owner), "0");
    EXPECT_EQ(database.value("SELECT count(*) FROM customer_reconcile.change WHERE reason = 'x'"),
              "4497");
    EXPECT_EQ(database.value("SELECT DISTINCT before::text FROM customer_reconcile.change"
                             " WHERE reason = 'forgotten'"),
              R"({"notes":"\nforgotten","forgotten":true})");
    EXPECT_TRUE(erase(owner).is_none());
}

TEST_P(JournalErasureTest, FindsEveryTenantThatTheJournalKnows)
{
    committed([&](Transaction& tx) {
        set_pin(tx, {.tenant = tenant(7), .name = "Former", .instead_of = std::nullopt}, "ada");
        set_pin(tx, {.tenant = owner, .name = "Vendor", .instead_of = tenant(7)}, "ada");
        JournalModel{tenant(8)}.start_run(tx, {.id = RunId{tenant(900).bytes()}, .mode = "apply"});
        return true;
    });
    EXPECT_THAT(committed([](Transaction& tx) { return JournalErasure::owners(tx); }),
                ElementsAre(owner, tenant(7), tenant(8)));
}

TEST_P(JournalErasureTest, RowsOfAnotherTenantAreNotTouched)
{
    changes(10, owner);
    changes(10, tenant(7));
    erase(owner);
    EXPECT_EQ(left(owner), "0");
    EXPECT_EQ(left(tenant(7)), "3");
}

TEST_P(JournalErasureTest, NullStaysNull)
{
    database.execute(
        "INSERT INTO customer_reconcile.run_start (tenant, run_id, mode, executed_by, host, "
        "version) VALUES ('" +
        owner.str() + "', '" + testing::tenant_id(900) +
        "', 'apply', 'ann@acme.example', 'h', '1')");
    EXPECT_EQ(erase(owner).runs, 1U);
    EXPECT_EQ(database.value("SELECT executed_by || (login IS NULL) || (allowances IS NULL)"
                             " FROM customer_reconcile.run_start"),
              "forgottentruetrue");
}

}  // namespace
}  // namespace tracking::models
