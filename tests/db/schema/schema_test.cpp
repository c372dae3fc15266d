#include "models/schema/schema.hpp"

#include "models/crm/contact_model.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

class SchemaTest : public ModelsTest
{
protected:
    Generation detect(Side side)
    {
        auto tx = session.begin(Access::ReadOnly);
        return detect_schema(tx, side).generation();
    }

    auto detecting(Side side)
    {
        return [this, side] { detect(side); };
    }
};
TEST_BOTH_GENERATIONS(SchemaTest);

class ClientsSchemaTest : public SchemaTest
{};
TEST_ONE_GENERATION(ClientsSchemaTest, Clients);

TEST_P(SchemaTest, RecognisesTheGenerationOnBothSides)
{
    EXPECT_EQ(detect(Side::Source), profile.generation());
    EXPECT_EQ(detect(Side::Management), profile.generation());
}

TEST_P(SchemaTest, NamesEveryColumnThatIsMissing)
{
    database.execute("ALTER TABLE contacts DROP COLUMN role; ALTER TABLE {companies} DROP url");

    EXPECT_THAT(detecting(Side::Management),
                ThrowsMessage<SchemaMismatch>(
                    AllOf(HasSubstr(profile.name("lacks {companies}.url, contacts.role;")),
                          HasSubstr(std::string{name_of(profile.generation())} + " generation"))));
}

TEST_P(SchemaTest, NamesTheColumnsOfATableThatIsMissing)
{
    database.execute("ALTER TABLE user_roles RENAME TO roles_of_users");

    EXPECT_THAT(detecting(Side::Source),
                ThrowsMessage<SchemaMismatch>(HasSubstr("user_roles.tenant, user_roles.user_id")));
}

TEST_P(SchemaTest, EachSideNeedsOnlyItsOwnTables)
{
    database.execute("DROP TABLE tag_mappings");
    EXPECT_NO_THROW(detect(Side::Source));

    database.execute("DROP TABLE user_roles");
    EXPECT_THAT(detecting(Side::Management),
                ThrowsMessage<SchemaMismatch>(
                    AllOf(HasSubstr("tag_mappings.tag_id"), Not(HasSubstr("user_roles")))));
}

TEST_P(SchemaTest, BothNameColumnsAreAHalfDoneMigration)
{
    database.execute(
        "ALTER TABLE tenants ADD COLUMN IF NOT EXISTS client_name text,"
        " ADD COLUMN IF NOT EXISTS company_name text");

    EXPECT_THAT(detecting(Side::Source), ThrowsMessage<SchemaMismatch>(HasSubstr("half done")));
}

TEST_P(SchemaTest, ATenantsTableThatWasMigratedAloneNamesWhatIsLeft)
{
    auto const is_clients = profile.generation() == Generation::Clients;
    database.execute(is_clients ? "ALTER TABLE tenants RENAME client_name TO company_name"
                                : "ALTER TABLE tenants RENAME company_name TO client_name");

    EXPECT_THAT(detecting(Side::Management),
                ThrowsMessage<SchemaMismatch>(
                    HasSubstr(is_clients ? "companies.company_name" : "clients.client_name")));
}

TEST_P(SchemaTest, AnEmptyDatabaseIsToldFromAWrongSchema)
{
    database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");

    EXPECT_THAT(
        detecting(Side::Source),
        ThrowsMessage<SchemaMismatch>(AllOf(HasSubstr("table tenants"), HasSubstr("search_path"))));
}

TEST_P(SchemaTest, TellsWhichUniqueConstraintsThereAre)
{
    auto const uniqueness = [&] {
        auto tx = session.begin(Access::ReadOnly);
        return detect_schema(tx, Side::Management).uniqueness();
    };
    EXPECT_TRUE(uniqueness().emails && uniqueness().tags);
    database.execute_file("citus_like.sql");
    EXPECT_FALSE(uniqueness().emails || uniqueness().tags);
}

TEST_P(SchemaTest, NeedsNoGrantOnTheTables)
{
    auto const role = "nobody_of_" + database.name();
    database.execute("CREATE ROLE " + role + " LOGIN");
    {
        Database as_nobody{login(database.dsn_as(role))};
        auto tx = as_nobody.begin(Access::ReadOnly);
        EXPECT_EQ(detect_schema(tx, Side::Management).generation(), profile.generation());
    }
    database.execute("DROP ROLE " + role);
}

TEST_P(ClientsSchemaTest, AnUnfinishedPieceNamesWhatItLacks)
{
    database.execute(
        "ALTER TABLE contact_additional_email_addresses DROP normalized_email_address;"
        "ALTER TABLE client_billing_profiles DROP is_system_managed_default");

    EXPECT_THAT(detecting(Side::Management),
                ThrowsMessage<SchemaMismatch>(
                    AllOf(HasSubstr("contact_additional_email_addresses.normalized_email_address"),
                          HasSubstr("client_billing_profiles.is_system_managed_default"))));
}

/// The catalogue decides on each piece by itself. The date of a state does not.
class SchemaPiecesTest : public ::testing::TestWithParam<std::string>
{};
INSTANTIATE_TEST_SUITE_P(Each, SchemaPiecesTest,
                         ::testing::Values("2026-03-15", "2026-05-05", "2026-07-12", "2026-07-24",
                                           "2026-08-16"),
                         [](auto const& state) {
                             auto name = "Of" + state.param;
                             std::erase(name, '-');
                             return name;
                         });

TEST_P(SchemaPiecesTest, APieceIsUsedWithoutTheOnesThatCameBeforeIt)
{
    testing::TestDatabase database{{testing::Generation::Clients, "2025-10-03"}};
    database.execute_file("clients_" + GetParam() + ".sql");
    testing::World world{database};
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    Database session{login(database.dsn())};
    auto const profile = [&] {
        auto tx = session.begin(Access::ReadOnly);
        return detect_schema(tx, Side::Both);
    }();

    auto const has = [&](std::string const& table, std::string const& column) {
        return database.has_column(table, column);
    };
    EXPECT_EQ(profile.has(Piece::AdditionalEmails),
              has("contact_additional_email_addresses", "tenant"));
    EXPECT_EQ(profile.has(Piece::EmailType), has("contacts", "primary_email_canonical_type"));
    EXPECT_EQ(profile.has(Piece::Products), has("tenants", "product_code"));
    EXPECT_EQ(profile.has(Piece::Lifecycle), has("clients", "lifecycle_status"));
    EXPECT_EQ(profile.has(Piece::Suspension), has("tenants", "suspended_at"));
    EXPECT_EQ(profile.has(Piece::BillingProfiles), has("client_billing_profiles", "tenant"));
    auto const columns = columns_read(profile, Side::Both);
    EXPECT_GT(columns.size(), columns_read({Generation::Clients, {}, {}}, Side::Both).size());

    CompanyModel const companies{profile, tenant(0)};
    ContactModel const contacts{profile, tenant(0)};
    auto tx = session.begin_among_triggers(profile.schema());
    std::vector<NewCompany> const acme{
        {.id = company(1), .record = checked_company({.name = "Acme"}), .properties = "{}"}};
    std::vector<NewContact> const ada{
        {contact(1), company(1), checked_contact({.full_name = "Ada", .email = "a@a.example"})}};
    EXPECT_EQ(companies.create(tx, acme).size(), 1U);
    EXPECT_EQ(contacts.create(tx, ada).size(), 1U);
    Tenant found;
    EXPECT_TRUE(
        read_tenants(tx, profile, tenant(0), Admins::First, Fetching::InPieces)->next(found));
    EXPECT_EQ(found.product, "psa");
    tx.commit();  // where there are billing profiles, a deferred trigger looks at them now
}

}  // namespace
}  // namespace tracking::models
