#include "tests/cli/job_test.hpp"

#include <csignal>

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;

class ApplyTest : public JobTest
{
protected:
    void add_tenants(int count)
    {
        for (int n = 1; n <= count; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
    }

    /// A test can step in between two of them, however slow the machine is.
    void slow_down_batches()
    {
        database.execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END$$;"
            "CREATE TRIGGER wait AFTER INSERT ON customer_reconcile.change"
            " FOR EACH STATEMENT EXECUTE FUNCTION wait()");
    }

    std::string customers()
    {
        return count("{companies} WHERE tenant = '" + tenant_id(0) +
                     "' AND properties ->> 'tenant_id' <> ''");
    }

    std::string whole_customers()
    {
        return database.value(
            "SELECT count(*) FROM {companies} c"
            " JOIN tenants t ON t.tenant::text = c.properties ->> 'tenant_id'"
            " JOIN contacts p ON p.tenant = c.tenant AND p.{company}_id = c.{company}_id"
            " JOIN tag_mappings m ON m.tenant = c.tenant AND m.tagged_id = c.{company}_id"
            " WHERE c.tenant = '" +
            tenant_id(0) + "' AND c.{company}_name = t.{company}_name");
    }
};

TEST_P(ApplyTest, AFewChangesAreProvenByReadingThemAgainManyByReadingAll)
{
    add_tenants(30);
    ASSERT_EQ(init().exit_code, 0);
    auto const many = parsed(apply());
    EXPECT_EQ(many.at_pointer("/proof/reach").as_string(), "full");
    EXPECT_TRUE(many.at("converged").as_bool());

    world.tenant({.n = 40, .name = "Late", .admin_email = "l@late.example"});
    database.execute(
        "UPDATE {companies} SET properties = '{\"tenant_id\": \"Tenant 7\"}'"
        " WHERE {company}_name = 'Tenant 7'");
    auto const few = parsed(apply());
    EXPECT_EQ(few.at_pointer("/proof/reach").as_string(), "touched");
    EXPECT_EQ(few.at_pointer("/proof/items").to_number<int>(), 3);  // two tenants, one company
    EXPECT_EQ(few.at_pointer("/totals/applied").to_number<int>(), 2);
    EXPECT_TRUE(few.at("converged").as_bool());
    EXPECT_EQ(few.at_pointer("/residual/counts/tracked").to_number<int>(), 31);
    EXPECT_TRUE(few.at_pointer("/residual/items").as_array().empty());
    EXPECT_EQ(whole_customers(), "31");
}

TEST_P(ApplyTest, WhatIsReadAgainIsToldWhereItIsNotInOrder)
{
    add_tenants(30);
    ASSERT_EQ(init().exit_code, 0);
    ASSERT_TRUE(parsed(apply()).at("converged").as_bool());
    world.tenant({.n = 40, .name = "Late", .admin_email = "l@late.example"});
    // Somebody removes the tag of a new customer at once.
    database.execute(
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RETURN NULL; END$$;"
        "CREATE TRIGGER spoil BEFORE INSERT ON tag_mappings"
        " FOR EACH ROW EXECUTE FUNCTION spoil()");
    auto const report = parsed(apply());
    EXPECT_EQ(report.at_pointer("/proof/reach").as_string(), "touched");
    EXPECT_FALSE(report.at("converged").as_bool());
    EXPECT_EQ(report.at_pointer("/residual/drift/untagged/found").to_number<int>(), 1);
}

TEST_P(ApplyTest, AnOrphanWhoseTenantIsBackIsNoneWhenItIsReadAgain)
{
    add_tenants(30);
    ASSERT_EQ(init().exit_code, 0);
    ASSERT_TRUE(parsed(apply()).at("converged").as_bool());
    world.company({.n = 50, .name = "Gone", .link = tenant_id(77)});
    world.tenant({.n = 40, .name = "Late", .admin_email = "l@late.example"});
    // Somebody puts it back while the run writes.
    database.execute(
        "CREATE FUNCTION put_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
        " $$BEGIN INSERT INTO public.tenants (tenant, {company}_name, email, created_at)"
        " VALUES ('" +
        tenant_id(77) +
        "', 'Gone', 'g@gone.example', '2020-01-01'); RETURN NULL; END$$;"
        "CREATE TRIGGER put_back AFTER INSERT ON {companies}"
        " FOR EACH STATEMENT EXECUTE FUNCTION put_back()");
    auto const report = parsed(apply());
    EXPECT_EQ(report.at_pointer("/drift/orphaned/found").to_number<int>(), 1);
    EXPECT_EQ(report.at_pointer("/proof/reach").as_string(), "touched");
    EXPECT_EQ(report.at_pointer("/residual/drift/orphaned/found").to_number<int>(), 0);
}

TEST_P(ApplyTest, MissingTenantsGetWholeCustomers)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    ASSERT_EQ(init().exit_code, 0);
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err << applied.out;
    EXPECT_EQ(whole_customers(), "2");
    EXPECT_TRUE(parsed(applied).at("converged").as_bool());
}

TEST_P(ApplyTest, SecondRunFindsNothingToDo)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    apply();
    auto const again = plan();
    EXPECT_EQ(found(again, "missing"), 0);
    EXPECT_EQ(again.at("items").as_array().size(), 0U);
}

TEST_P(ApplyTest, RowsOutsideTheManagementTenantStayUntouched)
{
    for (int n = 1; n <= 5; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "admin" + std::to_string(n) + "@t.example"});
    world.old_workflow({.n = 2, .name = "Tenant 2", .admin_email = "admin2@t.example"});
    init();
    auto const before = database.fingerprint_outside(world.management_tenant());
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(whole_customers(), "5");
    EXPECT_EQ(database.fingerprint_outside(world.management_tenant()), before);
}

TEST_P(ApplyTest, CustomersOfTheOldWorkflowAreAdoptedNotDoubled)
{
    TenantSeed const acme{.n = 1, .name = "Acme", .admin_email = "ada@acme.example"};
    world.tenant(acme);
    world.old_workflow(acme);
    init();
    EXPECT_EQ(found(plan(), "unstamped"), 1);
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(customers(), "1");
    EXPECT_EQ(
        database.value("SELECT properties ->> 'tenant_id' FROM {companies} WHERE {company}_id = '" +
                       company_id(1) + "'"),
        tenant_id(1));
}

TEST_P(ApplyTest, HalfMadeCustomersAreCompleted)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1, .name = "Acme", .link = tenant_id(1), .tagged = false});
    init();
    auto const before = plan();
    EXPECT_EQ(found(before, "untagged"), 1);
    EXPECT_EQ(found(before, "contact_missing"), 1);
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(whole_customers(), "1");
}

TEST_P(ApplyTest, NameOfAStrangerIsLeftToIt)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 9, .name = "Acme", .tagged = false});
    init();
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(database.value(
                  "SELECT {company}_name FROM {companies} WHERE properties ->> 'tenant_id' = '" +
                  tenant_id(1) + "'"),
              "Acme (00000000)");
    EXPECT_EQ(plan().at("items").as_array().size(), 0U);
}

// A row gets its id from what the job makes it for. It keeps the id when a person gives it to
// another company.
TEST_P(ApplyTest, ContactThatWasGivenAnotherAddressIsNotInTheWay)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    ASSERT_EQ(init().exit_code, 0);
    ASSERT_EQ(apply().exit_code, 0);
    for (int contacts = 2; contacts <= 3; ++contacts) {
        database.execute(
            "UPDATE contacts SET email = 'other-' || left(contact_name_id::text, 8) || '@x.example'"
            " WHERE email = 'ada@acme.example' AND tenant = '" +
            tenant_id(0) + "'");
        auto const report = parsed(apply());
        EXPECT_EQ(report.at_pointer("/totals/applied").to_number<int>(), 1);
        EXPECT_TRUE(report.at("converged").as_bool());
        EXPECT_EQ(count("{companies} c JOIN contacts p USING (tenant, {company}_id)"
                        " WHERE c.properties ->> 'tenant_id' = '" +
                        tenant_id(1) + "'"),
                  std::to_string(contacts));
    }
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(count("customer_reconcile.change"), "3");
}

TEST_P(ApplyTest, CompanyThatWasGivenToAnotherTenantIsNotInTheWay)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    ASSERT_EQ(init().exit_code, 0);
    ASSERT_EQ(apply().exit_code, 0);
    for (int n = 2; n <= 3; ++n) {
        world.tenant({.n = n, .name = "Heir " + std::to_string(n), .admin_email = {}});
        database.execute("UPDATE {companies} SET {company}_name = 'Heir " + std::to_string(n) +
                         "', properties = '{\"tenant_id\": \"" + tenant_id(n) +
                         "\"}' WHERE properties ->> 'tenant_id' = '" + tenant_id(1) + "'");
        database.execute("DELETE FROM contacts WHERE tenant = '" + tenant_id(0) + "'");
        auto const report = parsed(apply());
        EXPECT_EQ(report.at_pointer("/totals/applied").to_number<int>(), 1);
        EXPECT_EQ(report.at_pointer("/totals/stale").to_number<int>(), 0);
        EXPECT_EQ(customers(), std::to_string(n));
    }
}

TEST_P(ApplyTest, OrphanIsDeactivatedOnlyAfterItsGrace)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company(
        {.n = 7, .name = "Gone", .link = tenant_id(77), .contact_email = "g@gone.example"});
    init();
    auto const inactive = [&] {
        return database.value("SELECT is_inactive FROM {companies} WHERE {company}_id = '" +
                              company_id(7) + "'");
    };
    apply();
    EXPECT_EQ(inactive(), "f");
    database.execute(
        "UPDATE customer_reconcile.drift SET first_seen = now() - interval '73 hours'");
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(inactive(), "t");
    EXPECT_EQ(count("contacts WHERE email = 'g@gone.example' AND is_inactive"), "1");
    EXPECT_EQ(count("tag_mappings m JOIN tag_definitions d USING (tenant, tag_id) WHERE d.tag_text "
                    "= 'Canceled' AND m.tagged_id = '" +
                    company_id(7) + "'"),
              "1");
    EXPECT_EQ(plan().at("items").as_array().size(), 0U);
}

TEST_P(ApplyTest, OrphanWhoseTenantReturnsLosesItsSightings)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 7, .name = "Gone", .link = tenant_id(7)});
    init();
    apply();
    EXPECT_EQ(count("customer_reconcile.drift WHERE kind = 'orphaned'"), "1");
    world.tenant({.n = 7, .name = "Gone", .admin_email = "g@gone.example"});
    apply();
    EXPECT_EQ(count("customer_reconcile.drift WHERE kind = 'orphaned'"), "0");
}

TEST_P(ApplyTest, DriftOfEveryKindTellsForHowLongItHasBeenSeen)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    apply({{"CUSTOMER_RECONCILE_DRIFT_MISSING", "report"}});
    apply({{"CUSTOMER_RECONCILE_DRIFT_MISSING", "report"}});
    database.execute(
        "UPDATE customer_reconcile.drift SET first_seen = now() - interval '49 hours'");
    auto const seen = plan().at_pointer("/items/0/seen");
    EXPECT_EQ(seen.at("runs"), 2);
    EXPECT_GE(seen.at("age_seconds").as_int64(), 49 * 3600);
    EXPECT_THAT(job({"plan"}).out, HasSubstr("seen by 2 runs, for 49 h; the tenant is 30 days"));
}

TEST_P(ApplyTest, EveryReceiptStandsInTheJournal)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    apply();
    EXPECT_EQ(
        database.rows("SELECT change, outcome, tracked_tenant, before IS NULL,"
                      " after -> 'company' ->> 'name' FROM customer_reconcile.change"),
        (std::vector<std::vector<std::string>>{{"create", "applied", tenant_id(1), "t", "Acme"}}));
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "ok");
}

TEST_P(ApplyTest, CulpritFailsAloneAndTheOthersAreApplied)
{
    for (int n = 1; n <= 9; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    database.execute(
        "ALTER TABLE {companies} ADD CONSTRAINT no_five CHECK ({company}_name <> 'Tenant 5') NOT "
        "VALID");
    init();
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 4);
    EXPECT_EQ(whole_customers(), "8");
    EXPECT_EQ(database.rows("SELECT outcome, sqlstate FROM customer_reconcile.change WHERE "
                            "outcome <> 'applied'"),
              (std::vector<std::vector<std::string>>{{"failed", "23514"}}));
}

// A deferred constraint fails at COMMIT, and not before.
TEST_P(ApplyTest, CulpritThatOnlyCommitRefusesFailsAloneToo)
{
    add_tenants(5);
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '23514'; END$$;"
        "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON {companies}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " WHEN (NEW.{company}_name = 'Tenant 3') EXECUTE FUNCTION refuse()");
    init();
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 4) << applied.err;
    EXPECT_EQ(whole_customers(), "4");
    EXPECT_EQ(database.rows("SELECT tracked_tenant, sqlstate FROM customer_reconcile.change"
                            " WHERE outcome = 'failed'"),
              (std::vector<std::vector<std::string>>{{tenant_id(3), "23514"}}));
}

TEST_P(ApplyTest, DryRunWritesNothing)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    auto const everything = [&] { return database.fingerprint_outside(tenant_id(99)); };
    auto const before = everything();
    auto const ended = job({"apply", "--yes", "--dry-run", "--format=json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(found(parsed(ended), "missing"), 1);
    EXPECT_EQ(everything(), before);
}

TEST_P(ApplyTest, TrackingSwitchedOffOnlyReports)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    EXPECT_EQ(apply({{"ENABLE_CUSTOMER_TRACKING", "false"}}).exit_code, 0);
    EXPECT_EQ(customers(), "0");
}

TEST_P(ApplyTest, WorksThroughAPoolerInTransactionMode)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    std::map<std::string, std::string> const pooled{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_through_pooler()}};
    EXPECT_EQ(job({"init", "--yes"}, pooled).exit_code, 0);
    auto const applied = apply(pooled);
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(whole_customers(), "1");
}

TEST_P(ApplyTest, TenantsAndCustomersMayLiveInTwoDatabases)
{
    TestDatabase tenants{GetParam()};
    World{tenants}.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    std::map<std::string, std::string> const two{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", tenants.dsn()},
        {"CUSTOMER_RECONCILE_MANAGEMENT_DSN", database.dsn()}};
    ASSERT_EQ(job({"init", "--yes"}, two).exit_code, 0);
    auto const before = tenants.fingerprint_outside(tenant_id(99));
    EXPECT_EQ(apply(two).exit_code, 0);
    EXPECT_EQ(customers(), "1");
    EXPECT_EQ(tenants.fingerprint_outside(tenant_id(99)), before);
}

TEST_P(ApplyTest, UniqueConstraintsMayBeAbsent)
{
    database.execute_file("citus_like.sql");
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(whole_customers(), "1");
}

TEST_P(ApplyTest, RefusesWithoutTheJournal)
{
    auto const ended = apply();
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, HasSubstr("customer-reconcile init"));
}

TEST_P(ApplyTest, AsksForYesWithoutATerminal)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    auto const ended = job({"apply"});
    EXPECT_EQ(ended.exit_code, 64);
    EXPECT_THAT(ended.err, HasSubstr("--yes"));
    EXPECT_EQ(customers(), "0");
}

TEST_P(ApplyTest, SignalEndsTheRunAfterItsBatchAndTheNextOneFinishes)
{
    add_tenants(60);
    init();
    slow_down_batches();
    auto const ended = run_job({"apply", "--yes", "--format=json", "--batch-size=1"},
                               {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}},
                               [&] { return customers() != "0"; });
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    EXPECT_EQ(count("customer_reconcile.change"), customers());
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "interrupted");
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(whole_customers(), "60");
}

TEST_P(ApplyTest, DeadlineEndsTheRunWithAReport)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    auto const ended = job({"apply", "--yes", "--format=json", "--deadline=1ms"});
    EXPECT_EQ(ended.exit_code, 6);
    EXPECT_EQ(outcome(parsed(ended)), "interrupted");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(ApplyTest, KilledRunsLeaveWholeCustomersAndTheNextOneFinishes)
{
    add_tenants(60);
    init();
    slow_down_batches();
    for (int kill = 1; kill <= 5; ++kill) {
        auto const before = customers();
        auto const ended = run_job(
            {"apply", "--yes", "--batch-size=2"},
            {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}},
            [&] { return customers() != before; }, SIGKILL);
        EXPECT_EQ(ended.exit_code, -SIGKILL);
        EXPECT_EQ(whole_customers(), customers());
        EXPECT_EQ(apply().exit_code, 75) << "the lease of a killed run lasts until it expires";
        database.execute("UPDATE customer_reconcile.lease SET expires_at = now() - interval '1 s'");
    }
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(whole_customers(), "60");
    EXPECT_EQ(count("customer_reconcile.change WHERE outcome = 'applied'"), "60");
}

TEST_P(ApplyTest, RunWhoseLeaseWasTakenOverWritesNothingMore)
{
    add_tenants(60);
    init();
    slow_down_batches();
    std::string at_take_over;
    auto const take_over = [&] {
        if (customers() == "0")
            return false;
        database.execute("UPDATE customer_reconcile.lease SET run_id = '" + tenant_id(42) + "'");
        at_take_over = customers();
        return true;
    };
    auto const ended = run_job({"apply", "--yes", "--format=json", "--batch-size=1"},
                               {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}, take_over, 0);
    EXPECT_EQ(ended.exit_code, 75) << ended.err;
    EXPECT_EQ(customers(), at_take_over);
    EXPECT_EQ(count("customer_reconcile.change"), at_take_over);
    EXPECT_EQ(count("customer_reconcile.lease"), "1");
}

TEST_BOTH_GENERATIONS(ApplyTest);

}  // namespace

}  // namespace tracking::testing
