#include "tests/support/servers/database.hpp"
#include "tests/support/worlds/seed.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

namespace tracking::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class SupportTest : public DatabaseTest
{
protected:
    World world{database};
    std::string const management = "'" + world.management_tenant() + "'";
};
TEST_BOTH_GENERATIONS(SupportTest);

class CompaniesSupportTest : public SupportTest
{};
INSTANTIATE_TEST_SUITE_P(Only, CompaniesSupportTest, ::testing::Values(Generation::Companies),
                         name_of);

class ClientsSupportTest : public SupportTest
{};
INSTANTIATE_TEST_SUITE_P(Only, ClientsSupportTest, ::testing::Values(Generation::Clients), name_of);

TEST_P(SupportTest, FingerprintIgnoresTheManagementTenant)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    auto const before = database.fingerprint_outside(world.management_tenant());

    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    database.execute("UPDATE tenants SET plan = 'pro' WHERE tenant = " + management);

    EXPECT_EQ(database.fingerprint_outside(world.management_tenant()), before);
}

TEST_P(SupportTest, FingerprintSeesARowOutsideWrittenWithTheSameValues)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    auto const before = database.fingerprint_outside(world.management_tenant());

    database.execute("UPDATE {companies} SET notes = notes WHERE tenant <> " + management);

    auto const after = database.fingerprint_outside(world.management_tenant());
    auto const companies = database.generation() == Generation::Companies ? "companies" : "clients";
    EXPECT_NE(after.at(companies), before.at(companies));
    EXPECT_EQ(after.at("contacts"), before.at("contacts"));
}

TEST_P(SupportTest, FingerprintTakesATableWithoutTenantWhole)
{
    database.execute("CREATE TABLE settings (key text PRIMARY KEY, value text)");
    auto const before = database.fingerprint_outside(world.management_tenant());

    database.execute("INSERT INTO settings VALUES ('colour', 'blue')");

    EXPECT_NE(database.fingerprint_outside(world.management_tenant()), before);
}

TEST_P(SupportTest, EveryTestHasADatabaseOfItsOwn)
{
    TestDatabase other{GetParam()};
    EXPECT_NE(other.name(), database.name());
    EXPECT_EQ(other.value("SELECT count(*) FROM tenants"), "0");
    EXPECT_EQ(database.value("SELECT {company}_name FROM tenants"), "Nine Minds LLC");
}

TEST_P(SupportTest, TheDatabaseIsReachedThroughThePoolerAndAsAnotherRole)
{
    auto const role = "reader_of_" + database.name();
    database.execute("CREATE ROLE " + role + " LOGIN");
    {
        pqxx::connection pooled{database.dsn_through_pooler()};
        pqxx::connection as_role{database.dsn_as(role)};

        EXPECT_EQ(pqxx::work{pooled}.exec("SELECT count(*) FROM tenants")[0][0].as<int>(), 1);
        EXPECT_EQ(pqxx::work{as_role}.exec("SELECT current_user")[0][0].as<std::string>(), role);
    }
    database.execute("DROP ROLE " + role);
}

TEST_P(SupportTest, ATenantHasItsOwnCompanyTwoAdminRolesAndOneAdmin)
{
    world.tenant({.n = 7, .name = "O'Hara & \\ Söhne", .admin_email = "ada@ohara.example"});

    auto const own = " WHERE tenant = '" + tenant_id(7) + "'";
    EXPECT_EQ(database.value("SELECT {company}_name FROM tenants" + own), "O'Hara & \\ Söhne");
    EXPECT_EQ(database.value("SELECT count(*) FROM {companies}" + own), "1");
    EXPECT_EQ(database.value("SELECT count(*) FROM roles" + own), "2");
    EXPECT_THAT(database.rows("SELECT u.user_id, u.email, r.msp, r.client FROM users u"
                              "  JOIN user_roles ur USING (tenant, user_id)"
                              "  JOIN roles r USING (tenant, role_id)" +
                              own),
                ElementsAre(ElementsAre(user_id(7), "ada@ohara.example", "t", "f")));
}

TEST_P(SupportTest, TheOldWorkflowStampsTheNameOfTheTenant)
{
    TenantSeed const acme{.n = 1, .name = "Acme", .admin_email = "ada@acme.example"};
    world.tenant(acme);
    world.old_workflow(acme);

    EXPECT_THAT(database.rows(
                    "SELECT c.{company}_id, c.properties ->> 'tenant_id', c.notes, p.full_name,"
                    "       p.role, d.tag_text, d.tagged_type, m.created_by"
                    "  FROM {companies} c"
                    "  JOIN contacts p USING (tenant, {company}_id)"
                    "  JOIN tag_mappings m ON m.tenant = c.tenant AND m.tagged_id = c.{company}_id"
                    "  JOIN tag_definitions d ON d.tenant = m.tenant AND d.tag_id = m.tag_id"
                    " WHERE c.tenant = " +
                    management),
                ElementsAre(ElementsAre(company_id(1), "Acme", "PSA Customer - Tenant: Acme",
                                        "Ada Admin", "Admin", "PSA Customer",
                                        database.value("SELECT '{company}'"), "NULL")));
}

TEST_P(SupportTest, ACompanySeedCanHoldAnyProperties)
{
    world.company({.n = 1, .name = "Array", .properties_json = "[1, 2]", .tagged = false});
    world.company({.n = 2, .name = "Linked", .link = tenant_id(9), .inactive = true});

    EXPECT_THAT(
        database.rows("SELECT jsonb_typeof(properties), properties ->> 'tenant_id', is_inactive"
                      "  FROM {companies} WHERE {company}_name IN ('Array', 'Linked')"
                      " ORDER BY {company}_id"),
        ElementsAre(ElementsAre("array", "NULL", "f"), ElementsAre("object", tenant_id(9), "t")));
}

TEST_P(SupportTest, AContactThatAUserPointsToCannotBeDeleted)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    database.execute(
        "INSERT INTO users (tenant, username, hashed_password, email, user_type, contact_id)"
        " VALUES (" +
        management + ", 'portal', 'x', 'p@acme.example', 'client', '" + contact_id(1) + "')");

    EXPECT_THROW(
        database.execute("DELETE FROM contacts WHERE contact_name_id = '" + contact_id(1) + "'"),
        pqxx::not_null_violation);
}

TEST_P(SupportTest, CitusLikeAllowsDuplicatedTagsAndContacts)
{
    database.execute_file("citus_like.sql");
    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    auto const twice = [&](std::string const& table, std::string const& key) {
        database.execute("CREATE TEMPORARY TABLE copy AS TABLE " + table +
                         ";"
                         "UPDATE copy SET " +
                         key +
                         " = gen_random_uuid();"
                         "INSERT INTO " +
                         table + " SELECT * FROM copy; DROP TABLE copy");
    };
    EXPECT_NO_THROW(twice("contacts", "contact_name_id"));
    EXPECT_NO_THROW(twice("tag_definitions", "tag_id"));
    EXPECT_NO_THROW(twice("tag_mappings", "mapping_id"));
}

TEST_P(CompaniesSupportTest, ACompanyWithATicketCannotBeDeleted)
{
    world.company({.n = 1, .name = "Acme"});
    database.execute("INSERT INTO tickets (tenant, ticket_number, title, company_id) VALUES (" +
                     management + ", '1', 'Printer', '" + company_id(1) + "')");

    EXPECT_THROW(
        database.execute("DELETE FROM companies WHERE company_id = '" + company_id(1) + "'"),
        pqxx::foreign_key_violation);
}

TEST_P(ClientsSupportTest, ABillingProfileWithoutDefaultFailsAtCommit)
{
    world.company({.n = 1, .name = "Acme"});
    pqxx::connection connection{database.dsn()};
    pqxx::work transaction{connection};

    EXPECT_NO_THROW(transaction.exec("UPDATE client_billing_profiles SET is_default = false"));
    EXPECT_THAT([&] { transaction.commit(); },
                ThrowsMessage<pqxx::sql_error>(HasSubstr("no default one")));
}

TEST_P(ClientsSupportTest, AnAdditionalAddressCannotBecomeAPrimaryOne)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    database.execute(
        "INSERT INTO contact_additional_email_addresses (tenant, contact_name_id,"
        " email_address) VALUES (" +
        management + ", '" + contact_id(1) + "', ' Eve@Acme.example ')");

    EXPECT_THAT(
        [&] { world.company({.n = 2, .name = "Eve", .contact_email = "eve@acme.example"}); },
        ThrowsMessage<pqxx::sql_error>(HasSubstr("already an additional address")));
}

TEST_P(ClientsSupportTest, DeletingAClientTakesItsInvoicesAlong)
{
    world.company({.n = 1, .name = "Acme"});
    auto const client = "'" + company_id(1) + "'";
    database.execute("INSERT INTO invoices (tenant, invoice_number, client_id) VALUES (" +
                     management + ", '1', " + client + ")");

    database.execute("BEGIN; DELETE FROM client_billing_profiles WHERE client_id = " + client +
                     "; DELETE FROM clients WHERE client_id = " + client + "; COMMIT");
    EXPECT_EQ(database.value("SELECT count(*) FROM invoices"), "0");
}

TEST_P(ClientsSupportTest, ASuspendedTenantKeepsItsReason)
{
    world.tenant({.n = 1, .name = "Acme", .product = "algadesk", .suspended = true});

    EXPECT_THAT(
        database.rows(
            "SELECT product_code, suspended_reason FROM tenants WHERE client_name = 'Acme'"),
        ElementsAre(ElementsAre("algadesk", "tenant_cancelled")));
    EXPECT_THROW(
        database.execute("UPDATE tenants SET suspended_reason = NULL WHERE client_name = 'Acme'"),
        pqxx::check_violation);
}

}  // namespace
}  // namespace tracking::testing
