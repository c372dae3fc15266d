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
    Ended watched(std::vector<std::string> const& arguments)
    {
        return job(arguments, {{"PGOPTIONS", StatementLog::kShowStatements},
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

TEST_P(StatementsTest, OfEveryCommandKeepTheRulesForCitusAndPoolers)
{
    seed();
    ASSERT_EQ(init().exit_code, 0);
    StatementLog const log{database.name()};
    auto const applied = watched({"apply", "--yes", "--format=json"});
    ASSERT_EQ(applied.exit_code, 0) << applied.err << applied.out;
    for (auto const* kind :
         {"create", "adopt", "repair_tag", "repair_contact", "rename", "reactivate", "clean_up"})
        EXPECT_GE(parsed(applied)
                      .at_pointer(std::string{"/changes/"} + kind + "/applied")
                      .to_number<int>(),
                  1)
            << kind;
    watched({"plan"});
    watched({"explain", "Well"});
    watched({"doctor"});

    auto const seen = log.read();
    for (auto const* text :
         {"INSERT INTO tag_mappings", "INSERT INTO contacts", "DECLARE tenants_in_order",
          "DECLARE customers_in_order", "INSERT INTO customer_reconcile.change",
          "FOR NO KEY UPDATE", "customer_reconcile.lease"})
        EXPECT_GE(count(seen, text), 1) << text << " was not seen";
    expect_rules_kept(seen);
}

TEST_P(StatementsTest, OfCommandsThatOnlyReadRunInReadOnlyTransactions)
{
    seed();
    ASSERT_EQ(init().exit_code, 0);
    for (std::vector<std::string> const& command : {std::vector<std::string>{"plan"},
                                                    {"explain", "Well"},
                                                    {"doctor"},
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
    ASSERT_EQ(init().exit_code, 0);
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
    StatementLog const log{database.name()};
    auto const applied = job({"apply", "--yes", "--format=json", "--exclude=" + tenant_id(1)},
                             {{"PGOPTIONS", StatementLog::kShowPlans},
                              {"CUSTOMER_RECONCILE_POLICY", "sync"},
                              {"CUSTOMER_RECONCILE_DRIFT_MISSING", "report"}});
    ASSERT_EQ(applied.exit_code, 0) << applied.err << applied.out;

    auto const plans = log.plans();
    EXPECT_GE(plans.size(), 10U);
    for (auto const& plan : plans) {
        for (auto const* table : {"{companies}", "contacts", "tag_mappings"}) {
            auto const scan = "Seq Scan on " + database.in_generation(table);
            EXPECT_EQ(plan.find(scan), std::string::npos) << plan;
        }
    }
}

/// What the rules say of statements that break them, and of good ones.
struct Example
{
    char const* sql;
    char const* violation;  // empty: none
};

std::vector<Example> const kExamples{
    {"SELECT {company}_id FROM {companies} WHERE {company}_name = 'x'",
     "is not filtered by tenant"},
    {"SELECT {company}_id FROM {companies} WHERE tenant = ANY ('{}'::uuid[])", ""},
    {"SELECT 1 FROM {companies} c JOIN contacts p ON p.{company}_id = c.{company}_id"
     " WHERE c.tenant = gen_random_uuid() AND p.email = 'x'",
     "contacts is not filtered by tenant"},
    {"SELECT 1 FROM {companies} c JOIN contacts p ON p.{company}_id = c.{company}_id"
     " AND p.tenant = c.tenant WHERE c.tenant = gen_random_uuid()",
     ""},
    {"SELECT 1 FROM {companies} c, contacts p WHERE c.tenant = "
     "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"
     " AND p.tenant = 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
     "joined without equality of tenant"},
    {"SELECT 1 FROM users u JOIN roles r ON r.role_name = u.username",
     "joined without equality of tenant"},
    {"SELECT 1 FROM users u JOIN roles r ON r.tenant = u.tenant", ""},
    {"SELECT 1 FROM tenants t LEFT JOIN (SELECT u.tenant FROM users u JOIN user_roles ur"
     " ON ur.tenant = u.tenant) a ON a.tenant = t.tenant",
     ""},
    {"SELECT 1 FROM tenants t LEFT JOIN (SELECT u.tenant AS x, u.user_id FROM users u) a"
     " ON a.user_id = t.tenant",
     "joined without equality of tenant"},
    {"SELECT 1 FROM tenants t JOIN {companies} c ON c.tenant = t.tenant"
     " WHERE t.tenant = gen_random_uuid()",
     "tenants together with companies"},
    {"SELECT 1 FROM {companies} c WHERE c.tenant = gen_random_uuid() AND NOT EXISTS"
     " (SELECT FROM contacts p WHERE p.{company}_id = c.{company}_id)",
     "contacts is not filtered by tenant"},
    {"SELECT 1 FROM {companies} c WHERE c.tenant = gen_random_uuid() OR c.{company}_name = 'x'",
     "is not filtered by tenant"},
    {"SELECT 1 FROM tenants t, LATERAL (SELECT 1 FROM users u WHERE u.tenant = t.tenant) x",
     "LATERAL"},
    {"MERGE INTO {companies} c USING (SELECT 1) s ON c.tenant = gen_random_uuid()"
     " WHEN MATCHED THEN DELETE",
     "MERGE"},
    {"UPDATE {companies} c SET notes = random()::text WHERE c.tenant = gen_random_uuid()",
     "a volatile function in UPDATE"},
    {"UPDATE {companies} c SET notes = now()::text"
     " WHERE c.tenant = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
     ""},
    {"INSERT INTO customer_reconcile.lease AS l (tenant, run_id, host, expires_at)"
     " VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', gen_random_uuid(), 'h', now())"
     " ON CONFLICT (tenant) DO UPDATE SET host = upper(l.host)",
     "a function in ON CONFLICT DO UPDATE"},
    {"SELECT 1 FROM tenants t FOR UPDATE", "FOR UPDATE over several tenants"},
    {"SELECT 1 FROM {companies} c WHERE c.tenant = ANY ('{}'::uuid[]) FOR UPDATE",
     "FOR UPDATE over several tenants"},
    {"SELECT 1 FROM {companies} c WHERE c.tenant = gen_random_uuid() FOR UPDATE", ""},
    {"INSERT INTO tag_definitions (tenant, tag_text, tagged_type)"
     " SELECT u.user_id, 'x', 'y' FROM users u WHERE u.tenant = gen_random_uuid()",
     "gets a tenant from somewhere else"},
    {"SET statement_timeout = 0", "SET without LOCAL"},
    {"SET LOCAL statement_timeout = 0", ""},
    {"SELECT set_config('lock_timeout', '1s', false)", "set_config for the session"},
    {"PREPARE x AS SELECT 1", "PREPARE"},
    {"LISTEN x", "LISTEN"},
    {"CREATE TEMPORARY TABLE x ()", "a temporary table"},
    {"SELECT pg_advisory_lock(1)", "an advisory lock of the session"},
    {"DECLARE x CURSOR WITH HOLD FOR SELECT 1", "a cursor WITH HOLD"},
    {"DECLARE x CURSOR FOR SELECT 1 FROM {companies}", "is not filtered by tenant"},
};

TEST_P(StatementsTest, ThatBreakTheRulesAreFound)
{
    ASSERT_EQ(init().exit_code, 0);
    StatementRules const rules{database};
    for (auto const& [sql, violation] : kExamples) {
        StatementLog const log{database.name()};
        database.execute(
            "BEGIN; SET LOCAL debug_print_parse = on;"
            "SET LOCAL debug_pretty_print = off; " +
            std::string{sql} + "; ROLLBACK");
        std::vector<std::string> found;
        for (auto const& statement : log.read()) {
            for (auto const& one : rules.violations(statement))
                found.push_back(one);
        }
        if (std::string{violation}.empty())
            EXPECT_THAT(found, IsEmpty()) << sql;
        else
            EXPECT_THAT(found, Contains(HasSubstr(violation))) << sql;
    }
}

TEST_BOTH_GENERATIONS(StatementsTest);

}  // namespace

}  // namespace tracking::testing
