// What the job sends, as the server saw it, against DESIGN's rules for Citus and PgBouncer.

#include "tests/cli/job_test.hpp"
#include "tests/support/statement_rules.hpp"

#include <algorithm>

namespace tracking::testing {

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StatementsTest : public JobTest
{
protected:
    using Words = std::vector<std::string>;

    /// The login of the writer may remove and undo, too.
    void init_with_all_rights()
    {
        ASSERT_EQ(init().exit_code, 0);
        database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                         roles().reader() + ", " + roles().writer());
    }

    Ended watched(Words const& arguments, char const* shown = StatementLog::kShowStatements)
    {
        return job(arguments, {{"PGOPTIONS", shown},
                               {"CUSTOMER_RECONCILE_DRIFT_RENAMED", "apply"},
                               {"CUSTOMER_RECONCILE_DRIFT_INACTIVE", "apply"},
                               {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"},
                               {"CUSTOMER_RECONCILE_GRACE_TIME", "0s"}});
    }

    /// One of each kind of drift, and tenants in order.
    void seed()
    {
        auto const tenant = [&](int n, std::string name) {
            TenantSeed const made{.n = n,
                                  .name = std::move(name),
                                  .admin_email = "a" + std::to_string(n) + "@t.example"};
            world.tenant(made);
            return made;
        };
        auto const customer = [&](TenantSeed const& of, CompanySeed made) {
            made.n = of.n;
            if (made.name.empty())
                made.name = of.name;
            made.link = tenant_id(of.n);
            world.company(made);
        };
        tenant(1, "Missing");
        world.old_workflow(tenant(2, "Unstamped"));
        customer(tenant(3, "Untagged"),
                 {.n = 0, .name = "", .tagged = false, .contact_email = "a3@t.example"});
        customer(tenant(4, "Alone"), {.n = 0, .name = ""});
        customer(tenant(5, "Renamed"), {.n = 0, .name = "Former", .contact_email = "a5@t.example"});
        customer(tenant(6, "Inactive"),
                 {.n = 0, .name = "", .inactive = true, .contact_email = "a6@t.example"});
        world.company(
            {.n = 7, .name = "Orphan", .link = tenant_id(99), .contact_email = "o@o.example"});
        world.company({.n = 8, .name = "Unlinked", .link = "Nobody"});
        customer(tenant(9, "Well"), {.n = 0, .name = "", .contact_email = "a9@t.example"});
        world.tenant({.n = 10, .name = "No admin"});
    }

    void expect_rules_kept(std::vector<SeenStatement> const& statements)
    {
        StatementRules const rules{database};
        for (auto const& statement : statements)
            EXPECT_THAT(rules.violations(statement), IsEmpty()) << statement.text;
    }

    /// The command ends well and sends these, and all that it sends keeps the rules.
    void expect_rules_kept(Words const& command, Words const& sends)
    {
        StatementLog const log{database.name()};
        auto const ended = watched(command);
        EXPECT_EQ(ended.exit_code, 0) << command.front() << ended.err << ended.out;
        auto const seen = log.read();
        for (auto const& text : sends)
            EXPECT_GE(count(seen, database.in_generation(text)), 1)
                << command.front() << " did not send " << text;
        expect_rules_kept(seen);
    }

    void fill_other_tenants()
    {
        // Other tenants' own companies, contacts and tags: by far the most of what there is.
        database.execute(R"sql(
            INSERT INTO tenants (tenant, {company}_name, email)
            SELECT md5('other ' || n)::uuid, 'Other ' || n, n || '@other.example'
              FROM generate_series(1, 200) n;
            INSERT INTO tag_definitions (tenant, tag_text, tagged_type)
            SELECT md5('other ' || n)::uuid, 'Mine', '{company}' FROM generate_series(1, 200) n;
            SET session_replication_role = replica;
            INSERT INTO {companies} (tenant, {company}_name)
            SELECT md5('other ' || n)::uuid, 'Company ' || i
              FROM generate_series(1, 200) n, generate_series(1, 100) i;
            INSERT INTO contacts (tenant, {company}_id, full_name, email)
            SELECT c.tenant, c.{company}_id, 'Somebody', c.{company}_id || '@other.example'
              FROM {companies} c WHERE c.{company}_name LIKE 'Company %';
            INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type)
            SELECT c.tenant, d.tag_id, c.{company}_id, '{company}'
              FROM {companies} c JOIN tag_definitions d ON d.tenant = c.tenant
             WHERE c.{company}_name LIKE 'Company %';
            RESET session_replication_role;
            ANALYZE)sql");
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    /// Another tenant than the job has stamped; it takes one that is not there for gone.
    void link(std::string const& company, std::string const& tenant)
    {
        database.execute("UPDATE {companies} SET properties = properties || '{\"tenant_id\": \"" +
                         tenant + "\"}' WHERE {company}_name = '" + company + "' AND tenant = '" +
                         tenant_id(0) + "'");
    }

    static bool says(SeenStatement const& statement, std::string const& text)
    {
        return statement.text.find(text) != std::string::npos;
    }

    /// Each comes twice: when it is executed, and with its tree.
    static std::ptrdiff_t count(std::vector<SeenStatement> const& statements,
                                std::string const& text)
    {
        return std::ranges::count_if(
            statements, [&](auto const& one) { return one.trees.empty() && says(one, text); });
    }

    using JobTest::count;
};

TEST_P(StatementsTest, OfTheNightlyRunKeepTheRulesForCitusAndPoolers)
{
    seed();
    expect_rules_kept({"init"}, {"CREATE TABLE customer_reconcile.run"});
    expect_rules_kept({"plan"}, {"DECLARE tenants_in_order", "DECLARE customers_in_order"});
    expect_rules_kept({"explain", "Orphan"}, {"FROM customer_reconcile.change c"});
    expect_rules_kept({"doctor"}, {"pg_catalog.pg_index"});
    expect_rules_kept({"plan", "--rehearse"},
                      {"INSERT INTO contacts", "SET CONSTRAINTS ALL IMMEDIATE"});
    expect_rules_kept(
        {"apply", "--yes"},
        {"INSERT INTO tag_mappings", "INSERT INTO contacts", "INSERT INTO {companies}",
         "INSERT INTO customer_reconcile.change", "FOR NO KEY UPDATE", "customer_reconcile.lease",
         "customer_reconcile.drift"});
    EXPECT_EQ(database.value("SELECT string_agg(DISTINCT change, ' ' ORDER BY change)"
                             " FROM customer_reconcile.change WHERE outcome = 'applied'"),
              "adopt clean_up create reactivate rename repair_contact repair_tag");
}

TEST_P(StatementsTest, OfTheJournalsCommandsKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    expect_rules_kept({"history"}, {"FROM customer_reconcile.run r"});
    expect_rules_kept({"show", latest_run()}, {"starts_with(r.run_id"});
    database.execute(
        "UPDATE customer_reconcile.run SET started_at = now() - interval '500 days',"
        " outcome = 'partial'");
    expect_rules_kept({"init", "--prune"}, {"DELETE FROM customer_reconcile.change",
                                            "DELETE FROM customer_reconcile.run"});
}

TEST_P(StatementsTest, OfAPersonsDecisionKeepTheRules)
{
    seed();
    init_with_all_rights();
    expect_rules_kept({"link", "No admin", "Unlinked", "--reason=x", "--yes"},
                      {"lower(c.properties ->> 'tenant_id')", "UPDATE {companies}"});
    expect_rules_kept({"undo", latest_run()}, {"AND r.undoes = $2"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"UPDATE {companies}"});
}

TEST_P(StatementsTest, OfAnUndoAndOfItsUndoKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    expect_rules_kept({"undo", latest_run()}, {"FROM customer_reconcile.change c"});
    expect_rules_kept(
        {"undo", latest_run(), "--yes"},
        {"DELETE FROM {companies}", "DELETE FROM contacts", "DELETE FROM tag_mappings",
         "DELETE FROM tag_definitions", "r.contact_id = p.contact_name_id", "UPDATE {companies}",
         "UPDATE contacts"});
    expect_rules_kept({"undo", latest_run(), "--yes"},
                      {"INSERT INTO {companies}", "INSERT INTO contacts",
                       "INSERT INTO tag_mappings", "INSERT INTO tag_definitions"});
}

TEST_P(StatementsTest, OfEachCleanUpAndItsUndoKeepTheRules)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    link("Missing", tenant_id(77));
    auto const apply = [](std::string const& mode) {
        return Words{"apply", "--yes", "--drift-missing=report", "--cleanup-mode=" + mode};
    };
    expect_rules_kept(apply("untag"), {"DELETE FROM tag_mappings"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"jsonb_populate_recordset"});
    expect_rules_kept({"plan", "--drift-missing=report", "--cleanup-mode=delete"},
                      {"FROM invoices r", "pg_catalog.pg_constraint"});
    expect_rules_kept(apply("delete"), {"FOR UPDATE", "DELETE FROM {companies}",
                                        "DELETE FROM contacts", "DELETE FROM tag_mappings"});
    expect_rules_kept({"undo", latest_run(), "--yes"}, {"jsonb_populate_recordset"});
}

TEST_P(StatementsTest, OfCommandsThatOnlyReadRunInReadOnlyTransactions)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    auto const run = latest_run();
    link("Missing", tenant_id(77));
    for (Words const& command : {Words{"plan"},
                                 {"plan", "--cleanup-mode=delete"},
                                 {"explain", "Well"},
                                 {"doctor"},
                                 {"history"},
                                 {"show", run},
                                 {"undo", run},
                                 {"undo", run, "--yes", "--dry-run"},
                                 {"link", "No admin", "Unlinked", "--reason=x", "--dry-run"},
                                 {"init", "--print"},
                                 {"apply", "--dry-run"}}) {
        StatementLog const log{database.name()};
        watched(command);
        auto const seen = log.read();
        std::size_t transactions = 0;
        for (auto const& statement : seen) {
            auto text = statement.text;
            std::ranges::transform(text, text.begin(), [](char c) { return std::toupper(c); });
            if (!text.starts_with("BEGIN") || !statement.trees.empty())
                continue;  // each comes a second time, with its tree
            ++transactions;
            EXPECT_THAT(text, HasSubstr("READ ONLY")) << command.front();
        }
        EXPECT_GE(transactions, 1U) << command.front();
    }
}

TEST_P(StatementsTest, ReadTheManagementTenantsCompaniesByOneStatement)
{
    seed();
    StatementLog const log{database.name()};
    ASSERT_EQ(watched({"plan"}).exit_code, 0);
    EXPECT_EQ(count(log.read(), "DECLARE customers_in_order"), 1);
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
        EXPECT_EQ(count(seen, "SET TRANSACTION SNAPSHOT"), std::string{limit} == "1" ? 0 : 1);
        expect_rules_kept(seen);
    }
}

TEST_P(StatementsTest, DoNotPassOverWhatBelongsToOtherTenants)
{
    seed();
    init_with_all_rights();
    fill_other_tenants();
    StatementLog const log{database.name()};
    auto const run = [&](Words const& command) {
        auto const ended = watched(command, StatementLog::kShowPlans);
        EXPECT_EQ(ended.exit_code, 0) << command.front() << ended.err << ended.out;
        return latest_run();
    };
    run({"link", "No admin", "Unlinked", "--reason=x", "--yes"});
    auto const applied = run({"apply", "--yes", "--guard-create-ratio=100%"});
    link("Missing", tenant_id(77));
    auto const deleted = run({"apply", "--yes", "--drift-missing=report", "--cleanup-mode=delete"});
    run({"undo", deleted, "--yes"});
    link("Missing", tenant_id(1));
    run({"undo", applied, "--yes", "--guard-cleanup-ratio=100%"});
    run({"explain", "Orphan"});

    auto const plans = log.plans();
    for (auto const* text : {"lower(c.properties", "INSERT INTO {companies}", "UPDATE {companies}",
                             "DELETE FROM {companies}", "INSERT INTO contacts",
                             "DELETE FROM contacts", "DELETE FROM tag_mappings"})
        EXPECT_THAT(plans, Contains(HasSubstr(database.in_generation(text))));
    for (auto const& plan : plans) {
        for (auto const* table : {"{companies}", "contacts", "tag_mappings"}) {
            auto const scan = "Seq Scan on " + database.in_generation(table);
            EXPECT_EQ(plan.find(scan), std::string::npos) << plan;
        }
    }
}

TEST_BOTH_GENERATIONS(StatementsTest);

}  // namespace

}  // namespace tracking::testing
