#include "tests/cli/undo/undo_fixture.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class UndoTest : public UndoFixture
{
protected:
    void revoke(std::string const& granted)
    {
        database.execute("REVOKE " + granted + " FROM " + roles().writer());
    }
};

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

TEST_P(UndoTest, ATagThatAPersonHasTakenOffSinceNeedsNoUndo)
{
    world.tenant({.n = 6, .name = "Acme", .admin_email = "a6@t.example"});
    world.company({.n = 6,
                   .name = "Acme",
                   .link = tenant_id(6),
                   .tagged = false,
                   .contact_email = "a6@t.example"});
    init();
    auto const run = applied();
    ASSERT_EQ(count("tag_mappings"), "1");
    database.execute("DELETE FROM tag_mappings");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 0) << ended.out;
    EXPECT_EQ(count("tag_definitions"), "0") << "the run had defined it";
}

TEST_P(UndoTest, AContactThatAPersonHasDeletedSinceNeedsNoUndo)
{
    auto const run = contact_of_acme();
    database.execute("DELETE FROM contacts");
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 0) << ended.out;
    EXPECT_EQ(parsed(ended).at_pointer("/items/0/result/outcome"), "already_present");
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

TEST_BOTH_GENERATIONS(UndoTest);

}  // namespace

}  // namespace tracking::testing
