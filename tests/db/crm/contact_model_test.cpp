#include "models/crm/contact_model.hpp"

#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::Throws;
using ::testing::UnorderedElementsAre;

using Ids = std::vector<ContactId>;

class ContactModelTest : public ModelsTest
{
protected:
    ContactModelTest()
    {
        world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
        world.company({.n = 2, .name = "Bolt"});
    }

    NewContact new_contact(int n, int company_number, std::string const& email)
    {
        return {.id = contact(n),
                .company = company(company_number),
                .record = checked_contact({.full_name = "Eve", .email = email})};
    }

    Ids create(std::vector<NewContact> const& batch)
    {
        return committed([&](auto& tx) { return contacts.create(tx, batch); });
    }

    ContactModel const contacts{profile, owner};
};
TEST_BOTH_GENERATIONS(ContactModelTest);

class ClientsContactModelTest : public ContactModelTest
{
protected:
    ClientsContactModelTest()
    {
        database.execute(
            "INSERT INTO contact_additional_email_addresses"
            " (tenant, contact_name_id, email_address) VALUES ('" +
            owner.str() + "', '" + testing::contact_id(1) + "', ' Eve@Acme.example ')");
    }
};
TEST_ONE_GENERATION(ClientsContactModelTest, Clients);

TEST_P(ContactModelTest, StoresTheRecord)
{
    auto const draft = ContactDraft{.full_name = " Eve O'Hara \\ ",
                                    .email = " Eve@Bolt.example ",
                                    .role = "Admin",
                                    .notes = ""};

    create({{.id = contact(9), .company = company(2), .record = checked_contact(draft)}});

    EXPECT_THAT(database.rows("SELECT contact_name_id, full_name, email, role, notes, is_inactive"
                              "  FROM contacts WHERE {company}_id = '" +
                              testing::company_id(2) + "'"),
                ElementsAre(ElementsAre(testing::contact_id(9), "Eve O'Hara \\", "eve@bolt.example",
                                        "Admin", "NULL", "f")));
}

TEST_P(ContactModelTest, CreatesTheOthersWhereOneEmailIsTaken)
{
    EXPECT_THAT(create({new_contact(7, 2, "ada@acme.example"), new_contact(8, 2, "b@b.example"),
                        new_contact(9, 1, "c@c.example")}),
                UnorderedElementsAre(contact(8), contact(9)));
}

TEST_P(ContactModelTest, CreatesTheOthersWhereOneIdIsTaken)
{
    EXPECT_THAT(create({new_contact(1, 2, "a@a.example"), new_contact(8, 2, "b@b.example")}),
                ElementsAre(contact(8)));
}

TEST_P(ContactModelTest, AnEmailTwiceInOneBatchIsCreatedOnce)
{
    EXPECT_THAT(
        create({new_contact(9, 2, "eve@eve.example"), new_contact(8, 1, "Eve@eve.example")}),
        ElementsAre(contact(8)));
}

TEST_P(ContactModelTest, AnEmptyBatchDoesNothing)
{
    EXPECT_THAT(create({}), IsEmpty());
}

TEST_P(ContactModelTest, AnEmailTwiceIsCreatedOnceWithoutUniqueConstraintsToo)
{
    database.execute_file("citus_like.sql");

    EXPECT_THAT(create({new_contact(7, 2, "ada@acme.example"), new_contact(8, 1, "b@b.example"),
                        new_contact(9, 2, "b@b.example")}),
                ElementsAre(contact(8)));
}

TEST_P(ContactModelTest, AnotherTenantMayHaveTheEmail)
{
    world.tenant({.n = 7, .name = "Elsewhere", .admin_email = "eve@elsewhere.example"});

    EXPECT_THAT(create({new_contact(9, 2, "eve@elsewhere.example")}), ElementsAre(contact(9)));
}

TEST_P(ClientsContactModelTest, AnAdditionalAddressOfSomebodyIsTaken)
{
    EXPECT_THAT(create({new_contact(8, 2, "eve@acme.example"), new_contact(9, 2, "b@b.example")}),
                ElementsAre(contact(9)));
}

TEST_P(ClientsContactModelTest, AnotherTenantsAdditionalAddressIsFree)
{
    world.tenant({.n = 7, .name = "Elsewhere", .admin_email = "e@elsewhere.example"});
    database.execute("UPDATE contact_additional_email_addresses SET tenant = '" +
                     testing::tenant_id(7) + "', contact_name_id = '" +
                     testing::contact_id(1'000'007) + "'");

    EXPECT_THAT(create({new_contact(8, 2, "eve@acme.example")}), ElementsAre(contact(8)));
}

TEST_P(ClientsContactModelTest, WhatTheTriggerRefusesIsAFailedStatement)
{
    world.company({.n = 3, .name = "Crow", .contact_email = "crow@crow.example"});
    database.execute(
        "INSERT INTO contact_additional_email_addresses (tenant, contact_name_id, email_address)"
        " VALUES ('" +
        owner.str() + "', '" + testing::contact_id(1) + "', 'crow@crow.example')");
    auto tx = session.begin_among_triggers(profile.schema());

    EXPECT_THAT([&] { contacts.set_activity(tx, Ids{contact(3)}, Activity::Inactive); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "P0001")));
}

TEST_P(ContactModelTest, ListsTheContactsOfCompaniesInOrder)
{
    create({new_contact(9, 2, "z@bolt.example"), new_contact(8, 2, "y@bolt.example")});
    database.execute(
        "UPDATE contacts SET email = ' Ada@ACME.example ', is_inactive = true"
        " WHERE email = 'ada@acme.example'");
    database.execute("UPDATE contacts SET email = NULL WHERE email = 'z@bolt.example'");
    auto tx = session.begin(Access::ReadOnly);

    auto const of = contacts.of(tx, std::vector{company(2), company(1)});

    EXPECT_THAT(of,
                ElementsAre(Field(&ContactRow::id, contact(1)), Field(&ContactRow::id, contact(8)),
                            Field(&ContactRow::id, contact(9))));
    EXPECT_THAT(of[0], AllOf(Field(&ContactRow::email, "ada@acme.example"),
                             Field(&ContactRow::inactive, true)));
    EXPECT_THAT(of[2], AllOf(Field(&ContactRow::email, ""), Field(&ContactRow::inactive, false)));
}

TEST_P(ContactModelTest, SetActivityReturnsOnlyWhatItChanged)
{
    create({new_contact(2, 2, "b@b.example")});
    auto const set = [&](Ids const& ids, Activity activity) {
        return committed([&](auto& tx) { return contacts.set_activity(tx, ids, activity); });
    };

    EXPECT_THAT(set({contact(1)}, Activity::Inactive), ElementsAre(contact(1)));
    EXPECT_THAT(set({contact(1), contact(2)}, Activity::Inactive), ElementsAre(contact(2)));
    EXPECT_THAT(set({contact(1), contact(2)}, Activity::Active),
                UnorderedElementsAre(contact(1), contact(2)));
}

TEST_P(ContactModelTest, RemovesThoseThatAreThere)
{
    auto const removed = committed([&](auto& tx) {
        return contacts.remove(tx, Ids{contact(1), contact(2)});
    });

    EXPECT_THAT(removed, ElementsAre(contact(1)));
    EXPECT_EQ(database.value("SELECT count(*) FROM contacts WHERE {company}_id = '" +
                             testing::company_id(1) + "'"),
              "0");
}

TEST_P(ContactModelTest, AContactThatAUserPointsToCannotBeRemoved)
{
    database.execute(
        "INSERT INTO users (tenant, username, hashed_password, email, user_type, contact_id)"
        " VALUES ('" +
        owner.str() + "', 'portal', 'x', 'p@acme.example', 'client', '" + testing::contact_id(1) +
        "')");
    auto tx = session.begin_among_triggers(profile.schema());

    EXPECT_THAT([&] { contacts.remove(tx, Ids{contact(1)}); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "23502")));
}

TEST_P(ContactModelTest, AnotherTenantsContactIsNeverTouched)
{
    world.tenant({.n = 7, .name = "Elsewhere", .admin_email = "e@elsewhere.example"});
    Ids const elsewhere{contact(1'000'007)};
    auto tx = session.begin_among_triggers(profile.schema());

    EXPECT_THAT(contacts.set_activity(tx, elsewhere, Activity::Inactive), IsEmpty());
    EXPECT_THAT(contacts.remove(tx, elsewhere), IsEmpty());
    EXPECT_THAT(contacts.of(tx, std::vector{company(1'000'007)}), IsEmpty());
}

}  // namespace
}  // namespace tracking::models
