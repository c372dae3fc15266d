#include "models/crm/customer_removal.hpp"

#include "models/crm/dependents.hpp"
#include "models/crm/tag_model.hpp"
#include "models/values/change.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <future>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TenantSeed;

/// Companies as this job makes them: with contact, tag and what else belongs to them.
class CustomerRemovalTest : public ModelsTest
{
protected:
    CompanyId company(int n) const { return made_company_id(owner, tenant(n)); }

    void made_company(int n, std::string const& email)
    {
        auto const name = "Company " + std::to_string(n);
        std::vector<NewCompany> const companies{
            {.id = company(n),
             .record = checked_company({.name = name, .notes = made_notes("PSA Customer", name)}),
             .properties =
                 R"({"tenant_id": ")" + tenant(n).str() + R"(", "subscription_type": "psa"})"}};
        std::vector<NewContact> const contacts{
            {made_contact_id(owner, company(n), email), company(n),
             checked_contact({.full_name = "Ada Admin",
                              .email = email,
                              .role = std::string{kAdminRole},
                              .notes = std::string{kAdminNotes}})}};
        committed([&](Transaction& tx) {
            CompanyModel{profile, owner}.create(tx, companies);
            return ContactModel{profile, owner}.create(tx, contacts);
        });
        job_tags(n, "PSA Customer");
    }

    void job_tags(int n, std::string const& text)
    {
        TagModel const tags{profile, owner};
        std::vector const companies{company(n)};
        committed(
            [&](Transaction& tx) { return tags.attach(tx, tags.define(tx, text), companies); });
    }

    void person_tags(int n, std::string const& text)
    {
        database.execute(
            "WITH made AS (INSERT INTO tag_definitions (tenant, tag_text, tagged_type) VALUES (" +
            mine() + ", '" + text +
            "', '{company}') RETURNING *) INSERT INTO tag_mappings (tenant, tag_id, tagged_id,"
            " tagged_type) SELECT tenant, tag_id, '" +
            company(n).str() + "', tagged_type FROM made");
    }

    std::string mine() const { return "'" + owner.str() + "'"; }
    std::string contact_of(int n, std::string const& email) const
    {
        return "'" + made_contact_id(owner, company(n), email).str() + "'";
    }

    BlastRadius radius_of(int n)
    {
        auto tx = session.begin(Access::ReadOnly);
        return blast_radii(tx, profile, owner, std::vector{company(n)}, own_tags).at(0);
    }

    void remove(int n)
    {
        auto tx = session.begin_among_triggers(profile.schema());
        removal.remove(tx, removal.lock(tx, std::vector{company(n)}, own_tags).radii, own_tags);
        tx.commit();
    }

    std::string rows_about(int n)
    {
        auto const id = "'" + company(n).str() + "'";
        return database.value(
            "SELECT (SELECT count(*) FROM {companies} WHERE {company}_id = " + id +
            ") + (SELECT count(*) FROM contacts WHERE {company}_id = " + id +
            ") + (SELECT count(*) FROM tag_mappings WHERE tagged_id = " + id + ")");
    }

    std::vector<std::string> const own_tags{"AlgaDesk Customer", "Canceled", "PSA Customer"};
    CustomerRemoval const removal{profile, owner};
};
TEST_BOTH_GENERATIONS(CustomerRemovalTest);

class ClientsCustomerRemovalTest : public CustomerRemovalTest
{};
TEST_ONE_GENERATION(ClientsCustomerRemovalTest, Clients);

TEST_P(CustomerRemovalTest, WhatTheJobMadeIsNoDependent)
{
    made_company(1, "ada@acme.example");
    job_tags(1, "Canceled");

    auto const radius = radius_of(1);

    EXPECT_TRUE(radius.is_clear()) << listed(radius);
    EXPECT_THAT(radius.contacts,
                ElementsAre(made_contact_id(owner, company(1), "ada@acme.example")));
    EXPECT_EQ(radius.tags, 2U);
    EXPECT_EQ(radius.billing_profiles, profile.has(Piece::BillingProfiles) ? 1U : 0U);
}

TEST_P(CustomerRemovalTest, AContactOrTagOfAPersonIsADependent)
{
    made_company(1, "ada@acme.example");
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES (" +
                     mine() + ", '" + company(1).str() + "', 'Eve', 'eve@acme.example')");
    person_tags(1, "VIP");

    EXPECT_THAT(radius_of(1).dependents,
                ElementsAre(Dependents{"contacts", 1}, Dependents{"tag_mappings", 1}));
}

TEST_P(ClientsCustomerRemovalTest, ASecondBillingProfileIsADependent)
{
    made_company(1, "ada@acme.example");
    database.execute("INSERT INTO client_billing_profiles (tenant, client_id, name) VALUES (" +
                     mine() + ", '" + company(1).str() + "', 'Second')");

    EXPECT_THAT(radius_of(1).dependents, ElementsAre(Dependents{"client_billing_profiles", 1}));
}

TEST_P(ClientsCustomerRemovalTest, ADefaultProfileThatAPersonManagesIsADependent)
{
    made_company(1, "ada@acme.example");
    database.execute("UPDATE client_billing_profiles SET is_system_managed_default = false");

    auto const radius = radius_of(1);

    EXPECT_THAT(radius.dependents, ElementsAre(Dependents{"client_billing_profiles", 1}));
    EXPECT_EQ(radius.billing_profiles, 0U);
}

TEST_P(CustomerRemovalTest, AMappingOfAnotherKindOfThingIsNoDependent)
{
    made_company(1, "ada@acme.example");
    person_tags(1, "VIP");
    database.execute(
        "UPDATE tag_mappings m SET tagged_type = 'ticket' FROM tag_definitions d"
        " WHERE d.tag_id = m.tag_id AND d.tag_text = 'VIP'");

    EXPECT_TRUE(radius_of(1).is_clear());
    remove(1);
    EXPECT_EQ(rows_about(1), "1");
}

// In the companies generation the keys forbid the deletion, in the clients generation they cascade.
TEST_P(CustomerRemovalTest, EveryRowThatRefersToTheCompanyOrItsContactIsCountedByTable)
{
    made_company(1, "ada@acme.example");
    auto const id = "'" + company(1).str() + "'";
    auto const ada = contact_of(1, "ada@acme.example");
    database.execute("INSERT INTO invoices (tenant, {company}_id, invoice_number) VALUES (" +
                     mine() + ", " + id + ", '1'), (" + mine() + ", " + id + ", '2')");
    database.execute(
        "INSERT INTO tickets (tenant, {company}_id, contact_name_id, ticket_number, title)"
        " VALUES (" +
        mine() + ", " + id + ", " + ada + ", '1', 'refers twice, counts once'), (" + mine() +
        ", NULL, " + ada + ", '2', 'to the contact alone')");
    database.execute(
        "INSERT INTO users (tenant, user_id, username, hashed_password, email, contact_id,"
        " user_type) VALUES (" +
        mine() + ", gen_random_uuid(), 'portal', 'x', 'portal@acme.example', " + ada +
        ", 'client')");

    EXPECT_THAT(
        radius_of(1).dependents,
        ElementsAre(Dependents{"invoices", 2}, Dependents{"tickets", 2}, Dependents{"users", 1}));
}

TEST_P(CustomerRemovalTest, EveryRowThatRefersWithoutAForeignKeyIsCountedByTable)
{
    auto const tables = [&] {
        return database.rows(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name ~ '_id$' ORDER BY 1, 2");
    };
    auto const others = tables();
    database.execute_file("soft_references.sql");
    made_company(1, "ada@acme.example");
    std::vector<Dependents> expected;
    for (auto const& row : tables()) {
        if (std::ranges::find(others, row) != others.end())
            continue;
        auto const id = row[1].find("contact") == std::string::npos
                            ? "'" + company(1).str() + "'"
                            : contact_of(1, "ada@acme.example");
        database.execute("INSERT INTO " + row[0] + " (tenant, " + row[1] + ") VALUES (" + mine() +
                         ", " + id + ")");
        if (expected.empty() || expected.back().table != row[0])
            expected.push_back({row[0], 0});
        ++expected.back().rows;
    }
    ASSERT_EQ(expected.size(), 16U);

    EXPECT_EQ(radius_of(1).dependents, expected);
}

TEST_P(CustomerRemovalTest, ARowOfAnotherTenantOrAboutAnotherIdIsNoDependent)
{
    database.execute_file("soft_references.sql");
    made_company(1, "ada@acme.example");
    database.execute(
        "INSERT INTO document_associations (tenant, entity_type, entity_id) VALUES (" + mine() +
        ", '{company}', gen_random_uuid()), ('" + tenant(7).str() + "', '{company}', '" +
        company(1).str() +
        "');"
        "INSERT INTO tenant_external_entity_mappings (tenant, alga_entity_type, alga_entity_id)"
        " VALUES (" +
        mine() + ", '{company}', 'no uuid'), (" + mine() + ", '{company}', NULL)");

    EXPECT_TRUE(radius_of(1).is_clear()) << objections_to_removal(radius_of(1));
}

TEST_P(CustomerRemovalTest, ATouchOfAPersonStandsAgainstIt)
{
    struct Touch
    {
        std::string sql;
        std::string said;
    };
    auto const of_company = " WHERE {company}_id = '" + company(1).str() + "'";
    std::vector<Touch> const touches{
        {"UPDATE {companies} SET notes = 'Call before noon'" + of_company, "notes was"},
        {"UPDATE {companies} SET billing_cycle = 'annually'" + of_company, "billing_cycle was"},
        {"UPDATE {companies} SET properties = properties || '{\"vat\": 1}'" + of_company,
         "properties was"},
        {"UPDATE contacts SET role = 'Boss'" + of_company, "role was changed"},
        {"UPDATE contacts SET is_client_admin = true" + of_company, "is_client_admin was"},
        {"UPDATE tag_mappings SET created_by = gen_random_uuid()", "created_by was"}};
    database.execute("ALTER TABLE tag_mappings DROP CONSTRAINT tag_mappings_created_by_fk");
    for (auto const& touch : touches) {
        made_company(1, "ada@acme.example");
        ASSERT_TRUE(radius_of(1).is_clear()) << objections_to_removal(radius_of(1));
        database.execute(touch.sql);
        EXPECT_FALSE(radius_of(1).is_clear()) << touch.sql;
        EXPECT_THAT(objections_to_removal(radius_of(1)), HasSubstr(touch.said));
        database.execute("DELETE FROM tag_mappings; DELETE FROM contacts" + of_company);
        if (profile.has(Piece::BillingProfiles))
            database.execute("DELETE FROM client_billing_profiles" + of_company);
        database.execute("DELETE FROM {companies}" + of_company);
    }
}

TEST_P(CustomerRemovalTest, WhatTheOldWorkflowMadeIsNotTheJobs)
{
    TenantSeed const acme{.n = 1, .name = "Acme", .admin_email = "ada@acme.example"};
    world.tenant(acme);
    world.old_workflow(acme);
    auto tx = session.begin(Access::ReadOnly);

    auto const radius =
        blast_radii(tx, profile, owner, std::vector{models::company(1)}, own_tags).at(0);

    EXPECT_THAT(radius.touched, ElementsAre(HasSubstr("this job did not make it")));
}

TEST_P(CustomerRemovalTest, DependentsAreToldApartByCompany)
{
    made_company(1, "ada@acme.example");
    made_company(2, "bob@bolt.example");
    database.execute("INSERT INTO projects (tenant, {company}_id, project_name) VALUES (" + mine() +
                     ", '" + company(2).str() + "', 'Roll-out')");

    auto tx = session.begin(Access::ReadOnly);
    auto const radii =
        blast_radii(tx, profile, owner, std::vector{company(2), company(1)}, own_tags);

    EXPECT_THAT(radii.at(0).dependents, ElementsAre(Dependents{"projects", 1}));
    EXPECT_TRUE(radii.at(1).is_clear());
}

TEST_P(CustomerRemovalTest, ATableWithRowSecurityMayHideRows)
{
    made_company(1, "ada@acme.example");
    auto const role = database.name() + "_walled";
    database.execute("CREATE ROLE " + role +
                     " LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role +
                     "; ALTER TABLE projects ENABLE ROW LEVEL SECURITY");
    {
        Database walled{login(database.dsn_as(role))};
        auto tx = walled.begin(Access::ReadOnly);
        auto const radius =
            blast_radii(tx, profile, owner, std::vector{company(1)}, own_tags).at(0);
        EXPECT_THAT(radius.unreadable, ElementsAre("projects"));
        EXPECT_FALSE(radius.is_clear());
    }
    database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_P(CustomerRemovalTest, TakesCompanyContactTagsAndProfileAndNothingElse)
{
    made_company(1, "ada@acme.example");
    made_company(2, "bob@bolt.example");
    auto const others = database.fingerprint_outside(owner.str());

    remove(1);

    EXPECT_EQ(rows_about(1), "0");
    EXPECT_EQ(rows_about(2), "3");
    EXPECT_EQ(database.fingerprint_outside(owner.str()), others);
}

TEST_P(CustomerRemovalTest, PutsBackWholeRowsAsTheyWere)
{
    made_company(1, "ada@acme.example");
    database.execute(
        "UPDATE {companies} SET url = 'https://acme.example', notes = E'two\\nlines',"
        " billing_cycle = 'annually' WHERE {company}_id = '" +
        company(1).str() + "'");
    std::string const state =
        "SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM ("
        "SELECT to_jsonb(c) AS row FROM {companies} c UNION ALL"
        " SELECT to_jsonb(p) FROM contacts p UNION ALL"
        " SELECT to_jsonb(m) FROM tag_mappings m) everything";
    auto const before = database.value(state);
    std::vector const ids{company(1)};

    auto const image = committed([&](auto& tx) { return removal.images(tx, ids).at(company(1)); });
    remove(1);
    EXPECT_NE(database.value(state), before);
    for (int repetition = 0; repetition < 2; ++repetition) {
        auto tx = session.begin_among_triggers(profile.schema());
        removal.restore(tx, image);
        tx.commit();
    }

    EXPECT_EQ(database.value(state), before);
}

TEST_P(CustomerRemovalTest, PutsRowsBackBesideColumnsThatTheServerFills)
{
    for (std::string const table : {"{companies}", "contacts", "tag_mappings"})
        database.execute("ALTER TABLE " + table +
                         " ADD COLUMN shown text GENERATED ALWAYS AS (tenant::text) STORED,"
                         " ADD COLUMN number int GENERATED ALWAYS AS IDENTITY");
    made_company(1, "ada@acme.example");
    std::string const numbers =
        "SELECT string_agg(number || shown, ',' ORDER BY number) FROM contacts";
    auto const before = database.value(numbers);
    std::vector const ids{company(1)};
    auto const image = committed([&](auto& tx) { return removal.images(tx, ids).at(company(1)); });
    remove(1);
    database.execute("ALTER TABLE contacts ADD COLUMN later int NOT NULL DEFAULT 7");

    committed([&](auto& tx) {
        removal.restore(tx, image);
        return true;
    });

    EXPECT_EQ(rows_about(1), "3");
    EXPECT_EQ(database.value(numbers), before);
    EXPECT_EQ(database.value("SELECT min(later) FROM contacts WHERE tenant = " + mine()), "7");
}

TEST_P(CustomerRemovalTest, WaitsForAContactThatIsJustBeingAdded)
{
    made_company(1, "ada@acme.example");
    Database other{login(database.dsn())};
    auto adding = other.begin_among_triggers(profile.schema());
    std::vector<NewContact> const eve{
        {contact(2), company(1), checked_contact({.full_name = "Eve", .email = "e@e.example"})}};
    ContactModel{profile, owner}.create(adding, eve);

    auto locked = std::async(std::launch::async, [&] {
        auto tx =
            session.begin_among_triggers(profile.schema(), {.lock = std::chrono::seconds{30}});
        return removal.lock(tx, std::vector{company(1)}, own_tags).radii.at(0);
    });
    EXPECT_EQ(locked.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout);
    adding.commit();

    EXPECT_THAT(locked.get().dependents, ElementsAre(Dependents{"contacts", 1}));
}

TEST_P(CustomerRemovalTest, WaitsForAUserThatIsJustBeingGivenTheContact)
{
    made_company(1, "ada@acme.example");
    auto const ada = contact_of(1, "ada@acme.example");
    pqxx::connection other{database.dsn()};
    pqxx::work adding{other};
    adding.exec(
        "INSERT INTO users (tenant, user_id, username, hashed_password, email, contact_id)"
        " VALUES (" +
        mine() + ", gen_random_uuid(), 'p', 'x', 'p@acme.example', " + ada + ")");

    auto locked = std::async(std::launch::async, [&] {
        auto tx =
            session.begin_among_triggers(profile.schema(), {.lock = std::chrono::seconds{30}});
        return removal.lock(tx, std::vector{company(1)}, own_tags).radii.at(0);
    });
    EXPECT_EQ(locked.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout);
    adding.commit();

    EXPECT_THAT(locked.get().dependents, ElementsAre(Dependents{"users", 1}));
}

TEST_P(ClientsCustomerRemovalTest, WaitsForARowThatIsJustBeingGivenTheBillingProfile)
{
    made_company(1, "ada@acme.example");
    database.execute(
        "CREATE TABLE statements (tenant uuid, billing_profile_id uuid,"
        " FOREIGN KEY (tenant, billing_profile_id) REFERENCES client_billing_profiles"
        " ON DELETE CASCADE)");
    pqxx::connection other{database.dsn()};
    pqxx::work adding{other};
    adding.exec(
        "INSERT INTO statements SELECT tenant, billing_profile_id FROM client_billing_profiles"
        " WHERE client_id = '" +
        company(1).str() + "'");

    auto locked = std::async(std::launch::async, [&] {
        auto tx =
            session.begin_among_triggers(profile.schema(), {.lock = std::chrono::seconds{30}});
        return removal.lock(tx, std::vector{company(1)}, own_tags).radii.at(0);
    });
    EXPECT_EQ(locked.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout);
    adding.commit();

    EXPECT_THAT(locked.get().dependents, ElementsAre(Dependents{"statements", 1}));
}

TEST_P(CustomerRemovalTest, ARowThatAppearsAfterTheLookMakesTheRemovalFailWhole)
{
    made_company(1, "ada@acme.example");
    auto tx = session.begin_among_triggers(profile.schema());
    auto const seen = removal.lock(tx, std::vector{company(1)}, own_tags).radii;
    // No foreign key keeps a mapping from appearing.
    person_tags(1, "VIP");

    EXPECT_THROW(removal.remove(tx, seen, own_tags), StatementFailed);
}

}  // namespace
}  // namespace tracking::models
