// A person is taken out of the journal.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ForgetTest : public JobTest
{
protected:
    ForgetTest()
    {
        world.tenant({.n = 1,
                      .name = "Acme",
                      .admin_email = "ada@acme.example",
                      .first = "Ada",
                      .last = "Lovely"});
        world.tenant({.n = 2,
                      .name = "Bolt",
                      .admin_email = "bob@bolt.example",
                      .first = "Bob",
                      .last = "Bolt"});
        init();
    }

    Ended forget(std::string const& address, std::vector<std::string> const& options = {"--yes"},
                 std::map<std::string, std::string> environment = {})
    {
        std::vector<std::string> arguments{"forget", address, "--reason=request 4711"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        environment.try_emplace("CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn());
        return job(arguments, environment);
    }

    bool journal_holds(std::string const& text)
    {
        return journal().find(text) != std::string::npos;
    }

    /// All rows of all tables of the journal, in lower case.
    std::string journal()
    {
        std::string all;
        for (auto const& row : database.rows("SELECT table_name FROM information_schema.tables"
                                             " WHERE table_schema = 'customer_reconcile'"
                                             " AND table_type = 'BASE TABLE'"))
            all += database.value(
                "SELECT lower(coalesce(string_agg(t::text, E'\\n'), ''))"
                " FROM customer_reconcile." +
                row.front() + " t");
        return all;
    }

    std::string latest_run(std::string const& mode = "apply")
    {
        return database.value("SELECT run_id FROM customer_reconcile.run WHERE mode = '" + mode +
                              "' ORDER BY started_at DESC LIMIT 1");
    }

    void user_moves_to(std::string const& address)
    {
        database.execute("UPDATE users SET email = '" + address + "' WHERE tenant = '" +
                         tenant_id(1) + "'");
    }

    /// What an undo says of the company that it leaves.
    static ::testing::Matcher<std::string> says_why()
    {
        return ::testing::ContainsRegex(
            "1 company is left as it is: cannot be undone:[ \n]+\"[a-z_]+\"[ \n]+concerned");
    }

    std::string company_of(int tenant)
    {
        return database.value("SELECT count(*) FROM {companies} WHERE tenant = '" + tenant_id(0) +
                              "' AND properties ->> 'tenant_id' = '" + tenant_id(tenant) + "'");
    }
};

// The other columns with texts hold the program's own words.
TEST_P(ForgetTest, NoTextOfTheJournalHoldsTheAddressAfterwards)
{
    apply();
    apply();
    // Of a management tenant that was given up.
    database.execute(
        "INSERT INTO customer_reconcile.run_start (tenant, run_id, mode, executed_by, host, "
        "version)"
        " VALUES ('" +
        tenant_id(7) + "', '" + tenant_id(801) + "', 'apply', 'x', 'y', '0')");
    int columns = 0;
    for (auto const& row : database.rows(
             "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
             " JOIN information_schema.tables t USING (table_schema, table_name)"
             " WHERE c.table_schema = 'customer_reconcile' AND t.table_type = 'BASE TABLE'"
             " AND c.data_type IN ('text', 'json', 'jsonb', 'character varying', 'ARRAY', 'xml')"
             " AND c.table_name <> 'lease' AND c.column_name NOT IN"
             " ('mode', 'outcome', 'plan_digest', 'version', 'sqlstate', 'change', 'kind')")) {
        auto const text = "' ADA@Acme.example, Ada Lovely'";
        database.execute("UPDATE customer_reconcile." + row[0] + " SET " + row[1] + " = " +
                         (row[2] == "text" ? text
                                           : "json_build_object('x', json_build_array(" +
                                                 std::string{text} + ", " + row[1] + "))"));
        ++columns;
    }
    EXPECT_EQ(columns, 15) << "of contact, change, run_start, run_end, idle_run and pin";
    auto const ended = forget(" Ada@ACME.example");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_FALSE(journal_holds("ada@acme"));
    EXPECT_FALSE(journal_holds("ada lovely"));
    EXPECT_THAT(ended.out + ended.err,
                AllOf(HasSubstr("Forgotten in 2 contacts, 2 changes, 4 rows of runs, 1 pin"),
                      Not(HasSubstr("acme"))));
}

TEST_P(ForgetTest, OthersStayAsTheyAre)
{
    apply();
    auto const of_bolt =
        "SELECT string_agg(before::text || after::text, '') FROM customer_reconcile.change"
        " WHERE tracked_tenant = '" +
        tenant_id(2) + "'";
    auto const before = database.value(of_bolt);
    auto const crm = owned();
    EXPECT_THAT(forget("ada@acme.example").out, HasSubstr("1 contact, 1 change: run"));
    EXPECT_EQ(database.value(of_bolt), before);
    EXPECT_EQ(count("customer_reconcile.contact"), "1");
    EXPECT_EQ(owned(), crm) << "the CRM is the platform's business";
    EXPECT_THAT(forget("ada@acme.example").out, HasSubstr("holds nothing of this person"));
}

TEST_P(ForgetTest, ReceiptsAndCountsStayAndTheRunIsShown)
{
    apply();
    auto const run = latest_run();
    auto const before = parsed(job({"show", run, "--format=json", "--personal-data=show"}));
    ASSERT_EQ(forget("ada@acme.example", {"--yes", "--by=grace"}).exit_code, 0);
    auto const after = parsed(job({"show", run, "--format=json", "--personal-data=show"}));
    for (auto const* const key : {"outcome", "overview", "counts", "drift", "changes", "totals"})
        EXPECT_EQ(after.at(key), before.at(key)) << key;
    EXPECT_THAT(boost::json::serialize(after),
                AllOf(HasSubstr("forgotten"), HasSubstr("bob@bolt"), Not(HasSubstr("ada@"))));
    auto const forgotten = parsed(job({"history", "--format=json"})).at("runs").at(0);
    EXPECT_EQ(forgotten.at("mode"), "forget");
    EXPECT_EQ(forgotten.at("ended_as"), "ok");
    EXPECT_EQ(forgotten.at("executed_by"), "grace");
    EXPECT_EQ(forgotten.at_pointer("/allowances/reason"), "request 4711");
    EXPECT_EQ(job({"show", latest_run("forget")}).exit_code, 0);
    EXPECT_THAT(job({"undo", latest_run("forget"), "--yes"}).err, HasSubstr("has changed nothing"));
}

TEST_P(ForgetTest, UndoLeavesACustomerWhoseContactWasForgotten)
{
    apply();
    ASSERT_EQ(forget("ada@acme.example").exit_code, 0);
    database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                     roles().writer());
    auto const contacts =
        "SELECT string_agg(to_jsonb(c)::text, '') FROM contacts c WHERE tenant = '" + tenant_id(0) +
        "' AND email = 'ada@acme.example'";
    auto const before = database.value(contacts);
    auto const undone = job({"undo", latest_run(), "--yes"});
    EXPECT_THAT(undone.out, says_why());
    EXPECT_EQ(company_of(1), "1");
    EXPECT_EQ(company_of(2), "0") << undone.out;
    EXPECT_EQ(database.value(contacts), before);
}

TEST_P(ForgetTest, UndoLeavesAContactThatFollowedItsUser)
{
    apply();
    user_moves_to("ada@new.example");
    ASSERT_EQ(apply().exit_code, 0);
    auto const before = owned();
    ASSERT_EQ(count("customer_reconcile.change WHERE change = 'change_contact'"), "1");
    for (auto const* const address : {"ada@new.example", "ada@acme.example"}) {
        ASSERT_THAT(forget(address).out, HasSubstr("Forgotten in"));
        auto const undone = job({"undo", latest_run(), "--yes"});
        EXPECT_THAT(undone.out, says_why());
        EXPECT_EQ(owned(), before);
    }
}

TEST_P(ForgetTest, ARemovedCustomerWhosePersonWasForgottenIsNotPutBack)
{
    apply();
    database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                     roles().writer());
    ASSERT_EQ(job({"undo", latest_run(), "--yes"}).exit_code, 0);
    ASSERT_EQ(forget("ada@acme.example").exit_code, 0);
    auto const undone = job({"undo", latest_run("undo"), "--yes"});
    EXPECT_THAT(undone.out, says_why());
    EXPECT_EQ(company_of(1), "0");
    EXPECT_EQ(company_of(2), "1");
    EXPECT_EQ(count("contacts WHERE full_name || email LIKE '%forgotten%'"), "0");
}

TEST_P(ForgetTest, ApplyGoesOnWithoutWhatItRemembered)
{
    apply();
    ASSERT_EQ(forget("ada@acme.example").exit_code, 0);
    auto const before = owned();
    EXPECT_EQ(outcome(parsed(apply())), "ok");
    EXPECT_EQ(owned(), before);

    user_moves_to("ada@new.example");
    auto const report = parsed(job({"apply", "--yes", "--format=json"}));
    EXPECT_EQ(outcome(report), "ok");
    EXPECT_EQ(found(report, "contact_changed"), 0) << "nobody knows that the contact is hers";
    EXPECT_EQ(found(report, "contact_missing"), 1);
    EXPECT_EQ(count("contacts WHERE tenant = '" + tenant_id(0) +
                    "' AND email = 'ada@acme.example'"
                    " AND NOT is_inactive"),
              "1");
    EXPECT_EQ(count("contacts WHERE tenant = '" + tenant_id(0) + "' AND email = 'ada@new.example'"),
              "1");
    EXPECT_EQ(count("contacts WHERE full_name || email LIKE '%forgotten%'"), "0");
}

// The contact is one of those that the job makes, whatever the journal remembers of it.
TEST_P(ForgetTest, AContactThatNoUserHasAnyMoreIsFoundWithoutTheJournal)
{
    apply();
    user_moves_to("ada@new.example");
    ASSERT_EQ(forget("ada@acme.example").exit_code, 0);
    auto const report = parsed(apply({{"CUSTOMER_RECONCILE_DRIFT_CONTACT_STALE", "apply"}}));
    EXPECT_EQ(outcome(report), "ok");
    apply({{"CUSTOMER_RECONCILE_DRIFT_CONTACT_STALE", "apply"}});
    EXPECT_EQ(
        database.value("SELECT string_agg(email || ' ' || full_name || ' ' || is_inactive, ', '"
                       " ORDER BY email) FROM contacts WHERE email LIKE 'ada@%' AND tenant = '" +
                       tenant_id(0) + "'"),
        "ada@acme.example Ada Lovely true, ada@new.example Ada Lovely false");
}

TEST_P(ForgetTest, ADryRunCountsAndWritesNothing)
{
    apply();
    auto const before = journal();
    auto const ended =
        forget("ada@acme.example", {"--dry-run"},
               {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().reader())}});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out,
                HasSubstr("The journal holds this person in 1 contact, 1 change. Nothing was "
                          "changed (--dry-run)."));
    EXPECT_EQ(forget("ada@acme.example", {"--yes", "--dry-run"}).exit_code, 0);
    EXPECT_TRUE(journal() == before);
}

TEST_P(ForgetTest, AWriterMayNotRewriteTheHistory)
{
    apply();
    auto const before = journal();
    auto const ended =
        forget("ada@acme.example", {"--yes"},
               {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().writer())}});
    EXPECT_EQ(ended.exit_code, 77) << ended.err;
    EXPECT_THAT(ended.err,
                AllOf(HasSubstr("owns the schema customer_reconcile"), Not(HasSubstr("ada@"))));
    EXPECT_TRUE(journal() == before);
}

TEST_P(ForgetTest, TheJournalsOwnerNeedsToReadNoCustomer)
{
    apply();
    auto const owner = database.name() + "_owner";
    database.execute("CREATE ROLE " + owner +
                     " LOGIN;"
                     "GRANT SELECT (tenant, {company}_name) ON tenants TO " +
                     owner +
                     ";"
                     "ALTER SCHEMA customer_reconcile OWNER TO " +
                     owner);
    for (auto const& row : database.rows("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v')"
                                         " AND relnamespace = 'customer_reconcile'::regnamespace"))
        database.execute("ALTER TABLE customer_reconcile." + row.front() + " OWNER TO " + owner);
    auto const as_owner = std::map<std::string, std::string>{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(owner)}};
    for (auto const* const option : {"--dry-run", "--yes"}) {
        auto const ended = forget("ada@acme.example", {option}, as_owner);
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_THAT(ended.out, HasSubstr("1 contact, 1 change"));
    }
    database.execute("REASSIGN OWNED BY " + owner + " TO CURRENT_USER; DROP OWNED BY " + owner +
                     "; DROP ROLE " + owner);
}

TEST_P(ForgetTest, ReasonAndNameOfWhoAsksAreKeptWithoutTheAddress)
{
    apply();
    auto const ended =
        job({"forget", "ada@acme.example", "--yes", "--format=json", "--log-format=json",
             "--log-level=info", "--reason=Ada Lovely <ADA@acme.example> asked, 4711",
             "--by=ada@acme.example"},
            {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out + ended.err,
                AllOf(Not(HasSubstr("acme.example")), Not(HasSubstr("ADA"))));
    EXPECT_FALSE(journal_holds("ada@"));
    auto const run = parsed(job({"history", "--format=json"})).at("runs").at(0);
    EXPECT_EQ(run.at("executed_by"), "forgotten");
    EXPECT_EQ(run.at_pointer("/allowances/reason"), "forgotten <forgotten> asked, 4711");
}

TEST_P(ForgetTest, WhatIsWrongWithTheCommandLineIsSaidBeforeAnythingIsRead)
{
    auto const owner = std::map<std::string, std::string>{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", "host=127.0.0.1 port=1"}};
    auto const said = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "forget");
        auto const ended = job(arguments, owner);
        EXPECT_EQ(ended.exit_code, 64) << ended.err;
        EXPECT_EQ(ended.out, "");
        return ended.err;
    };
    EXPECT_THAT(said({"ada@acme.example", "--yes"}), HasSubstr("forget needs --reason"));
    EXPECT_THAT(said({"Ada Lovely", "--yes", "--reason=x"}),
                AllOf(HasSubstr("takes an e-mail address"), Not(HasSubstr("Lovely"))));
    EXPECT_THAT(said({"ada@acme.example", "--reason=x"}), HasSubstr("add --yes"));
    EXPECT_THAT(said({"ada@acme.example", "--reason=x", "--yes", "--journal-require-by=forget"}),
                HasSubstr("forget needs --by NAME"));
}

TEST_P(ForgetTest, ItWaitsForNoOtherRunAndDisturbsNone)
{
    apply();
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(801) + "', 'there', now() + interval '1 minute')");
    auto const before = journal();
    EXPECT_EQ(forget("ada@acme.example").exit_code, 75);
    EXPECT_TRUE(journal() == before);
}

TEST_BOTH_GENERATIONS(ForgetTest);

}  // namespace

}  // namespace tracking::testing
