#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A tenant, and a company that may be its customer, though nothing says so.
class LinkTest : public JobTest
{
protected:
    LinkTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.company({.n = 11, .name = "Acme Incorporated"});
        init();
    }

    Ended link(std::string const& tenant, std::string const& company,
               std::vector<std::string> const& options = {"--yes"}) const
    {
        std::vector<std::string> arguments{"link", tenant, company, "--reason=asked sales",
                                           "--format=json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return job(arguments);
    }

    std::string link_of(int company)
    {
        return database.value(
            "SELECT properties ->> 'tenant_id' FROM {companies}"
            " WHERE {company}_id = '" +
            company_id(company) + "'");
    }

    std::string journal(std::string const& what)
    {
        return database.value("SELECT " + what + " FROM customer_reconcile.run");
    }
};

TEST_P(LinkTest, StampsTheTenantAndKeepsWhatElseTheCompanySays)
{
    database.execute(
        "UPDATE {companies} SET properties = '{\"website\": \"https://acme.example\"}'"
        " WHERE {company}_id = '" +
        company_id(11) + "'");
    auto const linked = link(tenant_id(1), company_id(11));
    EXPECT_EQ(linked.exit_code, 0) << linked.err << linked.out;
    EXPECT_EQ(link_of(11), tenant_id(1));
    EXPECT_EQ(count("{companies} WHERE properties ->> 'website' = 'https://acme.example'"), "1");
}

TEST_P(LinkTest, UndoTakesTheLinkAway)
{
    auto const before = owned();
    auto const run = std::string{parsed(link("Acme", "Acme Incorporated")).at("run").as_string()};
    EXPECT_NE(owned(), before);
    EXPECT_EQ(job({"undo", run, "--yes"}).exit_code, 0);
    EXPECT_EQ(owned(), before);
}

TEST_P(LinkTest, NextRunTakesTheCompanyForTheCustomer)
{
    EXPECT_EQ(found(plan(), "unlinked"), 1);
    link("Acme", "Acme Incorporated");
    auto const next = plan();
    EXPECT_EQ(found(next, "unlinked"), 0);
    EXPECT_EQ(found(next, "missing"), 0);
    EXPECT_EQ(found(next, "contact_missing"), 1);
}

TEST_P(LinkTest, ReportSaysWhatIsLeftOfTheTwoAlone)
{
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    auto const report = parsed(link("Acme", "Acme Incorporated"));
    EXPECT_EQ(report.at_pointer("/items/0/result/outcome"), "applied");
    EXPECT_EQ(report.at_pointer("/residual/drift/contact_missing/found"), 1);
    EXPECT_EQ(report.at_pointer("/residual/drift/missing/found"), 0) << "Bolt is not asked about";
}

TEST_P(LinkTest, JournalKeepsWhoDecidedAndWhyAndBothImages)
{
    link("Acme", "Acme Incorporated");
    EXPECT_EQ(journal("mode"), "link");
    EXPECT_EQ(journal("allowances ->> 'reason'"), "asked sales");
    EXPECT_EQ(journal("outcome"), "ok");
    EXPECT_EQ(journal("counts -> 'counts' ->> 'tenants'"), "1");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_EQ(database.rows("SELECT change, outcome, before IS NOT NULL, after IS NOT NULL FROM "
                            "customer_reconcile.change"),
              (std::vector<std::vector<std::string>>{{"link", "applied", "t", "t"}}));
}

TEST_P(LinkTest, AmbiguousMatchIsSettledByIt)
{
    world.tenant({.n = 2, .name = "Smith", .admin_email = "s@smith.example"});
    world.company({.n = 21, .name = "Smith East", .link = "Smith"});
    world.company({.n = 22, .name = "Smith West", .link = "Smith"});
    auto const before = plan();
    ASSERT_EQ(found(before, "ambiguous"), 1);
    EXPECT_EQ(link("Smith", "Smith West").exit_code, 0);
    EXPECT_EQ(link_of(22), tenant_id(2));
    EXPECT_EQ(found(plan(), "ambiguous"), 0);
}

TEST_P(LinkTest, CompanyOfATenantThatIsGoneMayGetAnother)
{
    world.company({.n = 12, .name = "Moved", .link = tenant_id(77)});
    EXPECT_EQ(link("Acme", "Moved").exit_code, 0);
    EXPECT_EQ(link_of(12), tenant_id(1));
}

TEST_P(LinkTest, CompanyOfALivingTenantIsRefusedAndTheWayOutIsSaid)
{
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    world.company({.n = 12, .name = "Bolt Ltd", .link = tenant_id(2)});
    auto const refused = link("Acme", "Bolt Ltd");
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.out, AllOf(HasSubstr("is the customer of tenant"), HasSubstr("Bolt"),
                                   HasSubstr("properties - 'tenant_id'")));
    EXPECT_EQ(link_of(12), tenant_id(2));
    EXPECT_EQ(count("customer_reconcile.run"), "0");
}

TEST_P(LinkTest, TenantWithACustomerIsRefusedUntilThatOneIsIgnored)
{
    world.company({.n = 12, .name = "Acme Old", .link = tenant_id(1)});
    auto const refused = link("Acme", "Acme Incorporated");
    EXPECT_EQ(refused.exit_code, 3);
    auto const objection = std::string{parsed(refused).at_pointer("/refusals/0").as_string()};
    EXPECT_THAT(objection, AllOf(HasSubstr("has a customer"), HasSubstr(company_id(12))));
    EXPECT_THAT(objection,
                HasSubstr("\ncustomer-reconcile ignore " + company_id(12) + " --reason"));
    EXPECT_EQ(job({"ignore", company_id(12), "--yes", "--reason=not theirs"}).exit_code, 0);
    EXPECT_EQ(link("Acme", "Acme Incorporated").exit_code, 0);
    EXPECT_EQ(found(plan(), "duplicate"), 0);
}

TEST_P(LinkTest, TenantWithARecognisedCustomerIsRefusedUntilThatOneIsIgnored)
{
    world.company({.n = 12, .name = "Acme Old", .link = "Acme"});
    auto const refused = link("Acme", "Acme Incorporated");
    EXPECT_EQ(refused.exit_code, 3);
    auto const objection = std::string{parsed(refused).at_pointer("/refusals/0").as_string()};
    EXPECT_THAT(objection, AllOf(HasSubstr("recognised by its name"), HasSubstr(company_id(12))));
    EXPECT_EQ(count("customer_reconcile.run"), "0");
    EXPECT_THAT(objection,
                HasSubstr("\ncustomer-reconcile ignore " + company_id(12) + " --reason"));
    EXPECT_EQ(job({"ignore", company_id(12), "--yes", "--reason=not theirs"}).exit_code, 0);
    EXPECT_EQ(link("Acme", "Acme Incorporated").exit_code, 0);
}

TEST_P(LinkTest, CompanyThatIsRecognisedForALivingTenantIsRefusedAndTheWayIsSaid)
{
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    world.company({.n = 12, .name = "Bolt Ltd", .link = "Bolt"});
    world.company({.n = 13, .name = "By Mail", .contact_email = "bo@bolt.example"});
    auto const refused = link("Acme", "Bolt Ltd");
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.out, AllOf(HasSubstr("recognised by its name"),
                                   HasSubstr("customer-reconcile link " + tenant_id(2))));
    EXPECT_EQ(link_of(12), "Bolt");
    database.execute("DELETE FROM tag_mappings WHERE tagged_id = '" + company_id(12) +
                     "'; UPDATE {companies} SET properties = NULL WHERE {company}_id = '" +
                     company_id(12) + "'");
    EXPECT_THAT(link("Acme", "By Mail").out, HasSubstr("recognised by the admin's e-mail"));
}

TEST_P(LinkTest, OneOfTwoCustomersIsNotChosenByLinkingItAgain)
{
    world.company({.n = 12, .name = "Acme Old", .link = tenant_id(1)});
    world.company({.n = 13, .name = "Acme New", .link = tenant_id(1)});
    auto const refused = link("Acme", "Acme New");
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.out,
                AllOf(HasSubstr("first tell the job to ignore it"), HasSubstr(company_id(12))));
}

TEST_P(LinkTest, LinkingAgainChangesNothing)
{
    link("Acme", "Acme Incorporated");
    auto const again = link("Acme", "Acme Incorporated");
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(parsed(again).at_pointer("/items/0/result/outcome"), "already_present");
}

TEST_P(LinkTest, PropertiesThatWouldBeLostAreRefused)
{
    world.company({.n = 12, .name = "Odd", .properties_json = "[1, 2]"});
    EXPECT_EQ(link("Acme", "Odd").exit_code, 3);
}

TEST_P(LinkTest, ManagementTenantIsNeverItsOwnCustomer)
{
    EXPECT_EQ(link("Nine Minds LLC", "Acme Incorporated").exit_code, 3);
}

TEST_P(LinkTest, NameThatIsNotUniqueIsRefusedWithTheIds)
{
    world.tenant({.n = 2, .name = "Acme", .admin_email = "bo@acme.example"});
    auto const ended = link("Acme", "Acme Incorporated");
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("is the name of 2 tenants"), HasSubstr(tenant_id(1)),
                                 HasSubstr(tenant_id(2))));
    EXPECT_EQ(link(tenant_id(2), "Acme Incorporated").exit_code, 0);
}

TEST_P(LinkTest, UnknownNamesAreSaid)
{
    EXPECT_THAT(link("Nobody", "Acme Incorporated").err, HasSubstr("no tenant has the id or the "));
    auto const ended = link("Acme", "Acme United");
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, HasSubstr("no company has the id or the exact name"));
}

TEST_P(LinkTest, NeedsAReasonAndSomebodyToAgree)
{
    EXPECT_EQ(job({"link", "Acme", "Acme Incorporated", "--yes"}).exit_code, 64);
    EXPECT_EQ(job({"link", "Acme", "--reason=x", "--yes"}).exit_code, 64);
    EXPECT_EQ(link("Acme", "Acme Incorporated", {}).exit_code, 64);
    EXPECT_EQ(link_of(11), "NULL");
}

TEST_P(LinkTest, DryRunWins)
{
    auto const ended = link("Acme", "Acme Incorporated", {"--yes", "--dry-run"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(parsed(ended).at_pointer("/items/0/change/kind"), "link");
    EXPECT_EQ(link_of(11), "NULL");
    EXPECT_EQ(count("customer_reconcile.run"), "0");
}

TEST_P(LinkTest, IsBusyWhileARunIsAtWork)
{
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(42) + "', 'node-7', now() + interval '1 minute')");
    EXPECT_EQ(link("Acme", "Acme Incorporated").exit_code, 75);
    EXPECT_EQ(link_of(11), "NULL");
}

TEST_P(LinkTest, CompanyThatSaysIgnoreIsLinkedAndTheOperatorWarned)
{
    world.company({.n = 12, .name = "Quiet", .properties_json = R"({"reconcile": "ignore"})"});
    auto const linked = link("Acme", "Quiet");
    EXPECT_EQ(linked.exit_code, 0) << linked.err;
    EXPECT_EQ(parsed(linked).at("warnings").as_array().size(), 1U);
}

TEST_P(LinkTest, DoesNotCountAsASightingOfOrphans)
{
    world.company({.n = 12, .name = "Gone", .link = tenant_id(77)});
    link("Acme", "Acme Incorporated");
    EXPECT_EQ(count("customer_reconcile.drift"), "0");
}

TEST_P(LinkTest, WhatIsNotNamedExactlyIsTakenWhereItFitsOneOnlyElseAsked)
{
    world.company({.n = 12, .name = "Acme Industries"});
    auto const asked = link("acme", "Acme I");
    EXPECT_EQ(asked.exit_code, 65);
    EXPECT_THAT(asked.err, AllOf(HasSubstr("did you mean \"Acme Incorporated\""),
                                 HasSubstr("\"Acme Industries\"")));
    EXPECT_THAT(asked.out, Not(HasSubstr("the database is not as expected")));
    EXPECT_EQ(link("ACME", "acme incorp").exit_code, 0);
    EXPECT_EQ(link_of(11), tenant_id(1));
}

TEST_P(LinkTest, ReportAndExplainPrintTheCommandThatIsTheWayOut)
{
    world.tenant({.n = 2, .name = "Smith", .admin_email = "s@smith.example"});
    world.company({.n = 21, .name = "Smith East", .link = "Smith"});
    world.company({.n = 22, .name = "Smith West", .link = "Smith"});
    auto const command =
        "customer-reconcile link " + tenant_id(2) + " " + company_id(22) + " --reason \"...\"";
    EXPECT_THAT(job({"explain", "Smith"}).out, HasSubstr(command));
    EXPECT_THAT(job({"explain", "Acme Incorporated"}).out,
                HasSubstr("customer-reconcile link TENANT " + company_id(11)));
    auto const report = plan();
    EXPECT_EQ(report.at_pointer("/items/1/ways_out/1").as_string(), command) << report.at("items");
}

TEST_P(LinkTest, WorksWithTenantsElsewhere)
{
    TestDatabase tenants{GetParam()};
    World{tenants}.tenant({.n = 3, .name = "Far", .admin_email = "f@far.example"});
    auto const linked = job({"link", "Far", "Acme Incorporated", "--reason=x", "--yes"},
                            {{"CUSTOMER_RECONCILE_SOURCE_DSN", tenants.dsn()},
                             {"CUSTOMER_RECONCILE_MANAGEMENT_DSN", database.dsn()}});
    EXPECT_EQ(linked.exit_code, 0) << linked.err << linked.out;
    EXPECT_EQ(link_of(11), tenant_id(3));
    EXPECT_THAT(linked.out, Not(HasSubstr("REFUSED")));
}

TEST_BOTH_GENERATIONS(LinkTest);

}  // namespace

}  // namespace tracking::testing
