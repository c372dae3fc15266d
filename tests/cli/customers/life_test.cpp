// The life of customers after the first night: tenants return, admins change, names pass on.

#include "tests/cli/job_test.hpp"

#include <boost/algorithm/string/case_conv.hpp>

#include <utility>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LifeTest : public JobTest
{
protected:
    LifeTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ann@acme.example"});
        world.tenant({.n = 2, .name = "Beta", .admin_email = "bob@beta.example"});
        init();
        EXPECT_EQ(apply().exit_code, 0);
    }

    boost::json::value night(std::vector<std::string> const& options = {})
    {
        std::vector<std::string> arguments{"apply",          "--yes",          "--format=json",
                                           "--grace-runs=1", "--grace-time=0", "--guard-tenants=0"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        auto const ended = job(arguments);
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
        return parsed(ended);
    }

    static std::int64_t applied(boost::json::value const& report, std::string const& change)
    {
        return report.at_pointer("/changes/" + change + "/applied").to_number<std::int64_t>();
    }

    void user_gets(int n, std::string const& email)
    {
        database.execute("UPDATE users SET email = '" + email + "' WHERE user_id = '" + user_id(n) +
                         "'");
    }

    /// "address: name" of each active contact of the customer, in order.
    std::vector<std::string> contacts_of(int n)
    {
        std::vector<std::string> all;
        for (auto const& row : database.rows(
                 "SELECT p.email || ': ' || p.full_name FROM contacts p JOIN {companies} c"
                 " USING (tenant, {company}_id) WHERE NOT COALESCE(p.is_inactive, false)"
                 " AND c.properties ->> 'tenant_id' = '" +
                 tenant_id(n) + "' ORDER BY 1"))
            all.push_back(row.front());
        return all;
    }

    /// The definition stays where a clean-up is taken back.
    void define_canceled()
    {
        database.execute("INSERT INTO tag_definitions (tenant, tag_text, tagged_type) VALUES ('" +
                         tenant_id(0) + "', 'Canceled', '{company}')");
    }

    std::string name_of_customer(int n)
    {
        return database.value("SELECT {company}_name FROM {companies} WHERE tenant = '" +
                              tenant_id(0) + "' AND properties ->> 'tenant_id' = '" + tenant_id(n) +
                              "'");
    }

    std::string run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    Ended undo(std::string const& run)
    {
        database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                         roles().writer());
        return job({"undo", run, "--yes", "--format=json"});
    }
};

TEST_P(LifeTest, CleanUpThenReturnIsTheIdentityOnRows)
{
    define_canceled();
    database.execute(
        "UPDATE {companies} SET is_inactive = NULL WHERE {company}_name = 'Acme'; UPDATE contacts"
        " SET is_inactive = NULL WHERE email = 'ann@acme.example' AND tenant = '" +
        tenant_id(0) + "'");
    auto const before = owned();
    world.tenant_goes(1);
    EXPECT_EQ(applied(night(), "clean_up"), 1);
    EXPECT_NE(owned(), before);
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ann@acme.example"});

    EXPECT_EQ(found(plan(), "returned"), 1);
    EXPECT_EQ(applied(night(), "reactivate"), 1);

    EXPECT_EQ(owned(), before);
    EXPECT_EQ(night().at_pointer("/converged"), true);
}

TEST_P(LifeTest, AReturnCanBeUndoneAndIsNotTakenForThePlatformsOwn)
{
    world.tenant_goes(1);
    night();
    auto const cleaned_up = owned();
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ann@acme.example"});
    night();
    EXPECT_EQ(undo(run()).exit_code, 0);
    EXPECT_EQ(owned(), cleaned_up);
    EXPECT_EQ(found(plan(), "returned"), 0) << "the last that the job did was no clean-up";
    EXPECT_EQ(found(plan(), "inactive"), 1);
}

TEST_P(LifeTest, ACleanUpThatWasTakenBackAndDoneAgainIsTakenBackWhereTheTenantReturns)
{
    define_canceled();
    auto const before = owned();
    world.tenant_goes(1);
    night();
    EXPECT_EQ(undo(run()).exit_code, 0);
    EXPECT_EQ(undo(run()).exit_code, 0) << "the clean-up is done again";
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ann@acme.example"});
    EXPECT_EQ(found(plan(), "returned"), 1);
    night();
    EXPECT_EQ(owned(), before);
}

TEST_P(LifeTest, AnAddressThatPassedToAnAddedContactIsTakenBackInOneUndo)
{
    for (auto const& [giver, taker] : {std::pair{1, 2}, std::pair{2, 1}}) {
        auto const former = giver == 1 ? std::string{"ann@acme.example"} : "bob@beta.example";
        database.execute("DELETE FROM contacts WHERE tenant = '" + tenant_id(0) +
                         "' AND email <> '" + former + "'");
        user_gets(giver, "new" + std::to_string(giver) + "@x.example");
        user_gets(taker, former);
        auto const before = owned();
        auto const report = night();
        EXPECT_EQ(applied(report, "change_contact"), 1);
        EXPECT_EQ(applied(report, "repair_contact"), 1);
        auto const ended = undo(run());
        EXPECT_EQ(ended.exit_code, 0) << ended.out;
        EXPECT_EQ(owned(), before);
        user_gets(giver, former);
        user_gets(taker, taker == 1 ? "ann@acme.example" : "bob@beta.example");
        night();
    }
}

TEST_P(LifeTest, ShowDoesNotSayWhichItemsWereNewToAPastRun)
{
    world.tenant_goes(1);
    ASSERT_EQ(job({"apply", "--yes", "--guard-tenants=0"}).exit_code, 0) << "the orphan is seen";
    auto const own = night();
    EXPECT_EQ(own.at_pointer("/items/0/new"), false);
    auto const shown = parsed(job({"show", run(), "--format=json"}));
    EXPECT_EQ(shown.at_pointer("/overview/since_last_run"),
              own.at_pointer("/overview/since_last_run"));
    EXPECT_TRUE(shown.at_pointer("/items/0/new").is_null());
}

TEST_P(LifeTest, ADecisionThatWasTakenBackHidesNoCleanUp)
{
    define_canceled();
    auto const before = owned();
    world.tenant_goes(1);
    night();
    ASSERT_EQ(job({"ignore", "Acme", "--reason=x", "--yes"}).exit_code, 0);
    EXPECT_EQ(undo(run()).exit_code, 0);
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ann@acme.example"});
    night();
    EXPECT_EQ(owned(), before);
}

// A person writes capitals, and an I is one of them: see `odd`.
TEST_P(LifeTest, AnAddressInCapitalsIsTheSameAddress)
{
    user_gets(1, "idi@acme.example");
    night();
    auto const in_capitals = [&](std::string const& email) {
        database.execute("UPDATE contacts SET email = '" + boost::algorithm::to_upper_copy(email) +
                         "' WHERE email = '" + email + "' AND tenant = '" + tenant_id(0) + "'");
    };
    in_capitals("idi@acme.example");
    user_gets(1, "iris@acme.example");
    EXPECT_EQ(applied(night(), "change_contact"), 1);
    EXPECT_THAT(contacts_of(1), ElementsAre(HasSubstr("iris@acme.example: ")));

    world.tenant({.n = 3, .name = "Gamma", .admin_email = "info@gamma.example"});
    world.tenant({.n = 4, .name = "Delta", .admin_email = "élan@delta.example"});
    world.company(
        {.n = 9, .name = "Press", .tagged = false, .contact_email = "INFO@GAMMA.EXAMPLE"});
    auto const ended = apply();
    EXPECT_EQ(found(parsed(ended), "email_taken"), 1);
    EXPECT_THAT(contacts_of(3), IsEmpty());
}

TEST_P(LifeTest, TheUndoOfAReturnDoesWithoutATagWhoseDefinitionIsGone)
{
    world.tenant_goes(1);
    night();
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ann@acme.example"});
    night();
    ASSERT_EQ(count("tag_definitions WHERE tag_text = 'Canceled'"), "1");
    database.execute("DELETE FROM tag_definitions WHERE tag_text = 'Canceled'");
    auto const ended = undo(run());
    EXPECT_EQ(ended.exit_code, 4) << ended.out << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("its tag is not defined any more"));
    EXPECT_EQ(count("{companies} WHERE {company}_name = 'Acme' AND is_inactive"), "1");
}

// L5: it was active again with the tag "Canceled", and nobody said so.
TEST_P(LifeTest, WhatThePlatformCancelledIsReactivatedWithoutItsTag)
{
    auto const company = database.value("SELECT {company}_id FROM {companies} WHERE tenant = '" +
                                        tenant_id(0) + "' AND {company}_name = 'Acme'");
    auto const before = owned();
    database.execute("INSERT INTO tag_definitions (tenant, tag_text, tagged_type) VALUES ('" +
                     tenant_id(0) + "', 'Canceled', '{company}')");
    database.execute(
        "INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type) SELECT tenant, tag_id,"
        " '" +
        company + "', tagged_type FROM tag_definitions WHERE tag_text = 'Canceled'");
    EXPECT_EQ(found(plan(), "inactive"), 1) << "the tag alone is drift";
    database.execute("UPDATE {companies} SET is_inactive = true WHERE {company}_id = '" + company +
                     "'; UPDATE contacts SET is_inactive = true WHERE {company}_id = '" + company +
                     "'");
    EXPECT_THAT(job({"explain", "Acme"}).out, HasSubstr("carries the tag \"Canceled\""));

    night({"--drift-inactive=apply"});

    EXPECT_EQ(owned().at("tag_mappings"), before.at("tag_mappings"));
    EXPECT_EQ(owned().at("contacts"), before.at("contacts"));
    EXPECT_EQ(found(plan(), "inactive"), 0);
    auto const undone = undo(run());
    EXPECT_EQ(undone.exit_code, 0) << undone.err;
    EXPECT_THAT(job({"explain", "Acme"}).out,
                AllOf(HasSubstr("company is inactive"), HasSubstr("contact is inactive"),
                      HasSubstr("carries the tag")));
}

TEST_P(LifeTest, AContactFollowsItsUserInPlaceAndTheUndoTakesItBack)
{
    auto const before = owned();
    auto const contacts = count("contacts");
    user_gets(1, "ann.lee@acme.example");
    database.execute("UPDATE users SET last_name = 'Married' WHERE user_id = '" + user_id(1) + "'");
    EXPECT_EQ(applied(night(), "change_contact"), 1);
    EXPECT_THAT(contacts_of(1), ElementsAre("ann.lee@acme.example: Ada Married"));
    EXPECT_EQ(count("contacts"), contacts);
    auto const undone = undo(run());
    EXPECT_EQ(undone.exit_code, 0) << undone.err;
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(applied(night(), "change_contact"), 1) << "the journal remembers what it wrote";
    EXPECT_THAT(contacts_of(1), ElementsAre("ann.lee@acme.example: Ada Married"));
}

// L6: "No drift", though each company showed the other's admin.
TEST_P(LifeTest, AdminsWhoSwapTheirAddressesAreSwapped)
{
    user_gets(1, "moving@x.example");
    user_gets(2, "ann@acme.example");
    user_gets(1, "bob@beta.example");
    EXPECT_EQ(applied(night(), "change_contact"), 2);
    EXPECT_THAT(contacts_of(1), ElementsAre("bob@beta.example: Ada Admin"));
    EXPECT_THAT(contacts_of(2), ElementsAre("ann@acme.example: Ada Admin"));
    auto const undone = undo(run());
    EXPECT_EQ(undone.exit_code, 0) << undone.err;
    EXPECT_THAT(contacts_of(1), ElementsAre("ann@acme.example: Ada Admin"));
}

TEST_P(LifeTest, ANewAdminIsAddedAndTheContactOfTheFormerOneIsStale)
{
    database.execute("UPDATE users SET is_inactive = true WHERE user_id = '" + user_id(1) +
                     "'; UPDATE tenants SET email = 'office@acme.example' WHERE tenant = '" +
                     tenant_id(1) + "'");
    world.further_admin(1, 71, "eve@acme.example");
    auto const report = night();
    EXPECT_EQ(found(report, "contact_stale"), 1);
    EXPECT_THAT(contacts_of(1),
                ElementsAre("ann@acme.example: Ada Admin", "eve@acme.example: Eve Other"));
    EXPECT_EQ(applied(night({"--drift-contact-stale=apply"}), "retire_contact"), 1);
    EXPECT_THAT(contacts_of(1), ElementsAre("eve@acme.example: Eve Other"));
    EXPECT_EQ(undo(run()).exit_code, 0);
    EXPECT_THAT(contacts_of(1),
                ElementsAre("ann@acme.example: Ada Admin", "eve@acme.example: Eve Other"));
}

TEST_P(LifeTest, AllAdminsBecomeContactsWhereThatIsAskedFor)
{
    world.further_admin(1, 71, "eve@acme.example");
    world.tenant({.n = 3, .name = "Crew", .admin_email = "cap@crew.example"});
    world.further_admin(3, 72, "mate@crew.example", "Mat");
    EXPECT_EQ(found(plan(), "contact_missing"), 0) << "the first admin is the contact";
    auto const before = owned();

    auto const report = night({"--contacts=admins"});

    EXPECT_EQ(applied(report, "repair_contact"), 1);
    EXPECT_EQ(applied(report, "create"), 1);
    EXPECT_EQ(report.at("converged"), true);
    EXPECT_THAT(contacts_of(1),
                ElementsAre("ann@acme.example: Ada Admin", "eve@acme.example: Eve Other"));
    EXPECT_THAT(contacts_of(3),
                ElementsAre("cap@crew.example: Ada Admin", "mate@crew.example: Mat Other"));
    EXPECT_EQ(undo(run()).exit_code, 0);
    EXPECT_EQ(owned(), before);
}

TEST_P(LifeTest, FurtherAdminsAreFollowedToo)
{
    world.further_admin(1, 71, "eve@acme.example");
    night({"--contacts=admins"});
    user_gets(71, "eva@acme.example");
    EXPECT_EQ(applied(night({"--contacts=admins"}), "change_contact"), 1);
    EXPECT_THAT(contacts_of(1),
                ElementsAre("ann@acme.example: Ada Admin", "eva@acme.example: Eve Other"));
    user_gets(1, "moving@x.example");
    user_gets(71, "ann@acme.example");
    user_gets(1, "eva@acme.example");
    EXPECT_EQ(applied(night({"--contacts=admins"}), "change_contact"), 1);
    EXPECT_THAT(contacts_of(1),
                ElementsAre("ann@acme.example: Eve Other", "eva@acme.example: Ada Admin"));

    database.execute("UPDATE contacts SET is_inactive = true WHERE email = 'ann@acme.example'");
    EXPECT_EQ(applied(night({"--contacts=admins", "--drift-inactive=apply"}), "reactivate"), 1);
    EXPECT_EQ(contacts_of(1).size(), 2u);
}

TEST_P(LifeTest, AFurtherAdminWhoseAddressIsAnotherCompanysContactIsReported)
{
    world.further_admin(1, 71, "bob@beta.example");
    auto const report = night({"--contacts=admins"});
    EXPECT_EQ(found(report, "email_taken"), 1);
    EXPECT_THAT(contacts_of(1), ElementsAre("ann@acme.example: Ada Admin"));
    EXPECT_THAT(job({"explain", "Acme", "--contacts=admins"}).out,
                HasSubstr("***@beta.example is a contact of company"));
}

TEST_P(LifeTest, AContactThatAPersonMadeOrTouchedIsNeverChanged)
{
    database.execute(
        "UPDATE contacts SET full_name = 'Ann (the boss)' WHERE email ="
        " 'ann@acme.example' AND tenant = '" +
        tenant_id(0) + "'");
    user_gets(1, "ann.lee@acme.example");
    night({"--drift-contact-stale=apply"});
    EXPECT_THAT(contacts_of(1),
                ElementsAre("ann.lee@acme.example: Ada Admin", "ann@acme.example: Ann (the boss)"));
}

TEST_P(LifeTest, AnAddressOfACancelledCustomerIsNamedWithTheStatementThatMakesWay)
{
    world.tenant_goes(1);
    night();
    world.tenant({.n = 3, .name = "Acme again", .admin_email = "ann@acme.example"});
    auto const report = night();
    EXPECT_EQ(found(report, "email_taken"), 1);
    std::string statement;
    for (auto const& item : report.at("items").as_array()) {
        if (item.at("kind") == "email_taken")
            statement = item.at("detail").as_string().c_str();
    }
    EXPECT_THAT(statement, HasSubstr("inactive contact"));
    statement.erase(0, statement.find("UPDATE"));
    database.execute(statement);
    night();
    EXPECT_THAT(contacts_of(3), ElementsAre("ann@acme.example: Ada Admin"));
}

// Somebody takes the tag off each day, and the job puts it on each night.
TEST_P(LifeTest, WhatTheJobChangesAgainAndAgainIsMarked)
{
    auto const take_off = [&] { database.execute("DELETE FROM tag_mappings"); };
    for (int runs = 0; runs < 3; ++runs) {
        EXPECT_THAT(job({"plan"}).out, Not(HasSubstr("again: ")));
        take_off();
        night();
    }
    take_off();
    EXPECT_THAT(job({"plan"}).out, HasSubstr("again: 3"));
    EXPECT_EQ(plan().at_pointer("/items/0/again"), 3);
}

// Nobody changes anything back here.
TEST_P(LifeTest, ThreeDifferentChangesAreNoneThatIsMadeAgain)
{
    user_gets(1, "ann.new@acme.example");
    EXPECT_EQ(applied(night(), "change_contact"), 1);
    database.execute(
        "UPDATE tenants SET {company}_name = 'Acme Ltd' WHERE {company}_name = 'Acme'");
    EXPECT_EQ(applied(night({"--drift-renamed=apply"}), "rename"), 1);
    database.execute("DELETE FROM tag_mappings");
    EXPECT_THAT(job({"plan"}).out, AllOf(HasSubstr("untagged"), Not(HasSubstr("again: "))));
}

// L9: "Beta (00000001)" and "Acme (00000002)" for ever, though both plain names were free.
TEST_P(LifeTest, NamesThatAreSwappedEndInThePlainNames)
{
    database.execute(
        "UPDATE tenants SET {company}_name = CASE {company}_name WHEN 'Acme' THEN"
        " 'Beta' ELSE 'Acme' END WHERE {company}_name IN ('Acme', 'Beta')");
    EXPECT_EQ(applied(night({"--drift-renamed=apply"}), "rename"), 2);
    EXPECT_EQ(name_of_customer(1), "Beta");
    EXPECT_EQ(name_of_customer(2), "Acme");
    auto const undone = undo(run());
    EXPECT_EQ(undone.exit_code, 0) << undone.err;
    EXPECT_EQ(name_of_customer(1), "Acme");
}

// It ended by a signal: names and addresses came into one batch.
TEST_P(LifeTest, NamesAndAddressesAreSwappedInOneNight)
{
    database.execute(
        "UPDATE tenants SET {company}_name = CASE {company}_name WHEN 'Acme' THEN"
        " 'Beta' ELSE 'Acme' END WHERE {company}_name IN ('Acme', 'Beta')");
    user_gets(1, "moving@x.example");
    user_gets(2, "ann@acme.example");
    user_gets(1, "bob@beta.example");
    auto const report = night({"--drift-renamed=apply"});
    EXPECT_EQ(applied(report, "rename"), 2);
    EXPECT_EQ(applied(report, "change_contact"), 2);
    EXPECT_EQ(name_of_customer(1), "Beta");
    EXPECT_THAT(contacts_of(1), ElementsAre("bob@beta.example: Ada Admin"));
}

TEST_P(LifeTest, APlainNameThatIsFreeAgainIsRenamedDrift)
{
    world.tenant({.n = 3, .name = "Acme", .admin_email = "carl@acme.example"});
    night();
    EXPECT_THAT(name_of_customer(3), HasSubstr("Acme ("));
    EXPECT_EQ(found(plan(), "renamed"), 0);
    database.execute("UPDATE tenants SET {company}_name = 'Acme Old' WHERE tenant = '" +
                     tenant_id(1) + "'");
    EXPECT_EQ(applied(night({"--drift-renamed=apply"}), "rename"), 2);
    EXPECT_EQ(name_of_customer(1), "Acme Old");
    EXPECT_EQ(name_of_customer(3), "Acme");
}

TEST_BOTH_GENERATIONS(LifeTest);

}  // namespace

}  // namespace tracking::testing
