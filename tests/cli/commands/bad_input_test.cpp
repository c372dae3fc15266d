#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class BadInputTest : public JobTest
{};

TEST_P(BadInputTest, EveryProblemOfTheConfigurationIsTold)
{
    auto const ended = job({"plan", "--grace-runs=0"},
                           {{"CUSTOMER_RECONCILE_POLICY", "all"}, {"NINEMINDS_TENANT_ID", "nine"}});
    EXPECT_EQ(ended.exit_code, 78);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("--grace-runs"), HasSubstr("CUSTOMER_RECONCILE_POLICY"),
                                 HasSubstr("NINEMINDS_TENANT_ID")));
}

TEST_P(BadInputTest, TagThatTheModelsRefuseIsAProblemOfTheConfiguration)
{
    auto const ended = job({"plan"}, {{"CUSTOMER_TAG_NAME", "Zürich|Kunde"}});
    EXPECT_EQ(ended.exit_code, 78);
    EXPECT_THAT(ended.err, HasSubstr("tag.psa"));
}

TEST_P(BadInputTest, UnknownOptionIsAUsageError)
{
    auto const ended = job({"plan", "--minimum-agee=1h"});
    EXPECT_EQ(ended.exit_code, 64);
    EXPECT_THAT(ended.err, HasSubstr("--minimum-age"));
}

TEST_P(BadInputTest, TextsThatAreNotInUtf8AreToldAsSuch)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    auto const explained = job({"explain", "M\xFCller"});
    EXPECT_EQ(explained.exit_code, 64) << explained.err;
    EXPECT_THAT(explained.err, HasSubstr("not in UTF-8"));
    EXPECT_EQ(job({"config", "check", "--by=M\xFCller"}).exit_code, 78);
    EXPECT_EQ(job({"apply", "--yes", "--by=M\xFCller"}).exit_code, 78);
    EXPECT_EQ(job({"ignore", "Acme", "--yes", "--reason=f\xFCr"}).exit_code, 64);
    EXPECT_EQ(job({"ignore", "Acme", "--yes", "--reason= "}).exit_code, 64);
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(BadInputTest, UnreachableServerIsNamedWithoutThePassword)
{
    auto const ended =
        job({"plan", "--format=json"},
            {{"CUSTOMER_RECONCILE_SOURCE_DSN", "postgresql://job:hunter2@127.0.0.1:1/platform"}});
    EXPECT_EQ(ended.exit_code, 69);
    EXPECT_THAT(ended.err,
                AllOf(HasSubstr("127.0.0.1"), HasSubstr("port 1"), Not(HasSubstr("hunter2"))));
    EXPECT_EQ(outcome(parsed(ended)), "unavailable");
}

TEST_P(BadInputTest, MissingGrantIsNamedWithItsTable)
{
    database.execute("CREATE ROLE " + database.name() + "_poor LOGIN");
    auto const ended = job(
        {"plan"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(database.name() + "_poor")}});
    database.execute("DROP ROLE " + database.name() + "_poor");
    EXPECT_EQ(ended.exit_code, 77);
    EXPECT_THAT(ended.err, HasSubstr("GRANT SELECT (tenant, contact_name_id"));
}

TEST_P(BadInputTest, MissingColumnIsNamed)
{
    database.execute("ALTER TABLE tag_mappings RENAME created_by TO maker");
    auto const ended = job({"plan"});
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, HasSubstr("tag_mappings.created_by"));
}

TEST_P(BadInputTest, ManagementTenantThatIsNotThereIsNamed)
{
    auto const ended = job({"plan"}, {{"NINEMINDS_TENANT_ID", tenant_id(99)}});
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, HasSubstr(tenant_id(99)));
}

TEST_P(BadInputTest, HostileNamesArriveUnchangedAndTwiceIsOnce)
{
    std::vector<std::string> const names{"O'Hara \"and\" Sons",
                                         R"(back\slash {curly} %s $1)",
                                         "two\nlines\ttab",
                                         "\u202Eright to left",
                                         "😀 emoji",
                                         "'); DROP TABLE tenants; --",
                                         std::string(10'000, 'x'),
                                         " padded "};
    for (int n = 1; n <= static_cast<int>(names.size()); ++n)
        world.tenant({.n = n,
                      .name = names[static_cast<std::size_t>(n) - 1],
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    init();
    EXPECT_EQ(apply().exit_code, 0);
    EXPECT_EQ(count("{companies} c JOIN tenants t ON t.tenant::text = c.properties ->> 'tenant_id' "
                    "AND t.{company}_name = c.{company}_name"),
              std::to_string(names.size()));
    EXPECT_EQ(plan().at("items").as_array().size(), 0U);
}

TEST_P(BadInputTest, BlankNamesAreReportedAndTheOthersGoOn)
{
    world.tenant({.n = 1, .name = "", .admin_email = "a@t.example"});
    world.tenant({.n = 2, .name = " \t ", .admin_email = "b@t.example"});
    world.tenant({.n = 3, .name = "Fine", .admin_email = "c@t.example"});
    init();
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0);
    EXPECT_EQ(found(parsed(applied), "invalid"), 2);
    EXPECT_EQ(count("{companies} WHERE {company}_name = 'Fine' AND properties ? 'tenant_id'"), "1");
}

TEST_P(BadInputTest, PropertiesOfEveryTypeAreSurvivedAndKept)
{
    std::vector<std::string> const properties{"[1, 2]", "\"text\"", "42", "null",
                                              R"({"tenant_id": 42})"};
    for (int n = 1; n <= static_cast<int>(properties.size()); ++n) {
        auto const name = "Tenant " + std::to_string(n);
        world.tenant({.n = n, .name = name, .admin_email = "a" + std::to_string(n) + "@t.example"});
        world.company(
            {.n = n, .name = name, .properties_json = properties[static_cast<std::size_t>(n) - 1]});
    }
    init();
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(found(parsed(applied), "invalid"), 4) << "the number under tenant_id, too";
    EXPECT_EQ(count("{companies} WHERE properties IN ('[1, 2]', '\"text\"', '42')"), "3");
}

TEST_P(BadInputTest, TenantsWithoutAdminOrWithABadAddressAreReported)
{
    world.tenant({.n = 1, .name = "No admin", .email = ""});
    world.tenant({.n = 2, .name = "Bad address", .admin_email = "not an address"});
    init();
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0);
    EXPECT_EQ(found(parsed(applied), "no_admin"), 2);
    EXPECT_EQ(count("{companies} WHERE properties ? 'tenant_id'"), "2");
}

TEST_P(BadInputTest, TheWordsOfAnEndBelongToItsCase)
{
    init();
    auto const no_plan = job({"apply", "/dev/null", "--yes"});
    EXPECT_EQ(no_plan.exit_code, 65);
    EXPECT_THAT(no_plan.out, AllOf(HasSubstr("this plan file cannot be used"),
                                   HasSubstr("customer-reconcile plan --out plan.json"),
                                   Not(HasSubstr("database is not as expected"))));
    for (auto const* command : {"show", "undo"}) {
        auto const no_run = job({command, "12345678"});
        EXPECT_EQ(no_run.exit_code, 65);
        EXPECT_THAT(no_run.out, AllOf(HasSubstr("this run cannot be used"),
                                      HasSubstr("customer-reconcile history"),
                                      Not(HasSubstr("database is not as expected"))));
    }
    auto const neither = job({"show", "monday"});
    EXPECT_EQ(neither.exit_code, 65);
    EXPECT_THAT(neither.out, AllOf(HasSubstr("neither a plan file nor the id of a run"),
                                   HasSubstr("customer-reconcile history")));
}

TEST_BOTH_GENERATIONS(BadInputTest);

}  // namespace

}  // namespace tracking::testing
