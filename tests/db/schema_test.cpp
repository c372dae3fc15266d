#include "models/schema.hpp"

#include "models/errors.hpp"
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
                    AllOf(HasSubstr(profile.fill("lacks {companies}.url, contacts.role;")),
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

TEST_P(ClientsSchemaTest, BillingProfilesAndAdditionalAddressesAreRequired)
{
    database.execute(
        "DROP TABLE contact_additional_email_addresses;"
        "ALTER TABLE client_billing_profiles DROP is_system_managed_default");

    EXPECT_THAT(detecting(Side::Management),
                ThrowsMessage<SchemaMismatch>(
                    AllOf(HasSubstr("contact_additional_email_addresses.contact_name_id"),
                          HasSubstr("client_billing_profiles.is_system_managed_default"))));
}

}  // namespace
}  // namespace tracking::models
