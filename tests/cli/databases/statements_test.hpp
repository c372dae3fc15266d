#pragma once

#include "tests/cli/job_test.hpp"
#include "tests/support/statements/path_rules.hpp"
#include "tests/support/statements/statement_rules.hpp"

#include <algorithm>

namespace tracking::testing {

/// Commands of the job whose sessions tell the server's log what they send.
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

    Ended watched(Words const& arguments, char const* shown = StatementLog::kShowStatements,
                  std::map<std::string, std::string> environment = {})
    {
        environment.insert({{"PGOPTIONS", shown},
                            {"CUSTOMER_RECONCILE_DRIFT_RENAMED", "apply"},
                            {"CUSTOMER_RECONCILE_DRIFT_INACTIVE", "apply"},
                            {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"},
                            {"CUSTOMER_RECONCILE_GRACE_TIME", "0s"}});
        return job(arguments, std::move(environment));
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
            EXPECT_THAT(rules.violations(statement), ::testing::IsEmpty()) << statement.text;
        EXPECT_THAT(PathRules{database}.violations(statements), ::testing::IsEmpty());
    }

    /// The command ends well and sends these, and all that it sends keeps the rules.
    void expect_rules_kept(Words const& command, Words const& sends,
                           std::map<std::string, std::string> const& environment = {})
    {
        StatementLog const log{database.name()};
        auto const ended = watched(command, StatementLog::kShowStatements, environment);
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

}  // namespace tracking::testing
