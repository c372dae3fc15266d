// That the rules by which the job's statements are judged find what breaks them.

#include "tests/support/statements/statement_rules.hpp"
#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StatementRulesTest : public JobTest
{};

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
    {"SELECT 1 FROM contacts p WHERE p.tenant = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' AND NOT "
     "EXISTS"
     " (SELECT FROM users u WHERE u.tenant = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"
     " AND u.email = p.email)",
     ""},
    {"SELECT 1 FROM contacts p WHERE p.tenant = ANY ('{}'::uuid[]) AND NOT EXISTS"
     " (SELECT FROM users u WHERE u.tenant = p.tenant AND u.email = p.email)",
     "tenants together with companies"},
    {"INSERT INTO contacts SELECT one.* FROM jsonb_populate_recordset(NULL::contacts, '[]') one"
     " WHERE one.tenant = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
     ""},
    {"INSERT INTO contacts SELECT one.* FROM jsonb_populate_recordset(NULL::contacts, '[]') one",
     "contacts gets a tenant from somewhere else"},
    {"SET CONSTRAINTS ALL IMMEDIATE", ""},
    {"SET statement_timeout = 0", "SET without LOCAL"},
    {"SET LOCAL statement_timeout = 0", ""},
    {"SET LOCAL citus.propagate_set_commands = 'local'", ""},
    {"SET LOCAL lock_timeout = 0; SET LOCAL citus.propagate_set_commands = 'local'", ""},
    {"SET LOCAL search_path = pg_catalog; SET LOCAL citus.propagate_set_commands = 'local'",
     "a worker is sent what is the coordinator's"},
    {"SET citus.enable_ddl_propagation = off", "SET without LOCAL"},
    {"SELECT set_config('lock_timeout', '1s', false)", "set_config for the session"},
    {"PREPARE x AS SELECT 1", "PREPARE"},
    {"LISTEN x", "LISTEN"},
    {"CREATE TEMPORARY TABLE x ()", "a temporary table"},
    {"SELECT pg_advisory_lock(1)", "an advisory lock of the session"},
    {"DECLARE x CURSOR WITH HOLD FOR SELECT 1", "a cursor WITH HOLD"},
    {"DECLARE x CURSOR FOR SELECT 1 FROM {companies}", "is not filtered by tenant"},
};

TEST_P(StatementRulesTest, FindStatementsThatBreakThem)
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

TEST_BOTH_GENERATIONS(StatementRulesTest);

}  // namespace

}  // namespace tracking::testing
