// No setting of a role, a database or the environment changes what the job does.

#include "tests/cli/job_test.hpp"

#include <regex>
#include <set>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char const* kNames[] = {"Zoë & Söhne", "日本 \\ Ltd", "it's \\'quoted\\'"};

/// What differs from run to run: ids, times, and how long something took.
std::string without_chance(std::string text, std::string const& database)
{
    for (auto at = text.find(database); at != text.npos; at = text.find(database))
        text.replace(at, database.size(), "DATABASE");
    for (auto const& [pattern, name] :
         {std::pair{R"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", "ID"},
          std::pair{R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?)", "TIME"},
          std::pair{R"(\b[0-9a-f]{8}\b)", "ID"}, std::pair{R"(\d+(\.\d+)? m?s\b)", "DURATION"},
          std::pair{R"(-?\d+ s apart)", "DURATION apart"},
          std::pair{R"(took DURATION \([^)]*\))", "took DURATION"}})
        text = std::regex_replace(text, std::regex{pattern}, name);
    return text;
}

class SettingsTest : public JobTest
{
protected:
    /// The output of the commands, and what the tables hold after each command that writes.
    static std::string cycle(TestDatabase& on)
    {
        World world{on};
        int n = 0;
        for (auto const* name : kNames) {
            ++n;
            world.tenant({.n = n, .name = name, .admin_email = std::to_string(n) + "@t.example"});
        }
        world.old_workflow({.n = 4, .name = "Unstamped \\ Ümlaut", .admin_email = "4@t.example"});
        world.company({.n = 7, .name = "Orphan", .link = tenant_id(99), .contact_email = "o@o.d"});
        std::string said;
        auto const run = [&](std::vector<std::string> const& command) {
            auto const ended = run_job(command, {{"CUSTOMER_RECONCILE_SOURCE_DSN", on.dsn()},
                                                 {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"},
                                                 {"CUSTOMER_RECONCILE_GRACE_TIME", "0s"}});
            EXPECT_EQ(ended.exit_code, 0) << command.front() << ended.err << ended.out;
            said += command.front() + ":\n" + ended.out + contents(on);
        };
        auto const undo = [&] {
            run({"undo",
                 on.value("SELECT run_id FROM customer_reconcile.run"
                          " ORDER BY started_at DESC LIMIT 1"),
                 "--yes"});
        };
        run({"init", "--yes"});
        run({"plan"});
        run({"plan", "--rehearse"});
        run({"apply", "--yes"});
        run({"doctor"});
        undo();
        run({"apply", "--yes", "--cleanup-mode=delete"});
        undo();
        run({"explain", "Orphan"});
        run({"history"});
        return without_chance(std::move(said), on.name());
    }

    static std::string contents(TestDatabase& on)
    {
        // Random ids decide no order here.
        std::multiset<std::string> rows;
        for (auto const* table : {"{companies}", "contacts", "tag_definitions", "tag_mappings"}) {
            for (auto const& row :
                 on.rows("SELECT to_jsonb(t) - 'created_at' - 'updated_at' FROM " +
                         std::string{table} + " t"))
                rows.insert(without_chance(row[0], on.name()));
        }
        std::string all;
        for (auto const& row : rows)
            all += row + "\n";
        return all;
    }

    static void set(TestDatabase& on, std::string const& setting)
    {
        on.execute("ALTER DATABASE " + on.name() + " SET " + setting);
    }
};

TEST_P(SettingsTest, ADatabaseThatHasThemAllSetToSomethingElseIsServedInTheSameWay)
{
    TestDatabase plain{GetParam()};
    TestDatabase odd{GetParam()};
    for (auto const* setting :
         {"standard_conforming_strings = off", "backslash_quote = off",
          "escape_string_warning = on", "datestyle = 'SQL, DMY'", "intervalstyle = 'sql_standard'",
          "extra_float_digits = -15", "bytea_output = 'escape'", "transform_null_equals = on",
          "quote_all_identifiers = on", "array_nulls = off",
          "default_transaction_isolation = 'serializable'", "default_transaction_deferrable = on",
          "xmlbinary = 'hex'", "timezone = 'America/New_York'", "lc_messages = 'C'",
          "client_encoding = 'LATIN1'", "row_security = on", "search_path = 'public'"})
        set(odd, setting);
    EXPECT_EQ(cycle(odd), cycle(plain));
}

TEST_P(SettingsTest, TextsAreUtf8WhateverTheEnvironmentAndTheConnectionStringSay)
{
    int n = 0;
    for (auto const* name : kNames) {
        ++n;
        world.tenant({.n = n, .name = name, .admin_email = std::to_string(n) + "@t.example"});
    }
    ASSERT_EQ(init().exit_code, 0);
    for (auto const& dsn :
         {database.dsn() + " client_encoding=LATIN1", database.dsn_through_pooler()}) {
        std::map<std::string, std::string> const environment{
            {"PGCLIENTENCODING", "LATIN1"}, {"CUSTOMER_RECONCILE_SOURCE_DSN", dsn}};
        auto const planned = run_job({"plan"}, environment);
        EXPECT_EQ(planned.exit_code, 0) << planned.err;
        for (auto const* name : {kNames[0], "日本"})
            EXPECT_THAT(planned.out, HasSubstr(name));
        auto const applied = run_job({"apply", "--yes", "--format=json"}, environment);
        EXPECT_EQ(applied.exit_code, 0) << applied.err;
        EXPECT_EQ(parsed(applied).at_pointer("/totals/failed").to_number<int>(), 0);
        auto const run = database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
        for (auto const* name : kNames)
            EXPECT_EQ(count("{companies} WHERE tenant = '" + tenant_id(0) +
                            "' AND {company}_name = " + database.quote(name)),
                      "1");
        EXPECT_EQ(run_job({"undo", run, "--yes"}, environment).exit_code, 0);
    }
}

TEST_P(SettingsTest, DoctorSaysThatARoleWhoseTransactionsAreReadOnlyCannotApply)
{
    ASSERT_EQ(init().exit_code, 0);
    std::map<std::string, std::string> const as_writer{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().writer())}};
    EXPECT_THAT(job({"doctor"}, as_writer).out, HasSubstr("the role can plan and apply"));
    set(database, "default_transaction_read_only = on");
    auto const told = job({"doctor"}, as_writer);
    EXPECT_EQ(told.exit_code, 0) << told.out;
    EXPECT_THAT(told.out, AllOf(HasSubstr("can plan, but not apply"),
                                HasSubstr("default_transaction_read_only"),
                                Not(HasSubstr("the role can plan and apply"))));
    // The remedy helps.
    auto const remedy = told.out.substr(told.out.find("ALTER ROLE"));
    database.execute(remedy.substr(0, remedy.find('\n')));
    EXPECT_THAT(job({"doctor"}, as_writer).out, HasSubstr("the role can plan and apply"));
}

TEST_P(SettingsTest, DoctorNamesAColumnThatTheJobWouldHaveToFill)
{
    ASSERT_EQ(init().exit_code, 0);
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("pass  columns"));
    database.execute(
        "CREATE DOMAIN filled AS text NOT NULL DEFAULT 'x';"
        "ALTER TABLE contacts ADD COLUMN locale text NOT NULL DEFAULT '',"
        " ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY,"
        " ADD COLUMN shown text NOT NULL GENERATED ALWAYS AS ('x') STORED,"
        " ADD COLUMN domain filled, ADD COLUMN known text NOT NULL DEFAULT '';"
        "ALTER TABLE contacts ALTER COLUMN locale DROP DEFAULT");
    auto const ended = job({"doctor"});
    EXPECT_NE(ended.exit_code, 0);
    EXPECT_THAT(ended.out,
                AllOf(HasSubstr("FAIL  columns"), HasSubstr("public.contacts.locale"),
                      HasSubstr("ALTER TABLE public.contacts ALTER COLUMN locale SET DEFAULT"),
                      Not(HasSubstr("contacts.number")), Not(HasSubstr("contacts.shown")),
                      Not(HasSubstr("contacts.domain")), Not(HasSubstr("contacts.known"))));
}

TEST_BOTH_GENERATIONS(SettingsTest);

}  // namespace

}  // namespace tracking::testing
