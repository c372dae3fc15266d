#include "tests/cli/undo/undo_fixture.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Customers that the run made and that an undo leaves, since somebody has touched them.
class KeptCustomerTest : public UndoFixture
{
protected:
    std::string made_company()
    {
        return database.value(
            "SELECT company_id FROM customer_reconcile.change WHERE change = 'create' AND"
            " tracked_tenant = '" +
            tenant_id(1) + "' LIMIT 1");
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

TEST_P(KeptCustomerTest, CustomerWhoseNameWasEditedIsKept)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET {company}_name = 'Acme Inc' WHERE {company}_id = '" +
                     made_company() + "'");
    expect_kept(run, "Acme Inc");
}

TEST_P(KeptCustomerTest, CustomerWithAnEditedNoteIsKept)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET notes = 'call on Monday' WHERE {company}_id = '" +
                     made_company() + "'");
    expect_kept(run, "call on Monday");
}

TEST_P(KeptCustomerTest, CustomerWithAnEditInAColumnThatTheJobNeverWritesIsKept)
{
    auto const run = customer_of_acme();
    database.execute("UPDATE {companies} SET billing_cycle = 'annually' WHERE {company}_id = '" +
                     made_company() + "'");
    expect_kept(run, "annually");
}

TEST_P(KeptCustomerTest, CustomerWhoseContactWasEditedIsKeptAndThePersonIsNotNamed)
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

TEST_P(KeptCustomerTest, CustomerThatSomethingRefersToIsKept)
{
    auto const run = customer_of_acme();
    database.execute("INSERT INTO tickets (tenant, {company}_id, title, ticket_number) VALUES ('" +
                     tenant_id(0) + "', '" + made_company() + "', 'Printer', '1')");
    expect_kept(run, "tickets");
}

TEST_P(KeptCustomerTest, CustomerThatARowWithoutAForeignKeyRefersToIsKept)
{
    database.execute_file("soft_references.sql");
    auto const run = customer_of_acme();
    database.execute(
        "INSERT INTO document_associations (tenant, entity_type, entity_id) VALUES ('" +
        tenant_id(0) + "', '{company}', '" + made_company() + "')");
    expect_kept(run, "1 row of document_associations");
}

TEST_P(KeptCustomerTest, WhoIsAnotherTenantsCustomerByNowIsLeftAsItIs)
{
    auto const run = customer_of_acme();
    world.tenant_goes(1);
    world.tenant({.n = 2, .name = "Acme", .admin_email = "ada@acme.example"});
    ASSERT_EQ(job({"link", tenant_id(2), "Acme", "--reason=new contract", "--yes"}).exit_code, 0);
    auto const before = owned();
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("the customer of tenant " + tenant_id(2) + " by now"));
    EXPECT_EQ(owned(), before);
}

TEST_P(KeptCustomerTest, AChangedTypeOfTheEmailIsNoTouch)
{
    auto const run = customer_of_acme();
    if (!database.has_column("contacts", "primary_email_canonical_type"))
        return;
    database.execute("UPDATE contacts SET primary_email_canonical_type = NULL");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
}

TEST_P(KeptCustomerTest, ContactsThatPeopleAddedToAKeptCustomerStayActive)
{
    auto const run = customer_of_acme();
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES ('" +
                     tenant_id(0) + "', '" + made_company() + "', 'Eve', 'eve@acme.example')");
    expect_kept(run, "another contact");
    EXPECT_EQ(count("contacts WHERE email = 'eve@acme.example' AND is_inactive"), "0");
}

TEST_P(KeptCustomerTest, WhatWasKeptIsCountedAndComesFirst)
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

TEST_P(KeptCustomerTest, AContactThatAPersonHasTakenOutStaysAsItIs)
{
    auto const run = contact_of_acme();
    auto const its = " WHERE email = 'ada@acme.example' AND tenant = '" + tenant_id(0) + "'";
    database.execute("UPDATE contacts SET {company}_id = NULL" + its);
    auto const ended = undo(run);
    EXPECT_EQ(ended.exit_code, 4) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("is not the company's any more"));
    EXPECT_EQ(count("contacts" + its), "1");
}

TEST_P(KeptCustomerTest, ContactThatOtherRowsReferToIsKeptWithThem)
{
    auto const run = contact_of_acme();
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

TEST_P(KeptCustomerTest, AKeptCustomerWhoseContactAPersonReactivatesIsTouchedAgain)
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

TEST_P(KeptCustomerTest, WhatAPersonHasChangedSinceStaysAndIsSaid)
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

TEST_P(KeptCustomerTest, CustomerThatWasKeptIsRemovedWhenNothingHoldsItAnyMore)
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

TEST_BOTH_GENERATIONS(KeptCustomerTest);

}  // namespace

}  // namespace tracking::testing
