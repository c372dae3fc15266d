// Which management tenant is written to, and what is in doubt before anything is planned.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Environment = std::map<std::string, std::string>;

class IdentityTest : public JobTest
{
protected:
    IdentityTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    }

    /// A slip: the id of an ordinary tenant.
    Environment acme() const
    {
        return {{"NINEMINDS_TENANT_ID", tenant_id(1)},
                {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}};
    }
    Environment acme_by_both() const
    {
        auto environment = acme();
        environment["CUSTOMER_RECONCILE_MANAGEMENT_TENANT_NAME"] = "Acme";
        return environment;
    }

    std::string companies_of(int tenant)
    {
        return count("{companies} WHERE tenant = '" + tenant_id(tenant) + "'");
    }
    std::string pins()
    {
        return database.value(
            "SELECT string_agg(name || COALESCE(' instead of ' || instead_of, ''), ', '"
            " ORDER BY number) FROM customer_reconcile.pin");
    }
};

TEST_P(IdentityTest, AConfiguredIdThatIsAnotherTenantsThanTheConfiguredNameIsRefused)
{
    init();
    auto environment = acme();
    environment["CUSTOMER_RECONCILE_MANAGEMENT_TENANT_NAME"] = "Nine Minds LLC";
    for (auto const& arguments : std::vector<std::vector<std::string>>{
             {"plan"}, {"apply", "--yes"}, {"doctor"}, {"init", "--yes"}}) {
        auto const ended = job(arguments, environment);
        EXPECT_EQ(ended.exit_code, 65) << arguments[0] << ended.out;
        EXPECT_THAT(ended.out + ended.err,
                    AllOf(HasSubstr("is the tenant \"Acme\""), HasSubstr("Nine Minds LLC")));
    }
}

TEST_P(IdentityTest, NothingIsWrittenToAnotherTenantThanThePinnedOne)
{
    init();
    apply();
    auto const run = database.value("SELECT run_id FROM customer_reconcile.run");
    auto const company = database.value(
        "SELECT min({company}_id::text) FROM {companies} WHERE tenant = '" + tenant_id(0) + "'");
    auto const before = companies_of(1);
    for (auto const& arguments :
         std::vector<std::vector<std::string>>{{"plan"},
                                               {"apply", "--yes"},
                                               {"undo", run, "--yes"},
                                               {"link", "Bolt", company, "--reason=x", "--yes"},
                                               {"init", "--yes", "--prune"}}) {
        auto const ended = job(arguments, acme());
        EXPECT_EQ(ended.exit_code, 65) << arguments[0] << ended.out << ended.err;
        EXPECT_THAT(ended.err, AllOf(HasSubstr("\"Acme\""), HasSubstr("Nine Minds LLC")));
    }
    EXPECT_THAT(job({"doctor"}, acme()).out,
                AllOf(HasSubstr("FAIL"), HasSubstr("the journal in this database knows")));
    EXPECT_EQ(companies_of(1), before);
    EXPECT_EQ(count("customer_reconcile.run"), "1");
}

// Any tenant can take a name, and no id is configured.
TEST_P(IdentityTest, ATenantThatTakesTheVendorsNameDoesNotStopTheNight)
{
    database.execute("UPDATE tenants SET {company}_name = 'Nine Minds LLC' WHERE tenant = '" +
                     tenant_id(1) + "'");
    EXPECT_EQ(apply().exit_code, 65) << "nobody has pinned one yet";
    EXPECT_EQ(job({"init", "--yes", "--management-tenant-id=" + tenant_id(0)}).exit_code, 0);

    auto const others = companies_of(1);
    auto const ended = apply();

    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(count("{companies} WHERE properties ->> 'tenant_id' IS NOT NULL AND tenant = '" +
                    tenant_id(0) + "'"),
              "2");
    EXPECT_EQ(companies_of(1), others);
}

TEST_P(IdentityTest, AnotherManagementTenantIsPinnedWhereAPersonTypesBothNames)
{
    init();
    auto const both = acme_by_both();
    EXPECT_EQ(job({"init", "--yes"}, both).exit_code, 65);
    EXPECT_EQ(job({"init", "--yes", "--instead-of=Bolt"}, both).exit_code, 65);
    EXPECT_EQ(job({"init", "--yes", "--instead-of=Nine Minds LLC"}, acme()).exit_code, 65);
    EXPECT_EQ(pins(), "Nine Minds LLC");

    auto const said = job({"init", "--yes", "--instead-of=Nine Minds LLC"}, both);
    EXPECT_EQ(said.exit_code, 0) << said.err;
    EXPECT_EQ(pins(), "Nine Minds LLC, Acme instead of " + tenant_id(0));
    EXPECT_EQ(apply().exit_code, 65) << "the former one is another one now";
}

TEST_P(IdentityTest, InitShowsWhomItPinsAndNeedsAYes)
{
    auto const unasked = job({"init"});
    EXPECT_EQ(unasked.exit_code, 64);
    EXPECT_THAT(unasked.err, HasSubstr("--yes"));
    EXPECT_EQ(database.value("SELECT to_regnamespace('customer_reconcile')"), "NULL");

    auto const said = init();
    EXPECT_EQ(said.exit_code, 0) << said.err;
    EXPECT_THAT(said.out, AllOf(HasSubstr("Nine Minds LLC"), HasSubstr(tenant_id(0)),
                                HasSubstr("0 tagged customers")));
    EXPECT_EQ(job({"init"}).exit_code, 0) << "it is pinned: there is nothing to ask";
    EXPECT_EQ(pins(), "Nine Minds LLC");
}

TEST_P(IdentityTest, ThePinKeepsWhoPinnedIt)
{
    EXPECT_EQ(job({"init", "--yes", "--by=ann"}).exit_code, 0);
    EXPECT_EQ(database.value("SELECT pinned_by FROM customer_reconcile.pin"), "ann");
}

TEST_P(IdentityTest, AJournalWithoutPinWritesNothing)
{
    init();
    database.execute("DELETE FROM customer_reconcile.pin");
    auto const before = companies_of(0);
    EXPECT_EQ(job({"plan"}).exit_code, 0);
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 65);
    EXPECT_THAT(applied.err, HasSubstr("customer-reconcile init"));
    EXPECT_EQ(job({"doctor"}).exit_code, 65);
    EXPECT_EQ(companies_of(0), before);
}

TEST_P(IdentityTest, AnUpgradePinsTheTenantThatTheRunsWereFor)
{
    init();
    apply();
    database.execute(journal_back_to_version_3());
    auto const other = job({"init", "--yes"}, acme());
    EXPECT_EQ(other.exit_code, 65) << other.out;
    EXPECT_THAT(other.err, HasSubstr("--instead-of='Nine Minds LLC'"));

    auto const upgraded = job({"init"});  // there is nothing to ask
    EXPECT_EQ(upgraded.exit_code, 0) << upgraded.err;
    EXPECT_EQ(pins(), "Nine Minds LLC");
    EXPECT_EQ(apply().exit_code, 0);
}

TEST_P(IdentityTest, AnEmptyTenantIsDoubtedWhereAnotherOneHasTheCustomers)
{
    init();
    apply();
    database.execute("DROP SCHEMA customer_reconcile CASCADE");  // a new installation
    auto const planned = job({"plan"}, acme());
    EXPECT_EQ(planned.exit_code, 3);
    EXPECT_THAT(planned.out, AllOf(HasSubstr("has no customer"), HasSubstr("Nine Minds LLC"),
                                   HasSubstr("has 2")));
    EXPECT_THAT(job({"doctor"}, acme()).out, HasSubstr("has no customer"));
    auto const pinned = job({"init", "--yes"}, acme());
    EXPECT_EQ(pinned.exit_code, 65);
    EXPECT_THAT(pinned.err, HasSubstr("--instead-of='Nine Minds LLC'"));

    // A person who knows better says so once.
    EXPECT_EQ(job({"init", "--yes", "--instead-of=Nine Minds LLC"}, acme_by_both()).exit_code, 0);
    EXPECT_EQ(job({"plan"}, acme()).exit_code, 0);
}

TEST_P(IdentityTest, LinksWithoutTagsAreCustomersToo)
{
    world.company({.n = 7, .name = "Acme", .link = tenant_id(1), .tagged = false});
    auto const planned = job({"plan"}, acme());
    EXPECT_EQ(planned.exit_code, 3);
    EXPECT_THAT(planned.out, HasSubstr("has 1"));
    EXPECT_EQ(job({"plan"}).exit_code, 0);
}

TEST_P(IdentityTest, RowSecurityThatHidesTheManagementTenantIsNamedAsSuch)
{
    auto const role = database.name() + "_blind";
    database.execute("CREATE ROLE " + role +
                     " LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public"
                     " TO " +
                     role +
                     "; ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;"
                     " CREATE POLICY others ON tenants USING (tenant <> '" +
                     tenant_id(0) + "')");
    auto const ended = job({"plan"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(role)}});
    database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    EXPECT_EQ(ended.exit_code, 77) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("BYPASSRLS"), Not(HasSubstr("no tenant"))));
}

TEST_P(IdentityTest, DoctorSaysWhetherTheSourceGuardIsArmed)
{
    init();
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("not armed"));
    apply();
    EXPECT_THAT(job({"doctor"}).out,
                HasSubstr("armed by 1 complete readings: below 2 of 2 tenants"));
}

TEST_P(IdentityTest, AnOlderProgramDoesNotRunOnANewerJournal)
{
    init();
    apply();
    auto const run = database.value("SELECT run_id FROM customer_reconcile.run");
    database.execute("INSERT INTO customer_reconcile.version (version) VALUES (99)");
    for (auto const& arguments :
         std::vector<std::vector<std::string>>{{"apply", "--yes"},
                                               {"undo", run},
                                               {"history"},
                                               {"show", run},
                                               {"link", "Acme", "Bolt", "--reason=x", "--yes"},
                                               {"init", "--yes"}}) {
        auto const ended = job(arguments);
        EXPECT_EQ(ended.exit_code, 65) << arguments[0] << ended.out;
        EXPECT_THAT(ended.err, HasSubstr("use the newer program"));
    }
    auto const planned = job({"plan"});
    EXPECT_EQ(planned.exit_code, 0) << planned.err;
    EXPECT_THAT(planned.out, HasSubstr("made by a newer customer-reconcile"));
    EXPECT_THAT(job({"doctor"}).out, AllOf(HasSubstr("use the newer program"),
                                           Not(HasSubstr("run `customer-reconcile init`"))));
}

TEST_P(IdentityTest, ALeaseFromTheFutureIsTakenOverAndSaid)
{
    init();
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, since, expires_at) VALUES ('" +
        tenant_id(0) +
        "', gen_random_uuid(), 'ahead', now() + interval '9 h',"
        " now() + interval '10 h')");
    EXPECT_THAT(job({"doctor"}).out, AllOf(HasSubstr("ahead"), HasSubstr("worth nothing")));
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_THAT(applied.out, HasSubstr("was taken over"));
}

TEST_P(IdentityTest, ExcludeProtectsTheCustomerOfATenantThatIsGone)
{
    init();
    world.company({.n = 9, .name = "Gone", .link = tenant_id(9)});
    Environment const at_once{{"CUSTOMER_RECONCILE_GRACE_RUNS", "1"},
                              {"CUSTOMER_RECONCILE_GRACE_TIME", "0"}};
    auto const kept = job({"apply", "--yes", "--exclude", tenant_id(9)}, at_once);
    EXPECT_EQ(kept.exit_code, 0) << kept.err;
    EXPECT_THAT(kept.out, AllOf(HasSubstr("exclude names it"), HasSubstr("Gone")));
    EXPECT_EQ(count("{companies} WHERE is_inactive"), "0");
    apply(at_once);
    EXPECT_EQ(count("{companies} WHERE is_inactive"), "1");
}

TEST_BOTH_GENERATIONS(IdentityTest);

}  // namespace

}  // namespace tracking::testing
