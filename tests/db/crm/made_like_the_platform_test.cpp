// Compares a customer of ours with one that the platform's own code has made. It takes every column
// of the catalogue, and so also one that comes later.

#include "models/crm/tag_model.hpp"
#include "models/writing/customer_store.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace tracking::models {
namespace {

using Row = std::map<std::string, std::string>;  // text by column

class MadeLikeThePlatformTest : public ModelsTest
{
protected:
    MadeLikeThePlatformTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.tenant({.n = 2, .name = "Bolt", .admin_email = "bob@bolt.example"});
        platform_makes_acme();
        job_makes_bolt();
    }

    std::string quoted(std::string const& text) const { return "'" + text + "'"; }

    /// The statements of the platform's code. It names no other columns.
    void platform_makes_acme()
    {
        auto const tenant = quoted(owner.str()) + ", ";
        auto const acme = quoted(testing::company_id(1));
        database.execute(
            "INSERT INTO {companies} (tenant, {company}_id, {company}_name, client_type, url,"
            " is_inactive, notes, properties) VALUES (" +
            tenant + acme +
            ", 'Acme', 'company', NULL, false, 'PSA Customer - Tenant: Acme',"
            R"('{"tenant_id": "Acme", "subscription_type": "psa"}'))");
        bool const has_type = database.has_column("contacts", "primary_email_canonical_type");
        database.execute(
            "INSERT INTO contacts (tenant, contact_name_id, {company}_id, full_name, email, role,"
            " notes, is_inactive" +
            std::string{has_type ? ", primary_email_canonical_type" : ""} + ") VALUES (" + tenant +
            quoted(testing::contact_id(1)) + ", " + acme +
            ", 'Ada Admin', 'ada@acme.example', 'Admin', 'Primary admin for PSA tenant', false" +
            (has_type ? ", 'work'" : "") + ")");
        database.execute(
            "INSERT INTO tag_definitions (tenant, tag_text, tagged_type, background_color,"
            " text_color) VALUES (" +
            tenant + "'PSA Customer', '{company}', '#BEC5F4', '#2C3E50')");
        database.execute(
            "INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type, created_by)"
            " SELECT tenant, tag_id, " +
            acme + ", tagged_type, NULL FROM tag_definitions WHERE tag_text = 'PSA Customer'");
        if (database.has_column("client_billing_profiles", "tenant"))
            database.execute(
                "INSERT INTO client_billing_profiles (tenant, client_id, name, is_default,"
                " is_system_managed_default) VALUES (" +
                tenant + acme + ", 'Acme', true, true)");
    }

    void job_makes_bolt()
    {
        auto tx = session.begin(Access::ReadWrite);
        JournalModel::install(tx);
        JournalModel const journal{owner};
        auto const run = RunId::parse("00000000-0000-4000-8000-0000000000aa").value();
        journal.take_lease(tx, run, "here");
        journal.start_run(tx, {.id = run, .mode = "apply"});
        auto const detected = detect_schema(tx, Side::Both);
        tx.commit();
        CustomerStore store{
            session,
            session,
            {.profile = detected, .source_profile = detected, .management = owner, .run = run}};
        std::string const email = "bob@bolt.example";
        std::vector<Change> const create{CreateCustomer{
            .tenant = tenant(2),
            .company = bolt_,
            .name = "Bolt",
            .tenant_name = "Bolt",
            .product = "psa",
            .tag = "PSA Customer",
            .contact = PlannedContact{made_contact_id(owner, bolt_, email), "Bob Admin", email}}};
        ASSERT_EQ(store.write(create).at(0).outcome, Outcome::Applied);
    }

    Row row(std::string const& sql)
    {
        Row columns;
        for (auto const& pair : database.rows("SELECT key, value FROM (" + sql +
                                              ") AS t, jsonb_each_text(to_jsonb(t))"))
            columns[pair.at(0)] = pair.at(1);
        return columns;
    }

    /// The columns of a table in which the rows of the two companies differ.
    std::set<std::string> differences(std::string const& table, std::string const& company_column)
    {
        auto const of = [&](std::string const& company) {
            return row("SELECT * FROM " + table + " WHERE tenant = " + quoted(owner.str()) +
                       " AND " + company_column + " = " + quoted(company));
        };
        auto const platform = of(testing::company_id(1));
        auto const job = of(bolt_.str());
        EXPECT_FALSE(platform.empty() || job.empty()) << table;
        std::set<std::string> names;
        for (auto const& [column, value] : platform) {
            if (job.at(column) != value)
                names.insert(database.in_generation(column));
        }
        return names;
    }

    std::set<std::string> expected(std::set<std::string> const& columns) const
    {
        std::set<std::string> names;
        for (auto const& column : columns)
            names.insert(database.in_generation(column));
        return names;
    }

    CompanyId const bolt_ = made_company_id(owner, tenant(2));
};
TEST_ALL_SCHEMA_STATES(MadeLikeThePlatformTest);

TEST_P(MadeLikeThePlatformTest, CompaniesDifferInIdNameAndTimesOnly)
{
    EXPECT_EQ(differences("{companies}", "{company}_id"),
              expected({"{company}_id", "{company}_name", "notes", "properties", "created_at",
                        "updated_at"}));
    EXPECT_EQ(
        database.value("SELECT notes FROM {companies} WHERE {company}_id = '" + bolt_.str() + "'"),
        "PSA Customer - Tenant: Bolt");
    EXPECT_EQ(database.value("SELECT properties FROM {companies} WHERE {company}_id = '" +
                             bolt_.str() + "'"),
              R"({"tenant_id": ")" + tenant(2).str() + R"(", "subscription_type": "psa"})");
}

TEST_P(MadeLikeThePlatformTest, ContactsDifferInIdNameAndTimesOnly)
{
    EXPECT_EQ(differences("contacts", "{company}_id"),
              expected({"contact_name_id", "{company}_id", "full_name", "email", "created_at",
                        "updated_at"}));
}

TEST_P(MadeLikeThePlatformTest, TagsDifferInIdsAndTimesOnly)
{
    EXPECT_EQ(differences("tag_mappings", "tagged_id"),
              expected({"mapping_id", "tagged_id", "created_at"}));
    EXPECT_EQ(database.value("SELECT count(*) FROM tag_definitions"), "1");

    database.execute("DELETE FROM tag_mappings");
    auto const platform = row("SELECT * FROM tag_definitions");
    database.execute("DELETE FROM tag_definitions");
    committed([&](auto& tx) { return TagModel{profile, owner}.define(tx, "PSA Customer"); });
    auto job = row("SELECT * FROM tag_definitions");
    for (auto const* const column : {"tag_id", "created_at"})
        job[column] = platform.at(column);
    EXPECT_EQ(job, platform);
}

TEST_P(MadeLikeThePlatformTest, BillingProfilesDifferInIdsNameAndTimesOnly)
{
    if (!database.has_column("client_billing_profiles", "tenant"))
        return;
    EXPECT_EQ(differences("client_billing_profiles", "client_id"),
              expected({"billing_profile_id", "client_id", "name", "created_at", "updated_at"}));
}

}  // namespace
}  // namespace tracking::models
