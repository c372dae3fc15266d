// What the roles of `init --print` may not do. Every test of JobTest runs its commands as these
// roles, and so shows that they may do what they need.

#include "tests/cli/job_test.hpp"

#include <array>

namespace tracking::testing {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;
using ::testing::Not;

constexpr char const* kTables =
    " FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE t.relkind IN ('r', 'p') AND n.nspname IN ('public', 'customer_reconcile')";

constexpr std::array kWriterRights{
    "change INSERT", "contact DELETE", "contact INSERT",  "contact UPDATE",  "drift DELETE",
    "drift INSERT",  "drift UPDATE",   "idle_run INSERT", "idle_run UPDATE", "lease DELETE",
    "lease INSERT",  "lease UPDATE",   "run_end INSERT",  "run_start INSERT"};

class RolesTest : public JobTest
{
protected:
    RolesTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    std::vector<std::string> column(std::string const& sql)
    {
        std::vector<std::string> values;
        for (auto const& row : database.rows(sql))
            values.push_back(row.front());
        return values;
    }

    /// Tables of the platform and of the journal where the role may write, be it one column.
    std::vector<std::string> writable_by(std::string const& role)
    {
        return column("SELECT n.nspname || '.' || t.relname" + std::string{kTables} +
                      " AND (has_table_privilege('" + role +
                      "', t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')"
                      " OR has_any_column_privilege('" +
                      role + "', t.oid, 'INSERT, UPDATE')) ORDER BY 1");
    }

    /// Tables of the journal with what the role may write to them.
    std::vector<std::string> journal_rights_of(std::string const& role)
    {
        return column(
            "SELECT c.relname || ' ' || one.kind FROM pg_class c,"
            " unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) AS one (kind)"
            " WHERE c.relnamespace = 'customer_reconcile'::regnamespace"
            " AND c.relkind IN ('r', 'v')"
            " AND has_table_privilege('" +
            role + "', c.oid, one.kind) ORDER BY 1");
    }

    std::vector<std::string> readable_secrets(std::string const& role)
    {
        return column(
            "SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c"
            " WHERE c.table_schema = 'public'"
            " AND c.column_name ~ '(password|secret|token|two_factor|api_key|hash)'"
            " AND has_column_privilege('" +
            role + "', quote_ident(c.table_name)::regclass, c.column_name, 'SELECT')");
    }
};

TEST_P(RolesTest, TheReaderHasNoRightToWriteAnywhere)
{
    EXPECT_THAT(writable_by(roles().reader()), IsEmpty());
    EXPECT_THAT(writable_by("postgres"), Not(IsEmpty())) << "the question is a good one";
}

TEST_P(RolesTest, EveryWriteOfTheReaderIsDenied)
{
    auto const attempts = database.value("SELECT count(*) * 3" + std::string{kTables});
    database.execute(
        "CREATE TEMP TABLE denied (what text);"
        "GRANT INSERT ON denied TO " +
        roles().reader() +
        ";"
        "SET ROLE " +
        roles().reader() +
        ";"
        "DO $$"
        " DECLARE one record; attempt text;"
        " BEGIN"
        "  FOR one IN SELECT t.oid::regclass AS name, (SELECT quote_ident(attname)"
        "      FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND attgenerated = ''"
        "      ORDER BY attnum LIMIT 1) AS col" +
        std::string{kTables} +
        " LOOP"
        "   FOREACH attempt IN ARRAY ARRAY["
        "     format('INSERT INTO %s (%s) VALUES (DEFAULT)', one.name, one.col),"
        "     format('UPDATE %s SET %s = DEFAULT', one.name, one.col),"
        "     format('DELETE FROM %s', one.name)] LOOP"
        "    BEGIN EXECUTE attempt;"
        "    EXCEPTION WHEN insufficient_privilege THEN INSERT INTO denied VALUES (attempt);"
        "    END;"
        "   END LOOP;"
        "  END LOOP;"
        " END $$;"
        "RESET ROLE");
    EXPECT_EQ(database.value("SELECT count(*) FROM denied"), attempts);
}

// ON ALL TABLES covers the tables of its day.
TEST_P(RolesTest, ATableOfTheJournalThatTheGrantsAreOlderThanIsNamedWithItsGrant)
{
    for (auto const* const table : {"idle_run", "drift", "run_start", "pin"}) {
        database.execute("REVOKE SELECT ON customer_reconcile." + std::string{table} + " FROM " +
                         roles().reader());
        for (auto const* const command : {"plan", "doctor"}) {
            auto const ended = job({command});
            EXPECT_EQ(ended.exit_code, 77) << table << ended.err;
            EXPECT_THAT(ended.out + ended.err,
                        HasSubstr("GRANT SELECT ON customer_reconcile." + std::string{table}));
        }
        database.execute("GRANT SELECT ON customer_reconcile." + std::string{table} + " TO " +
                         roles().reader());
    }
}

TEST_P(RolesTest, TheWriterWritesOnlyWhatCustomersAreMadeOf)
{
    auto tables = writable_by(roles().writer());
    std::erase_if(tables, [](auto const& name) { return !name.starts_with("public."); });
    EXPECT_THAT(tables, IsSubsetOf({"public.companies", "public.clients", "public.contacts",
                                    "public.tag_definitions", "public.tag_mappings",
                                    "public.client_billing_profiles"}));
}

TEST_P(RolesTest, TheWriterAppendsToTheJournalsHistoryAndCannotRewriteIt)
{
    EXPECT_THAT(journal_rights_of(roles().writer()), ElementsAreArray(kWriterRights));
    EXPECT_THAT(journal_rights_of(roles().pruner()),
                ElementsAre("change DELETE", "run_end DELETE", "run_start DELETE"));
}

TEST_P(RolesTest, AnUpgradeNarrowsWhatWritersOfAnOlderJournalMay)
{
    auto const writer = roles().writer();
    database.execute(journal_back_to_version_3() +
                     "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA"
                     " customer_reconcile TO " +
                     writer);
    ASSERT_EQ(init().exit_code, 0);
    EXPECT_THAT(journal_rights_of(writer), ElementsAreArray(kWriterRights));
    EXPECT_EQ(apply().exit_code, 0);
}

TEST_P(RolesTest, AnUpgradeGivesReadersAndWritersTheNewTable)
{
    auto const writer = roles().writer();
    auto const reader = roles().reader();
    database.execute(journal_back_to_version_4());
    ASSERT_EQ(init().exit_code, 0);
    EXPECT_THAT(journal_rights_of(writer), ElementsAreArray(kWriterRights));
    EXPECT_EQ(database.value("SELECT has_table_privilege('" + reader +
                             "', 'customer_reconcile.contact', 'SELECT')"),
              "t");
}

// The remedy could not be run where the role's name holds a double quote.
TEST_P(RolesTest, GrantsQuoteTheNameOfTheRole)
{
    auto const name = database.name() + "_\"odd";
    auto const quoted = database.value("SELECT quote_ident('" + name + "')");
    database.execute("CREATE ROLE " + quoted + " LOGIN");
    auto const denied =
        job({"plan"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn() + " user='" + name + "'"}});
    database.execute("DROP ROLE " + quoted);
    EXPECT_EQ(denied.exit_code, 77) << denied.err;
    EXPECT_THAT(denied.err, HasSubstr(" TO " + quoted));
}

TEST_P(RolesTest, NeitherReadsSecrets)
{
    EXPECT_THAT(readable_secrets("postgres"), Contains("users.hashed_password"));
    for (auto const& role : {roles().reader(), roles().writer()}) {
        EXPECT_THAT(readable_secrets(role), IsEmpty());
        EXPECT_THROW(database.execute("SET ROLE " + role + "; SELECT hashed_password FROM users"),
                     std::exception);
        database.execute("RESET ROLE");
    }
}

TEST_P(RolesTest, PrintedRolesMayBeThereAlready)
{
    roles();
    EXPECT_NO_THROW((PrintedRoles{database, job({"init", "--print"}).out}));
}

TEST_P(RolesTest, TheReaderPlansExplainsAndIsExaminedButDoesNotApply)
{
    std::map<std::string, std::string> const as{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().reader())}};
    EXPECT_EQ(job({"plan"}, as).exit_code, 0);
    EXPECT_EQ(job({"explain", "Acme"}, as).exit_code, 0);
    EXPECT_EQ(job({"doctor"}, as).exit_code, 0);
    auto const applied = job({"apply", "--yes"}, as);
    EXPECT_EQ(applied.exit_code, 77);
    EXPECT_THAT(applied.err, HasSubstr("GRANT INSERT"));
    EXPECT_EQ(count("customer_reconcile.run"), "0");
}

TEST_BOTH_GENERATIONS(RolesTest);

}  // namespace

}  // namespace tracking::testing
