#include "tests/support/servers/database.hpp"

#include <gtest/gtest.h>

namespace tracking::testing {
namespace {

/// The sizes that the comments of demo_world.sql state, counted from what the tables hold.
class DemoWorldTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        database.execute_file("demo_world.sql");
        database.execute(R"sql(
            CREATE VIEW management AS
                SELECT tenant AS id FROM tenants WHERE client_name = 'Nine Minds LLC';
            CREATE VIEW others AS
                SELECT * FROM tenants WHERE tenant NOT IN (SELECT id FROM management);
            CREATE VIEW companies AS
                SELECT c.*,
                       properties ->> 'tenant_id' AS link,
                       ARRAY(SELECT tag_text
                               FROM tag_mappings m
                               JOIN tag_definitions d USING (tenant, tag_id)
                              WHERE m.tenant = c.tenant AND m.tagged_id = c.client_id) AS tags,
                       ARRAY(SELECT email
                               FROM contacts p
                              WHERE p.tenant = c.tenant AND p.client_id = c.client_id) AS emails
                  FROM clients c
                 WHERE c.tenant IN (SELECT id FROM management)
                   AND client_name <> 'Nine Minds LLC';
            CREATE VIEW linked AS
                SELECT c.*, o.tenant AS of, o.client_name AS tenant_name, product_code, suspended_at
                  FROM companies c
                  LEFT JOIN others o ON c.link = o.tenant::text
                 WHERE c.link ~ '^[0-9a-f]{8}-';
            CREATE VIEW marked AS
                SELECT * FROM companies WHERE notes LIKE 'PSA Customer - Tenant: %';
            CREATE VIEW admins AS
                SELECT o.tenant, o.client_name, u.email
                  FROM others o
                  JOIN users u USING (tenant)
                  JOIN user_roles USING (tenant, user_id)
                  JOIN roles r USING (tenant, role_id)
                 WHERE r.role_name = 'Admin' AND r.msp AND NOT r.client;
        )sql");
    }

    int count(std::string const& from)
    {
        return std::stoi(database.value("SELECT count(*) FROM " + from));
    }

    TestDatabase database{Generation::Clients};
};

TEST_F(DemoWorldTest, HasFourHundredTenantsWithTwoAdminRolesEach)
{
    EXPECT_EQ(count("others"), 400);
    EXPECT_EQ(count("(SELECT tenant FROM others JOIN roles USING (tenant) WHERE role_name = 'Admin'"
                    "  GROUP BY tenant HAVING count(*) = 2) AS finished"),
              398);
    EXPECT_EQ(count("others WHERE created_at > now() - interval '15 minutes'"), 2);
    EXPECT_NEAR(count("others WHERE created_at < now() - interval '365 days'"), 200, 20);
    EXPECT_EQ(count("companies WHERE NOT tags && ARRAY['PSA Customer', 'AlgaDesk Customer'] AND "
                    "notes IS NULL"),
              200);
}

TEST_F(DemoWorldTest, HasWhatTheOldWorkflowLeft)
{
    EXPECT_EQ(count("marked WHERE cardinality(tags) = 1 AND cardinality(emails) = 1"),
              120 + 2 + 2 + 2);
    EXPECT_EQ(count("marked WHERE cardinality(tags) = 0 AND cardinality(emails) = 0"), 12);
    EXPECT_EQ(count("marked WHERE cardinality(tags) = 1 AND cardinality(emails) = 0"), 9 + 1);
    EXPECT_EQ(count("marked WHERE cardinality(tags) = 0 AND cardinality(emails) = 1"), 9);
    EXPECT_EQ(count("marked WHERE link = client_name"), 157);
    EXPECT_EQ(count("marked WHERE link NOT IN (SELECT client_name FROM others)"), 2);
    EXPECT_EQ(count("marked WHERE tags = ARRAY['AlgaDesk Customer']"), 2);
}

TEST_F(DemoWorldTest, HasCompaniesLinkedByUuid)
{
    EXPECT_EQ(count("linked WHERE of IS NOT NULL"), 130 + 6 + 4 + 2 + 6 + 1 + 2 * 2 + 1);
    EXPECT_EQ(count("linked WHERE of IS NOT NULL AND client_name <> tenant_name"), 6 + 2 + 1);
    EXPECT_EQ(count("(SELECT of FROM linked GROUP BY of HAVING count(of) = 2) AS duplicate"), 2);
    EXPECT_EQ(
        count("linked WHERE suspended_at IS NOT NULL AND is_inactive AND 'Canceled' = ANY (tags)"),
        4);
    EXPECT_EQ(count("linked WHERE of IS NOT NULL AND suspended_at IS NULL AND is_inactive"), 2);
    EXPECT_EQ(count("linked WHERE product_code = 'algadesk' AND tags = ARRAY['AlgaDesk Customer']"),
              6);
    EXPECT_EQ(count("linked WHERE product_code = 'psa' AND tags = ARRAY['AlgaDesk Customer']"), 1);
    EXPECT_EQ(count("companies WHERE properties @> '{\"reconcile\": \"ignore\"}'"), 2);
}

TEST_F(DemoWorldTest, HasOrphansAndCompaniesThatMatchNothing)
{
    EXPECT_EQ(count("linked WHERE of IS NULL AND NOT is_inactive"), 10 + 1);
    EXPECT_EQ(count("linked WHERE of IS NULL AND is_inactive AND 'Canceled' = ANY (tags)"), 6);
    EXPECT_EQ(count("companies WHERE notes = 'Added by hand' AND tags = ARRAY['PSA Customer']"), 3);
    EXPECT_EQ(database.rows(
                  "SELECT jsonb_typeof(properties) FROM companies c JOIN others USING (client_name)"
                  " WHERE tags <> '{}' AND link IS NULL ORDER BY 1"),
              (std::vector<std::vector<std::string>>{{"array"}, {"null"}, {"number"}, {"string"}}));
    EXPECT_EQ(count("companies WHERE jsonb_typeof(properties -> 'tenant_id') = 'number'"), 1);
}

TEST_F(DemoWorldTest, HasNamesAndAddressesThatCollide)
{
    EXPECT_EQ(count("(SELECT client_name FROM others GROUP BY 1 HAVING count(*) = 2) AS same_name"),
              3);
    EXPECT_EQ(count("(SELECT email FROM admins GROUP BY 1 HAVING count(*) = 2) AS shared"), 1);
    EXPECT_EQ(
        count("companies c JOIN others USING (client_name) WHERE c.tags = '{}' AND notes IS NULL"),
        3);
    EXPECT_EQ(count("admins JOIN contacts p USING (email) JOIN companies c USING (client_id)"
                    " WHERE c.tags = '{}' AND c.notes IS NULL"),
              3);
    EXPECT_EQ(count("others WHERE btrim(client_name) = ''"), 1);
    EXPECT_EQ(
        count("others WHERE client_name ~ E'[\\'\\\\\\\\\\n🚀ش]' OR length(client_name) = 10000"),
        6);
}

TEST_F(DemoWorldTest, HasTenantsWithoutAdmin)
{
    EXPECT_EQ(count("admins"), 394);
    EXPECT_EQ(count("others WHERE tenant NOT IN (SELECT tenant FROM admins) AND email <> ''"),
              3 + 2);
    EXPECT_EQ(count("others WHERE tenant NOT IN (SELECT tenant FROM admins) AND email = ''"), 1);
}

TEST_F(DemoWorldTest, HasOneDefaultBillingProfileForEveryClient)
{
    EXPECT_EQ(count("clients"),
              count("client_billing_profiles WHERE is_default AND is_system_managed_default"));
}

}  // namespace
}  // namespace tracking::testing
