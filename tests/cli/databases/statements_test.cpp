// The statements that the server saw keep the rules for Citus and PgBouncer.

#include "tests/cli/databases/statements_test.hpp"
#include "tests/support/servers/proxy.hpp"

#include <filesystem>

namespace tracking::testing {

namespace {

TEST_P(StatementsTest, OfTheNightlyRunKeepTheRulesForCitusAndPoolers)
{
    seed();
    expect_rules_kept({"init", "--yes"}, {"CREATE TABLE customer_reconcile.run_end"});
    expect_rules_kept({"plan"}, {"DECLARE tenants_in_order", "DECLARE customers_in_order"});
    expect_rules_kept({"explain", "Orphan"}, {"FROM customer_reconcile.change c"});
    expect_rules_kept({"doctor"}, {"pg_catalog.pg_index"});
    expect_rules_kept({"plan", "--rehearse"},
                      {"INSERT INTO public.contacts", "SET CONSTRAINTS ALL IMMEDIATE"});
    expect_rules_kept(
        {"apply", "--yes"},
        {"INSERT INTO public.tag_mappings", "INSERT INTO public.contacts",
         "INSERT INTO public.{companies}", "INSERT INTO customer_reconcile.change",
         "FOR NO KEY UPDATE", "customer_reconcile.lease", "customer_reconcile.drift"});
    EXPECT_EQ(database.value("SELECT string_agg(DISTINCT change, ' ' ORDER BY change)"
                             " FROM customer_reconcile.change WHERE outcome = 'applied'"),
              "adopt clean_up create reactivate rename repair_contact repair_tag");
}

TEST_P(StatementsTest, OfASchemaAsCitusHasItKeepTheRules)
{
    database.execute_file("citus_like.sql");
    seed();
    init_with_all_rights();
    expect_rules_kept({"apply", "--yes", "--notify-url-file=/nowhere"},
                      {"want.email <> ALL", "want.company <> ALL", "NOT IN ('declined', 'stale')"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"DELETE FROM public.{companies}"});
}

TEST_P(StatementsTest, OfAPersonWhoIsForgottenKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    database.execute("UPDATE customer_reconcile.run_start SET executed_by = 'a1@t.example'");
    expect_rules_kept({"forget", "a1@t.example", "--reason=asked", "--yes"},
                      {"UPDATE customer_reconcile.change", "UPDATE customer_reconcile.run_start",
                       "DELETE FROM customer_reconcile.contact"},
                      {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
}

TEST_P(StatementsTest, OfASavedPlanKeepTheRules)
{
    seed();
    ASSERT_EQ(init().exit_code, 0);
    auto const file = std::filesystem::temp_directory_path() / (database.name() + "-plan.json");
    expect_rules_kept({"plan", "--out", file}, {"min(c.{company}_id::text)"});
    expect_rules_kept({"apply", file, "--yes"}, {"lower(btrim(p.email)"});
    std::filesystem::remove(file);
}

TEST_P(StatementsTest, OfTheProofOfAFewChangesKeepTheRules)
{
    seed();
    ASSERT_EQ(init().exit_code, 0);
    fill_other_tenants();
    ASSERT_EQ(watched({"apply", "--yes", "--guard-create-ratio=100%"}).exit_code, 0);
    world.tenant({.n = 11, .name = "Late", .admin_email = "a11@t.example"});
    world.tenant({.n = 12, .name = " "});  // gets no customer, and is looked for by its link
    expect_rules_kept(
        {"apply", "--yes"},
        {"AND {company}_id = ANY ($2", "AND properties ->> 'tenant_id' = ANY ($2",
         "m.tagged_id = ANY ($2", "p.{company}_id = ANY ($2", "AND t.tenant = ANY ($2"});
}

TEST_P(StatementsTest, ThatAskWhoHasTakenANameMeanwhileKeepTheRules)
{
    seed();
    ASSERT_EQ(init().exit_code, 0);
    database.execute(
        "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;"
        "CREATE TRIGGER skip BEFORE INSERT ON {companies}"
        " FOR EACH ROW WHEN (NEW.{company}_name = 'Missing') EXECUTE FUNCTION skip()");
    StatementLog const log{database.name()};
    watched({"apply", "--yes"});
    auto const seen = log.read();
    EXPECT_EQ(count(seen, database.in_generation("c.{company}_name = ANY ($2")), 1);
    expect_rules_kept(seen);
}

TEST_P(StatementsTest, ThatAskAboutALostAnswerKeepTheRules)
{
    ASSERT_EQ(init().exit_code, 0);
    Proxy proxy{database.dsn()};
    auto const lose_answer = [&](int commit, std::string const& asks) {
        world.tenant({.n = commit,
                      .name = "Tenant " + std::to_string(commit),
                      .admin_email = "a" + std::to_string(commit) + "@t.example"});
        proxy.harm_commit(commit, Mischief::LoseAnswer);
        expect_rules_kept({"apply", "--yes"}, {asks},
                          {{"CUSTOMER_RECONCILE_SOURCE_DSN", proxy.dsn()}});
    };
    lose_answer(3, "c.after -> 'rows'");             // of the batch
    lose_answer(6, "customer_reconcile.run_end e");  // of the end
}

TEST_P(StatementsTest, OfTheJournalsCommandsKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    expect_rules_kept({"history"}, {"FROM customer_reconcile.run_start r"});
    expect_rules_kept({"show", latest_run()}, {"starts_with(r.run_id"});
    database.execute(
        "UPDATE customer_reconcile.run_start SET started_at = now() - interval '500 days';"
        "UPDATE customer_reconcile.run_end SET tenants_read = NULL");
    expect_rules_kept({"init", "--prune"}, {"DELETE FROM customer_reconcile.change",
                                            "DELETE FROM customer_reconcile.run_start"});
}

TEST_P(StatementsTest, OfAPersonsDecisionKeepTheRules)
{
    seed();
    init_with_all_rights();
    expect_rules_kept({"link", "No admin", "Unlinked", "--reason=x", "--yes"},
                      {"lower(c.properties ->> 'tenant_id'::text)", "UPDATE public.{companies}"});
    expect_rules_kept({"undo", latest_run()}, {"AND r.undoes = $2"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"UPDATE public.{companies}"});
}

TEST_P(StatementsTest, OfAnUndoAndOfItsUndoKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    expect_rules_kept({"undo", latest_run()}, {"FROM customer_reconcile.change c"});
    expect_rules_kept(
        {"undo", latest_run(), "--yes"},
        {"DELETE FROM public.{companies}", "DELETE FROM public.contacts",
         "DELETE FROM public.tag_mappings", "DELETE FROM public.tag_definitions",
         "r.contact_id = ANY ($2", "UPDATE public.{companies}", "UPDATE public.contacts"});
    expect_rules_kept({"undo", latest_run(), "--yes"},
                      {"INSERT INTO public.{companies}", "INSERT INTO public.contacts",
                       "INSERT INTO public.tag_mappings", "INSERT INTO public.tag_definitions"});
}

TEST_P(StatementsTest, OfEachCleanUpAndItsUndoKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    database.execute(
        "SET session_replication_role = replica; DELETE FROM tenants WHERE {company}_name ="
        " 'Missing'; RESET session_replication_role");
    auto const apply = [](std::string const& mode) {
        return Words{"apply", "--yes", "--drift-missing=report", "--cleanup-mode=" + mode};
    };
    expect_rules_kept(apply("untag"), {"DELETE FROM public.tag_mappings"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"jsonb_populate_recordset"});
    expect_rules_kept({"plan", "--drift-missing=report", "--cleanup-mode=delete"},
                      {"FROM public.invoices r", "pg_catalog.pg_constraint"});
    expect_rules_kept(apply("delete"),
                      {"FOR UPDATE", "DELETE FROM public.{companies}",
                       "DELETE FROM public.contacts", "DELETE FROM public.tag_mappings"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"jsonb_populate_recordset"});
}

TEST_P(StatementsTest, ManyTenantsAreReadInASecondSessionWhereTheRoleMayHaveOne)
{
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email, created_at)"
        " SELECT md5('many ' || n)::uuid, 'Many ' || n, n || '@many.example', now() - interval '9 "
        "d'"
        " FROM generate_series(1, 6000) n; ANALYZE tenants");
    ASSERT_EQ(init().exit_code, 0);
    for (auto const* limit : {"-1", "1"}) {
        database.execute("ALTER ROLE " + roles().reader() + " CONNECTION LIMIT " + limit);
        StatementLog const log{database.name()};
        auto const planned = watched({"plan", "--format=json", "--guard-create-ratio=100%"});
        ASSERT_EQ(planned.exit_code, 0) << planned.err;
        EXPECT_EQ(found(parsed(planned), "missing"), 6000);
        auto const seen = log.read();
        auto const is_alone = std::string{limit} == "1";
        EXPECT_EQ(count(seen, "SET TRANSACTION SNAPSHOT"), is_alone ? 0 : 1);
        // The two streams, and the names of companies without a link.
        EXPECT_EQ(count(seen, "COPY ("), is_alone ? 1 : 3);
        EXPECT_EQ(count(seen, "DECLARE "), is_alone ? 2 : 0);
        // That of the statement, and that of the query in it, which the rules are about.
        EXPECT_EQ(std::ranges::count_if(
                      seen, [](auto& one) { return !one.trees.empty() && says(one, "COPY ("); }),
                  is_alone ? 2 : 6);
        expect_rules_kept(seen);
    }
}

// An exported snapshot holds on the coordinator only: 4 of 6 plans beside a writer had false
// `missing`.
TEST_P(StatementsTest, OnCitusBothSidesAreReadInOneSession)
{
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email)"
        " SELECT md5('many ' || n)::uuid, 'Many ' || n, n || '@many.example'"
        " FROM generate_series(1, 6000) n; ANALYZE tenants");
    database.execute_file("citus_stand_in.sql");
    StatementLog const log{database.name()};
    EXPECT_EQ(watched({"plan", "--guard-create-ratio=100%"}).exit_code, 0);
    EXPECT_EQ(count(log.read(), "SNAPSHOT"), 0);
}

/// Beside the 75 tables of the platform that refer to companies and contacts.
TEST_P(StatementsTest, OfAnUndoAskEachReferringTableOnceABatchAndNotOnceAnItem)
{
    database.execute_file("referrers.sql");
    constexpr int kItems = 12;
    for (int n = 1; n <= kItems; ++n) {
        auto const number = std::to_string(n);
        world.tenant({.n = n, .name = "T " + number, .admin_email = "a" + number + "@t.example"});
        world.company({.n = n, .name = "T " + number, .link = tenant_id(n)});
    }
    init_with_all_rights();
    ASSERT_EQ(job({"apply", "--yes"}).exit_code, 0);
    ASSERT_EQ(JobTest::count("customer_reconcile.change WHERE change = 'repair_contact'"), "12");

    StatementLog const log{database.name()};
    auto const undone = watched({"undo", latest_run(), "--yes"}, "-c log_statement=all");

    EXPECT_EQ(undone.exit_code, 0) << undone.err << undone.out;
    EXPECT_EQ(JobTest::count("contacts WHERE tenant = '" + tenant_id(0) + "' AND email LIKE 'a%'"),
              "0");
    auto const seen = log.read();
    for (std::string const table : {"contact_referrer_1 ", "contact_referrer_45 "})
        EXPECT_EQ(std::ranges::count_if(seen, [&](auto& one) { return says(one, table); }), 1);
}

TEST_BOTH_GENERATIONS(StatementsTest);

}  // namespace

}  // namespace tracking::testing
