#include "tests/cli/job_test.hpp"

#include <set>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Environment = std::map<std::string, std::string>;

/// Every kind of drift that can be applied, and at once.
Environment const kEverything{{"CUSTOMER_RECONCILE_DRIFT_RENAMED", "apply"},
                              {"CUSTOMER_RECONCILE_DRIFT_INACTIVE", "apply"},
                              {"CUSTOMER_RECONCILE_GRACE_TIME", "0"},
                              {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"}};

class UndoTest : public JobTest
{
protected:
    /// The login of the writer may undo, too.
    void init()
    {
        JobTest::init();
        database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                         roles().writer());
    }

    void revoke(std::string const& granted)
    {
        database.execute("REVOKE " + granted + " FROM " + roles().writer());
    }

    Ended undo(std::string const& run, std::vector<std::string> options = {"--yes"},
               Environment environment = kEverything) const
    {
        std::vector<std::string> arguments{"undo", run, "--format=json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return job(arguments, std::move(environment));
    }

    /// The id of a run that has just changed something.
    std::string applied(Environment const& environment = kEverything)
    {
        auto const ended = apply(environment);
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
        return latest_run();
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    void world_of_every_drift()
    {
        world.tenant({.n = 1, .name = "Missing", .admin_email = "a1@t.example"});
        world.tenant({.n = 2, .name = "No Contact"});
        TenantSeed const legacy{.n = 3, .name = "Legacy", .admin_email = "a3@t.example"};
        world.tenant(legacy);
        world.old_workflow(legacy);
        world.tenant({.n = 4, .name = "Untagged", .admin_email = "a4@t.example"});
        world.company({.n = 4,
                       .name = "Untagged",
                       .link = tenant_id(4),
                       .tagged = false,
                       .contact_email = "a4@t.example"});
        world.tenant({.n = 5, .name = "Contactless", .admin_email = "a5@t.example"});
        world.company({.n = 5, .name = "Contactless", .link = tenant_id(5)});
        world.tenant({.n = 6, .name = "New Name", .admin_email = "a6@t.example"});
        world.company(
            {.n = 6, .name = "Old Name", .link = tenant_id(6), .contact_email = "a6@t.example"});
        world.tenant({.n = 7, .name = "Asleep", .admin_email = "a7@t.example"});
        world.company({.n = 7,
                       .name = "Asleep",
                       .link = tenant_id(7),
                       .inactive = true,
                       .contact_email = "a7@t.example"});
        world.company(
            {.n = 8, .name = "Gone", .link = tenant_id(88), .contact_email = "g@gone.example"});
        world.tenant({.n = 9, .name = "Half Made", .admin_email = "a9@t.example"});
        world.company({.n = 9, .name = "Half Made", .link = "Half Made", .inactive = true});
        world.company({.n = 10,
                       .name = "No Properties",
                       .properties_json = "{}",
                       .contact_email = "a10@t.example"});
        database.execute("UPDATE {companies} SET properties = NULL WHERE {company}_id = '" +
                         company_id(10) + "'");
        world.tenant({.n = 10, .name = "No Properties", .admin_email = "a10@t.example"});
        init();
    }

    /// A run in world_of_every_drift() made changes of all kinds but those that other tests take
    /// back.
    void expect_every_kind_of_change()
    {
        std::set<std::string> const elsewhere{"link",            // LinkTest
                                              "ignore",          // IgnoreTest
                                              "change_contact",  // LifeTest, likewise
                                              "retire_contact",
                                              "untag",  // here, likewise
                                              "delete",         "restore"};
        auto const report = plan();
        for (auto const& [kind, tally] : report.at("changes").as_object()) {
            auto const made = count(
                "customer_reconcile.change WHERE outcome = 'applied' AND change"
                " = '" +
                std::string{kind} + "'");
            EXPECT_NE(made != "0", elsewhere.contains(kind)) << kind;
        }
    }

    /// Companies that are recognised by their names: of number 1 the properties are NULL, of number
    /// 2 a JSON null.
    void world_of_null_properties()
    {
        for (int n = 1; n <= 2; ++n) {
            auto const number = std::to_string(n);
            auto const email = "a" + number + "@t.example";
            world.tenant({.n = n, .name = "Tenant " + number, .admin_email = email});
            world.company({.n = n,
                           .name = "Tenant " + number,
                           .properties_json = "null",
                           .contact_email = email});
        }
        database.execute("UPDATE {companies} SET properties = NULL WHERE {company}_id = '" +
                         company_id(1) + "'");
        init();
    }

    /// A number that no double holds, and a depth that Boost.JSON does not read by default.
    static std::string awkward_properties(std::string const& link)
    {
        return R"({"tenant_id": ")" + link +
               R"(", "account": 12345678901234567890123, "rate": 1.10, "third":)"
               R"( 0.30000000000000000004, "more": [18446744073709551616, 1e400], "deep": )" +
               std::string(200, '[') + std::string(200, ']') + "}";
    }

    /// The column as text: as jsonb 1.10 and 1.1 are equal.
    std::string properties_text(int company)
    {
        return database.value("SELECT properties::text FROM {companies} WHERE {company}_id = '" +
                              company_id(company) + "'");
    }

    std::string null_properties()
    {
        return database.value(
            "SELECT string_agg(coalesce(jsonb_typeof(properties), 'NULL'), ', ' ORDER BY"
            " {company}_id) FROM {companies} WHERE {company}_id IN ('" +
            company_id(1) + "', '" + company_id(2) + "')");
    }

    /// One customer, made by a run whose id is returned.
    std::string customer_of_acme()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
        return applied();
    }

    std::string companies(std::string const& condition = "true")
    {
        return count("{companies} WHERE tenant = '" + tenant_id(0) +
                     "' AND properties ->> 'tenant_id' = '" + tenant_id(1) + "' AND " + condition);
    }

    std::string made_company()
    {
        return database.value(
            "SELECT company_id FROM customer_reconcile.change WHERE change = 'create' AND"
            " tracked_tenant = '" +
            tenant_id(1) + "' LIMIT 1");
    }

    /// The job made the customer, its tenant went, and a run cleaned the customer up.
    void expect_taken_back(std::string const& mode)
    {
        world.tenant({.n = 2, .name = "Bolt", .admin_email = "bob@bolt.example"});
        customer_of_acme();
        auto const tenant = " WHERE tenant = '" + tenant_id(1) + "'; ";
        database.execute("SET session_replication_role = replica; DELETE FROM tenants" + tenant +
                         "DELETE FROM users" + tenant + "RESET session_replication_role");
        auto const before = owned();
        auto everything = kEverything;
        everything["CUSTOMER_RECONCILE_CLEANUP_MODE"] = mode;
        everything["CUSTOMER_RECONCILE_GUARD_TENANTS"] = "0";
        auto const run = applied(everything);
        auto const after = owned();
        EXPECT_NE(after, before);
        EXPECT_EQ(undo(run).exit_code, 0);
        EXPECT_EQ(owned(), before);
        EXPECT_EQ(undo(latest_run()).exit_code, 0);
        EXPECT_EQ(owned(), after);
    }

    std::string definitions_with_times()
    {
        return database.value(
            "SELECT string_agg(to_jsonb(d)::text, ',' ORDER BY tag_id) FROM tag_definitions d");
    }

    /// Undoes a customer that a person has touched. It stays, inactive, and the report says why.
    void expect_kept(std::string const& run, std::string const& reason)
    {
        auto const ended = undo(run);
        EXPECT_EQ(ended.exit_code, 4) << ended.err;
        EXPECT_EQ(parsed(ended).at("kept"), 1);
        EXPECT_EQ(count("{companies} WHERE tenant = '" + tenant_id(0) + "' AND {company}_id = '" +
                        made_company() + "' AND is_inactive"),
                  "1");
        auto const result = parsed(ended).at_pointer("/items/0/result");
        EXPECT_THAT(std::string{result.at("reason").as_string()},
                    AllOf(HasSubstr("not removed"), HasSubstr(reason)));
        EXPECT_EQ(count("contacts WHERE tenant = '" + tenant_id(0) +
                        "' AND email = 'ada@acme.example' AND is_inactive"),
                  "1");
    }
};

TEST_P(UndoTest, RestoresEveryRowAndUndoingThatRestoresTheRun)
{
    world_of_every_drift();
    auto const before = owned();
    auto const outside = database.fingerprint_outside(world.management_tenant());
    auto const run = applied();
    auto const after = owned();
    ASSERT_NE(after, before);
    expect_every_kind_of_change();

    auto const undone = undo(run);
    EXPECT_EQ(undone.exit_code, 0) << undone.err << undone.out;
    EXPECT_EQ(owned(), before);

    auto const redone = undo(latest_run());
    EXPECT_EQ(redone.exit_code, 0) << redone.err << redone.out;
    EXPECT_EQ(owned(), after);

    auto const again = undo(latest_run());
    EXPECT_EQ(again.exit_code, 0) << again.err << again.out;
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(database.fingerprint_outside(world.management_tenant()), outside);
}

// NULL counts as active. It comes back in place of what a clean-up wrote, and no false does.
TEST_P(UndoTest, WhatWasNeitherActiveNorInactiveIsSoAgain)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company(
        {.n = 8, .name = "Gone", .link = tenant_id(88), .contact_email = "g@gone.example"});
    auto const of_the_company = " WHERE {company}_id = '" + company_id(8) + "'";
    database.execute("UPDATE {companies} SET is_inactive = NULL" + of_the_company);
    database.execute("UPDATE contacts SET is_inactive = NULL" + of_the_company);
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES ('" +
                     tenant_id(0) + "', '" + company_id(8) + "', 'Eve', 'eve@gone.example')");
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    EXPECT_EQ(count("contacts" + of_the_company + " AND is_inactive"), "2");
    EXPECT_EQ(count("{companies}" + of_the_company + " AND is_inactive"), "1");

    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(owned(), after);
}

TEST_P(UndoTest, PropertiesAreTheSameKindOfNullAgain)
{
    world_of_null_properties();
    auto const before = null_properties();
    ASSERT_EQ(before, "NULL, null");
    auto const run = applied();
    EXPECT_EQ(null_properties(), "object, object");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(null_properties(), before);
    auto const undoing = latest_run();
    EXPECT_EQ(undo(undoing).exit_code, 0);
    EXPECT_EQ(null_properties(), "object, object");
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(null_properties(), before);
}

TEST_P(UndoTest, NumbersInPropertiesAreAsTheyWereWritten)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1,
                   .name = "Acme",
                   .properties_json = awkward_properties("Acme"),
                   .contact_email = "ada@acme.example"});
    init();
    auto const adopted = properties_text(1);
    auto const run = applied();
    EXPECT_NE(properties_text(1), adopted);

    auto const undone = undo(run);
    EXPECT_EQ(undone.exit_code, 0) << undone.err << undone.out;
    EXPECT_EQ(properties_text(1), adopted);

    auto const undoing = latest_run();
    EXPECT_EQ(undo(undoing).exit_code, 0);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(properties_text(1), adopted);
}

TEST_P(UndoTest, NumbersThatWereThereStayAsTheyAreBesideOnesThatCame)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1,
                   .name = "Acme",
                   .properties_json = awkward_properties("Acme"),
                   .contact_email = "ada@acme.example"});
    init();
    auto const run = applied();
    auto const add = [&](std::string const& properties) {
        return database.value("SELECT ('" + properties + "'::jsonb || '{\"score\": 2.50}')::text");
    };
    auto const expected = add(awkward_properties("Acme"));
    database.execute(
        "UPDATE {companies} SET properties = properties || '{\"score\": 2.50}'"
        " WHERE {company}_id = '" +
        company_id(1) + "'");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(properties_text(1), expected);
}

TEST_P(UndoTest, NumbersOfColumnsHaveTheScaleOfTheirDefaults)
{
    database.execute("ALTER TABLE {companies} ADD discount numeric(10, 2) DEFAULT 0");
    auto const run = customer_of_acme();
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
}

TEST_P(UndoTest, ANullInAnImageOfAnOlderVersionComesBackAsNull)
{
    world_of_null_properties();
    auto const run = applied();
    database.execute(
        "UPDATE customer_reconcile.change SET before = jsonb_set(before::jsonb,"
        " '{company,properties}', 'null')");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(null_properties(), "NULL, NULL");
}

TEST_P(UndoTest, TagThatTheRunHasDefinedComesBackWithWhateverNeedsItFirst)
{
    for (int n = 1; n <= 5; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    for (auto const* const size : {"--batch-size=500", "--batch-size=1"}) {
        EXPECT_EQ(undo(latest_run(), {"--yes", size}).exit_code, 0);
        EXPECT_EQ(owned(), before);
        auto const redone = undo(latest_run(), {"--yes", size});
        EXPECT_EQ(redone.exit_code, 0) << redone.out;
        EXPECT_EQ(owned(), after);
    }
}

TEST_P(UndoTest, BillingProfileIsRenamedBackOnlyIfTheRunHasRenamedIt)
{
    for (int n = 1; n <= 3; ++n) {
        auto const number = std::to_string(n);
        world.tenant({.n = n, .name = "New " + number});
        world.company({.n = n, .name = "Old " + number, .link = tenant_id(n)});
    }
    if (GetParam() == Generation::Clients)
        database.execute("UPDATE client_billing_profiles SET name = CASE client_id WHEN '" +
                         company_id(1) + "' THEN 'New 1' WHEN '" + company_id(2) +
                         "' THEN 'By hand' ELSE name END");
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    ASSERT_NE(after, before);
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(owned(), after);
}

TEST_P(UndoTest, OrphanThatWasDeletedIsPutBackWhole)
{
    expect_taken_back("delete");
}

TEST_P(UndoTest, OrphanThatWasUntaggedGetsItsTagsBack)
{
    expect_taken_back("untag");
}

TEST_P(UndoTest, WithoutYesItOnlyTellsWhatItWouldDo)
{
    auto const run = customer_of_acme();
    auto const before = owned();
    auto const ended = undo(run, {});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    auto const report = parsed(ended);
    EXPECT_EQ(report.at("undoes"), boost::json::value(run));
    EXPECT_TRUE(report.at_pointer("/dry_run/active").as_bool());
    EXPECT_EQ(report.at_pointer("/items/0/change/kind"), "restore");
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(count("customer_reconcile.run"), "1");
    EXPECT_THAT(job({"undo", run}, kEverything).out,
                HasSubstr("customer-reconcile undo " + run + " --yes"));
}

TEST_P(UndoTest, WithoutTheRightsItIsDeniedWithTheGrantsBeforeItWrites)
{
    auto const run = customer_of_acme();
    auto const before = owned();
    revoke(roles().remover() + ", " + roles().undoer());
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 77);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("GRANT DELETE ON public.contacts TO"),
                                 HasSubstr("GRANT INSERT ON public.contacts TO")));
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(count("customer_reconcile.run"), "1");
    EXPECT_EQ(undo(run, {}).exit_code, 0) << "what it would do can be read";
}

TEST_P(UndoTest, OfWhatOnlySetColumnsNeedsNoMoreThanTheWriter)
{
    TenantSeed const legacy{.n = 3, .name = "Legacy", .admin_email = "a3@t.example"};
    world.tenant(legacy);
    world.old_workflow(legacy);
    init();
    auto const before = owned();
    auto const run = applied();
    ASSERT_NE(owned(), before);
    revoke(roles().remover() + ", " + roles().undoer());
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(owned(), before);
}

TEST_P(UndoTest, ThatPutsNothingBackNeedsNoRightToPutRowsBack)
{
    world.company({.n = 8, .name = "Whose tag is there", .link = tenant_id(8)});
    world.tenant({.n = 8, .name = "Whose tag is there", .admin_email = "a8@t.example"});
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    auto const before = owned();
    auto const run = applied();
    revoke(roles().undoer());
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(owned(), before);
    auto const redone = undo(latest_run());
    EXPECT_EQ(redone.exit_code, 77) << "this one puts the customer back";
    EXPECT_THAT(redone.err, AllOf(HasSubstr("GRANT INSERT ON public.contacts TO"),
                                  Not(HasSubstr("GRANT DELETE ON public.contacts"))));
}

TEST_P(UndoTest, DryRunWinsOverYes)
{
    auto const run = customer_of_acme();
    auto const before = owned();
    EXPECT_EQ(undo(run, {"--yes", "--dry-run"}).exit_code, 0);
    EXPECT_EQ(owned(), before);
}

TEST_P(UndoTest, IsJournalledAndNamesTheRunThatItTakesBack)
{
    auto const run = customer_of_acme();
    undo(run);
    EXPECT_EQ(database.rows("SELECT mode, outcome, undoes FROM customer_reconcile.run WHERE mode"
                            " <> 'apply'"),
              (std::vector<std::vector<std::string>>{{"undo", "ok", run}}));
    EXPECT_THAT(job({"history"}).out, HasSubstr("undoes " + run));
    EXPECT_EQ(job({"show", latest_run()}).exit_code, 0);
}

TEST_P(UndoTest, NotesAndCountsAllThatIsLeftHoweverLittleOfItIsListed)
{
    init();
    auto everything = kEverything;
    everything["CUSTOMER_RECONCILE_GUARD_CLEANUP_FLOOR"] = "100";
    for (int n = 1; n <= 30; ++n)
        world.tenant({.n = n,
                      .name = "Acme " + std::to_string(n),
                      .admin_email = std::to_string(n) + "@acme.example"});
    auto const ended = job({"undo", applied(), "--yes"}, everything);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("and 10 more"));
    EXPECT_EQ(count("customer_reconcile.drift WHERE kind = 'missing'"), "30");
    EXPECT_EQ(database.rows("SELECT counts #>> '{residual,missing,found}' FROM"
                            " customer_reconcile.run WHERE mode = 'undo'"),
              (std::vector<std::vector<std::string>>{{"30"}}));
    EXPECT_EQ(parsed(undo(applied(), {"--yes"}, everything))
                  .at_pointer("/residual/items")
                  .as_array()
                  .size(),
              30U);
}

TEST_P(UndoTest, CannotBeDoneTwiceButCanBeRedone)
{
    auto const run = customer_of_acme();
    undo(run);
    auto const undoing = latest_run();
    auto const twice = undo(run);
    EXPECT_EQ(twice.exit_code, 65);
    EXPECT_THAT(twice.err, AllOf(HasSubstr(run), HasSubstr("undo " + undoing)));
    EXPECT_EQ(companies(), "0");
    EXPECT_EQ(undo(undoing).exit_code, 0);
    EXPECT_EQ(companies(), "1");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
}

TEST_P(UndoTest, RefusesUnknownRunsAndThoseStillAtWork)
{
    auto const run = customer_of_acme();
    EXPECT_EQ(undo(tenant_id(999)).exit_code, 65);
    EXPECT_EQ(undo("yesterday").exit_code, 65);
    database.execute(
        "DELETE FROM customer_reconcile.run_end;"
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at)"
        " SELECT tenant, run_id, 'far', now() + interval '5 min'"
        " FROM customer_reconcile.run");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, HasSubstr("still at work"));
    EXPECT_EQ(companies(), "1");
}

TEST_P(UndoTest, CustomerWhoseNameWasEditedIsKept)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET {company}_name = 'Acme Inc' WHERE {company}_id = '" +
                     made_company() + "'");
    expect_kept(run, "Acme Inc");
}

TEST_P(UndoTest, CustomerWithAnEditedNoteIsKept)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET notes = 'call on Monday' WHERE {company}_id = '" +
                     made_company() + "'");
    expect_kept(run, "call on Monday");
}

TEST_P(UndoTest, CustomerWithAnEditInAColumnThatTheJobNeverWritesIsKept)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET billing_cycle = 'annually' WHERE {company}_id = '" +
                     made_company() + "'");
    expect_kept(run, "annually");
}

TEST_P(UndoTest, CustomerWhoseContactWasEditedIsKeptAndThePersonIsNotNamed)
{
    auto const run = customer_of_acme();
    auto const contact =
        " FROM contacts WHERE email = 'ada@acme.example' AND tenant = '" + tenant_id(0) + "'";
    auto const made = database.value("SELECT full_name" + contact);
    database.execute(
        "UPDATE contacts SET full_name = 'Ada Byron', notes = 'of Ada Byron' WHERE"
        " contact_name_id IN (SELECT contact_name_id" +
        contact + ")");
    expect_kept(run, "'s full_name was changed");
    for (auto const& ended : {job({"show", latest_run()}), job({"explain", "Acme"}), undo(run)}) {
        EXPECT_THAT(ended.out, HasSubstr("'s full_name was changed"));
        EXPECT_THAT(ended.out + ended.err, AllOf(Not(HasSubstr("Byron")), Not(HasSubstr(made))));
    }
}

TEST_P(UndoTest, CustomerThatSomethingRefersToIsKept)
{
    auto const run = customer_of_acme();
    database.execute("INSERT INTO tickets (tenant, {company}_id, title, ticket_number) VALUES ('" +
                     tenant_id(0) + "', '" + made_company() + "', 'Printer', '1')");
    expect_kept(run, "tickets");
}

TEST_P(UndoTest, CustomerThatARowWithoutAForeignKeyRefersToIsKept)
{
    database.execute_file("soft_references.sql");
    auto const run = customer_of_acme();
    database.execute(
        "INSERT INTO document_associations (tenant, entity_type, entity_id) VALUES ('" +
        tenant_id(0) + "', '{company}', '" + made_company() + "')");
    expect_kept(run, "1 row of document_associations");
}

TEST_P(UndoTest, AChangedTypeOfTheEmailIsNoTouch)
{
    auto const run = customer_of_acme();
    if (!database.has_column("contacts", "primary_email_canonical_type"))
        return;
    database.execute("UPDATE contacts SET primary_email_canonical_type = NULL");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
}

TEST_P(UndoTest, ContactsThatPeopleAddedToAKeptCustomerStayActive)
{
    auto const run = customer_of_acme();
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES ('" +
                     tenant_id(0) + "', '" + made_company() + "', 'Eve', 'eve@acme.example')");
    expect_kept(run, "another contact");
    EXPECT_EQ(count("contacts WHERE email = 'eve@acme.example' AND is_inactive"), "0");
}

TEST_P(UndoTest, WhatWasKeptIsCountedAndComesFirst)
{
    for (int n = 2; n <= 4; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET notes = 'call on Monday' WHERE {company}_id = '" +
                     made_company() + "'");
    auto const ended = job({"undo", run, "--yes"}, kEverything);
    EXPECT_EQ(ended.exit_code, 4);
    EXPECT_THAT(ended.out, AllOf(HasSubstr("taken back was not all of it: 1 kept"),
                                 HasSubstr("undone: not all of it: 1 kept"),
                                 Not(HasSubstr("some changes failed"))));
    auto const kept = ended.out.find("Kept: touched since");
    auto const done = ended.out.find("Done: restore");
    ASSERT_NE(kept, std::string::npos) << ended.out;
    EXPECT_LT(kept, done);
    EXPECT_LT(ended.out.find("call on Monday"), done);
}

TEST_P(UndoTest, ContactThatOtherRowsReferToIsKeptWithThem)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1, .name = "Acme", .link = tenant_id(1)});
    init();
    auto const run = applied();
    database.execute(
        "INSERT INTO tickets (tenant, contact_name_id, ticket_number, title) SELECT tenant,"
        " contact_name_id, '1', 'Printer' FROM contacts WHERE email = 'ada@acme.example' AND"
        " tenant = '" +
        tenant_id(0) + "'");

    auto const ended = undo(run);

    EXPECT_EQ(ended.exit_code, 4) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("is kept: it is referred to by 1 row of tickets"));
    EXPECT_EQ(
        count("contacts WHERE email = 'ada@acme.example' AND tenant = '" + tenant_id(0) + "'"),
        "1");
    EXPECT_EQ(count("tickets WHERE contact_name_id IS NOT NULL"), "1");
}

TEST_P(UndoTest, AKeptCustomerWhoseContactAPersonReactivatesIsTouchedAgain)
{
    auto const run = customer_of_acme();
    database.execute("INSERT INTO tickets (tenant, {company}_id, title, ticket_number) VALUES ('" +
                     tenant_id(0) + "', '" + made_company() + "', 'Printer', '1')");
    expect_kept(run, "tickets");
    database.execute(
        "DELETE FROM tickets; UPDATE contacts SET is_inactive = false WHERE email ="
        " 'ada@acme.example'");
    expect_kept(run, "is_inactive was true, and is false");
}

TEST_P(UndoTest, DefinitionOfATagComesBackAsItWasMade)
{
    customer_of_acme();
    auto const before = definitions_with_times();
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(definitions_with_times(), before);
}

TEST_P(UndoTest, WhatAPersonHasChangedSinceStaysAndIsSaid)
{
    world_of_every_drift();
    auto const run = applied();
    database.execute("UPDATE {companies} SET {company}_name = 'Third Name' WHERE {company}_id = '" +
                     company_id(6) + "'");
    database.execute(
        "UPDATE {companies} SET properties = properties || '{\"color\": \"red\"}'"
        " WHERE {company}_id = '" +
        company_id(3) + "'");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_THAT(ended.out, AllOf(HasSubstr("New Name"), HasSubstr("and is \\\"Third Name\\\"")));
    EXPECT_EQ(database.value("SELECT properties->>'tenant_id' || ' ' || (properties->>'color')"
                             " FROM {companies} WHERE {company}_id = '" +
                             company_id(3) + "'"),
              "Legacy red");
}

TEST_P(UndoTest, ChangesThatChangedNothingAreNotUndone)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE customer_reconcile.change SET outcome = 'already_present'");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, HasSubstr("changed nothing"));
    EXPECT_EQ(companies(), "1");
}

TEST_P(UndoTest, AJournalOfAnOlderVersionIsBroughtUpWithItsImages)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    apply();
    database.execute(
        journal_back_to_version_3() +
        "ALTER TABLE customer_reconcile.change ALTER before TYPE jsonb, ALTER after TYPE jsonb;"
        " DELETE FROM customer_reconcile.version WHERE version > 2");
    EXPECT_EQ(job({"apply", "--yes"}).exit_code, 65);

    EXPECT_THAT(JobTest::init().out, HasSubstr("now of version 6"));

    EXPECT_EQ(count("information_schema.columns WHERE table_schema = 'customer_reconcile'"
                    " AND column_name IN ('before', 'after') AND data_type = 'json'"),
              "2");
    auto const run = database.value("SELECT run_id FROM customer_reconcile.run");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(count("{companies} WHERE notes LIKE 'PSA Customer - Tenant: %'"), "0");
}

TEST_P(UndoTest, ImagesOfTheFirstJournalVersionSayWhyTheyAreNotEnough)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE customer_reconcile.change SET after = after::jsonb - 'made'");
    auto const ended = undo(run);
    EXPECT_THAT(ended.out, HasSubstr("cannot be undone: "));
    EXPECT_EQ(companies("NOT is_inactive"), "1");
}

TEST_P(UndoTest, ThatDeactivatesCompaniesIsACleanUpForTheGuards)
{
    for (int n = 1; n <= 3; ++n) {
        auto const name = "Tenant " + std::to_string(n);
        auto const email = "a" + std::to_string(n) + "@t.example";
        world.tenant({.n = n, .name = name, .admin_email = email});
        world.company(
            {.n = n, .name = name, .link = tenant_id(n), .inactive = true, .contact_email = email});
    }
    init();
    auto const run = applied();
    auto tight = kEverything;
    tight["CUSTOMER_RECONCILE_GUARD_CLEANUP_FLOOR"] = "1";
    auto const refused = undo(run, {"--yes"}, tight);
    EXPECT_EQ(refused.exit_code, 3) << refused.out;
    EXPECT_EQ(count("{companies} WHERE {company}_id < '" + company_id(99) + "' AND is_inactive"),
              "0");
}

TEST_P(UndoTest, PassesTheSameGuardsAndCanBeAllowedForJustItsCount)
{
    for (int n = 1; n <= 3; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    init();
    auto const run = applied();
    auto tight = kEverything;
    tight["CUSTOMER_RECONCILE_GUARD_CLEANUP_FLOOR"] = "1";
    auto const refused = undo(run, {"--yes"}, tight);
    EXPECT_EQ(refused.exit_code, 3) << refused.err;
    EXPECT_EQ(companies(), "1");
    EXPECT_THAT(job({"undo", run}, tight).out,
                HasSubstr("customer-reconcile undo " + run + " --yes --allow cleanup=3 --reason"));
    EXPECT_THAT(job({"undo", run, "--yes"}, tight).out, HasSubstr("undone: not all of it"));
    EXPECT_EQ(undo(run, {"--yes", "--allow=cleanup=2", "--reason=x"}, tight).exit_code, 3);
    auto const allowed = job({"undo", run, "--yes", "--allow=cleanup=3", "--reason=x"}, tight);
    EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
    EXPECT_THAT(allowed.out, HasSubstr("undone: yes"));
    EXPECT_EQ(companies(), "0");
}

TEST_P(UndoTest, InTwoStepsEndsAndLeavesOutWhatTheFirstHasTakenBack)
{
    TenantSeed const legacy{.n = 3, .name = "Legacy", .admin_email = "a3@t.example"};
    world.tenant(legacy);
    world.old_workflow(legacy);
    for (int n = 1; n <= 2; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    auto tight = kEverything;
    tight["CUSTOMER_RECONCILE_GUARD_CLEANUP_FLOOR"] = "1";
    EXPECT_EQ(undo(run, {"--yes"}, tight).exit_code, 3);
    auto const first = latest_run();
    auto const rest = undo(run);
    EXPECT_EQ(rest.exit_code, 0) << rest.out;
    EXPECT_EQ(parsed(rest).at("items").as_array().size(), 2U);
    EXPECT_THAT(rest.out, HasSubstr("what run " + first + " has taken back"));
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(undo(run).exit_code, 65) << "it is undone";

    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(undo(first).exit_code, 0);
    EXPECT_EQ(owned(), after);
}

TEST_P(UndoTest, ThatWasStoppedAfterItsLastChangeHasNothingLeftToDo)
{
    auto const run = customer_of_acme();
    undo(run);
    database.execute(
        "UPDATE customer_reconcile.run_end e SET outcome = 'interrupted'"
        " FROM customer_reconcile.run_start s WHERE s.run_id = e.run_id AND s.mode = 'undo'");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 0) << ended.out;
    EXPECT_EQ(parsed(ended).at("items").as_array().size(), 0U);
}

TEST_P(UndoTest, CustomerThatWasKeptIsRemovedWhenNothingHoldsItAnyMore)
{
    auto const run = customer_of_acme();
    database.execute("INSERT INTO tickets (tenant, {company}_id, title, ticket_number) VALUES ('" +
                     tenant_id(0) + "', '" + made_company() + "', 'Printer', '1')");
    expect_kept(run, "tickets");
    auto const held = undo(run);
    EXPECT_EQ(held.exit_code, 4);
    auto const reason = parsed(held).at_pointer("/items/0/result/reason");
    EXPECT_THAT(std::string{reason.as_string()}, AllOf(HasSubstr("tickets"), Not(HasSubstr(";"))))
        << "what the first undo did is nobody else's";
    database.execute("DELETE FROM tickets");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 0) << ended.out;
    EXPECT_EQ(companies(), "0");
}

TEST_P(UndoTest, ThatCanTakeNothingBackIsPartialAndCanBeRepeated)
{
    world.tenant({.n = 6, .name = "New Name", .admin_email = "a6@t.example"});
    world.company(
        {.n = 6, .name = "Old Name", .link = tenant_id(6), .contact_email = "a6@t.example"});
    init();
    auto const run = applied();
    auto const set_name = [&](std::string const& name) {
        database.execute("UPDATE {companies} SET {company}_name = '" + name +
                         "' WHERE {company}_id = '" + company_id(6) + "'");
    };
    set_name("Third Name");
    EXPECT_EQ(undo(run).exit_code, 4);
    EXPECT_EQ(count("{companies} WHERE {company}_name = 'Third Name'"), "1");
    set_name("New Name");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(count("{companies} WHERE {company}_name = 'Old Name'"), "1");
}

TEST_P(UndoTest, DefinitionOfATagThatAPersonHasEditedStays)
{
    auto const run = customer_of_acme();
    auto const definitions = "tag_definitions WHERE tenant = '" + tenant_id(0) + "'";
    ASSERT_EQ(count(definitions), "1");
    database.execute("UPDATE tag_definitions SET background_color = '#000000'");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
    EXPECT_EQ(count(definitions), "1");
}

TEST_BOTH_GENERATIONS(UndoTest);

}  // namespace

}  // namespace tracking::testing
