// A person's word that the job leaves a company alone.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// A customer of the old days that matches no tenant, and a second company of one tenant.
class IgnoreTest : public JobTest
{
protected:
    IgnoreTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.company(
            {.n = 10, .name = "Acme", .link = tenant_id(1), .contact_email = "ada@acme.example"});
        world.company({.n = 11, .name = "Acme Twice", .link = tenant_id(1)});
        world.company({.n = 12, .name = "Nobody"});
        init();
    }

    Ended ignore(std::string const& company, std::vector<std::string> const& options = {"--yes"})
    {
        std::vector<std::string> arguments{"ignore", company, "--reason=merged", "--format=json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return job(arguments);
    }

    std::string properties_of(int company)
    {
        return database.value("SELECT properties FROM {companies} WHERE {company}_id = '" +
                              company_id(company) + "'");
    }
};

TEST_P(IgnoreTest, SettlesADuplicateAndACompanyThatMatchesNoTenant)
{
    auto const before = plan();
    EXPECT_EQ(found(before, "duplicate"), 1);
    EXPECT_EQ(found(before, "unlinked"), 1);
    EXPECT_EQ(ignore("Acme Twice").exit_code, 0);
    EXPECT_EQ(ignore(company_id(12)).exit_code, 0);
    auto const after = plan();
    EXPECT_EQ(found(after, "duplicate"), 0);
    EXPECT_EQ(found(after, "unlinked"), 0);
}

TEST_P(IgnoreTest, TheReportPrintsTheCommandThatSettlesTheItem)
{
    auto const report = plan();
    std::vector<std::string> commands;
    for (auto const& item : report.at("items").as_array()) {
        for (auto const& way : item.at("ways_out").as_array())
            commands.emplace_back(way.as_string());
    }
    auto const command = [](int company) {
        return "customer-reconcile ignore " + company_id(company) + " --reason \"...\"";
    };
    EXPECT_THAT(commands,
                AllOf(Contains(command(10)), Contains(command(11)), Contains(command(12))))
        << "of two companies of a tenant either may be the wrong one";
}

TEST_P(IgnoreTest, WhatElseThePropertiesSayStaysAndUndoTakesTheWordAway)
{
    auto const before = properties_of(11);
    auto const run = parsed(ignore("Acme Twice")).at("run").as_string();
    EXPECT_THAT(properties_of(11),
                AllOf(HasSubstr("\"reconcile\": \"ignore\""), HasSubstr(tenant_id(1))));
    EXPECT_EQ(job({"undo", std::string{run}, "--yes"}).exit_code, 0);
    EXPECT_EQ(properties_of(11), before);
}

TEST_P(IgnoreTest, UndoWorksForACompanyWithoutLinkToo)
{
    auto const before = properties_of(12);
    auto const run = parsed(ignore("Nobody")).at("run").as_string();
    auto const undone = job({"undo", std::string{run}, "--yes"});
    EXPECT_EQ(undone.exit_code, 0) << undone.out << undone.err;
    EXPECT_EQ(properties_of(12), before);
}

TEST_P(IgnoreTest, JournalKeepsWhoDecidedAndWhyAndShowTellsIt)
{
    auto const run = std::string{parsed(ignore("Nobody")).at("run").as_string()};
    EXPECT_EQ(database.value("SELECT mode || ' ' || (allowances ->> 'reason') || ' ' || outcome"
                             " FROM customer_reconcile.run"),
              "ignore merged ok");
    auto const shown = job({"show", run});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("leave the company alone from now on"));
}

TEST_P(IgnoreTest, TheTenantThatTheLinkNamesIsNamedWhereThereIsOne)
{
    EXPECT_EQ(parsed(ignore("Acme Twice")).at_pointer("/items/0/tenant/name"), "Acme");
    world.company({.n = 13, .name = "Gone", .link = tenant_id(9)});
    EXPECT_TRUE(parsed(ignore("Gone")).at_pointer("/items/0/tenant").is_null());
}

TEST_P(IgnoreTest, ShowNamesNoTenantWhereThereIsNone)
{
    ASSERT_EQ(ignore("Nobody").exit_code, 0);
    auto const run = database.value("SELECT run_id FROM customer_reconcile.run");
    auto const shown = parsed(job({"show", run, "--format=json"}));
    EXPECT_TRUE(shown.at_pointer("/items/0/tenant").is_null());
}

TEST_P(IgnoreTest, ACompanyWithoutTenantHasAHistoryOfItsOwn)
{
    world.company({.n = 13, .name = "Somebody"});
    ASSERT_EQ(ignore("Nobody").exit_code, 0);
    EXPECT_THAT(job({"explain", "Nobody"}).out, HasSubstr("ignore applied"));
    EXPECT_THAT(job({"explain", "Somebody"}).out, Not(HasSubstr("ignore applied")));
    EXPECT_EQ(job({"explain", "Nobodyy"}).exit_code, 65);
}

TEST_P(IgnoreTest, ACompanyWhosePropertiesCannotTakeTheWordIsRefusedBeforeAnythingIsWritten)
{
    database.execute("UPDATE {companies} SET properties = '[1, 2]' WHERE {company}_id = '" +
                     company_id(12) + "'");
    auto const ended = ignore("Nobody");
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_THAT(ended.out + ended.err, HasSubstr("repair the row"));
    EXPECT_EQ(properties_of(12), "[1, 2]");
}

TEST_P(IgnoreTest, ExplainTellsThatACompanyWithoutTenantIsIgnored)
{
    world.company({.n = 13, .name = "Gone", .link = tenant_id(9)});
    ASSERT_EQ(ignore("Gone").exit_code, 0);
    auto const told = job({"explain", "Gone"});
    EXPECT_THAT(told.out, AllOf(HasSubstr("active"), HasSubstr("properties.reconcile says so"),
                                Not(HasSubstr("settled"))));
}

TEST_P(IgnoreTest, ACompanyThatSaysSoAlreadyIsFine)
{
    EXPECT_EQ(ignore("Nobody").exit_code, 0);
    auto const again = ignore("Nobody");
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_EQ(parsed(again).at_pointer("/items/0/result/outcome"), "already_present");
}

TEST_P(IgnoreTest, DryRunSaysWhatItWouldDoAndWritesNothing)
{
    auto const before = properties_of(12);
    auto const dry = ignore("Nobody", {"--dry-run"});
    EXPECT_EQ(dry.exit_code, 0) << dry.err;
    EXPECT_EQ(parsed(dry).at_pointer("/items/0/change/kind"), "ignore");
    EXPECT_EQ(properties_of(12), before);
    EXPECT_EQ(count("customer_reconcile.run"), "0");
}

TEST_P(IgnoreTest, WarnsWhereTheTenantGetsAnotherCompanyThen)
{
    world.tenant({.n = 2, .name = "Smith", .admin_email = "s@smith.example"});
    world.company({.n = 21, .name = "Smith East", .link = "Smith"});
    auto const ignored = parsed(ignore("Smith East"));
    EXPECT_THAT(std::string{ignored.at_pointer("/warnings/0").as_string()},
                AllOf(HasSubstr("recognised as the customer of tenant \"Smith\""),
                      HasSubstr("makes another one")));
    EXPECT_EQ(found(plan(), "missing"), 1);
}

TEST_P(IgnoreTest, WithoutReasonOrWithAnUnknownCompanyNothingIsDone)
{
    EXPECT_EQ(job({"ignore", "Nobody", "--yes"}).exit_code, 64);
    EXPECT_EQ(ignore("Never heard of").exit_code, 65);
    EXPECT_EQ(count("customer_reconcile.run"), "0");
}

TEST_BOTH_GENERATIONS(IgnoreTest);

}  // namespace

}  // namespace tracking::testing
