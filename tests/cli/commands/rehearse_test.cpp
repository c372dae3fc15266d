#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RehearseTest : public JobTest
{
protected:
    void add_tenants(int count)
    {
        for (int n = 1; n <= count; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
    }

    Ended rehearse(std::vector<std::string> const& options = {},
                   std::map<std::string, std::string> const& environment = {}) const
    {
        std::vector<std::string> arguments{"plan", "--rehearse", "--format=json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return job(arguments, environment);
    }

    /// A digest of every row of every table, also of the management tenant's and the journal's.
    std::map<std::string, std::string> everything()
    {
        auto all = database.fingerprint_outside(tenant_id(99));
        for (std::string const table : {"run_start", "run_end", "change", "drift", "lease"})
            all["journal " + table] = database.value(
                "SELECT md5(string_agg(concat(t.xmin, t.*), ',' ORDER BY "
                "t.xmin::text, t::text)) FROM customer_reconcile." +
                table + " t");
        return all;
    }

    /// Refuses companies of that name; `when` completes CREATE ... TRIGGER.
    void refuse(std::string const& name, std::string const& when)
    {
        database.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
            " IF NEW.{company}_name = '" +
            name + "' THEN RAISE 'not this one'; END IF; RETURN NEW; END$$; CREATE " + when +
            " FOR EACH ROW EXECUTE FUNCTION refuse()");
    }

    static std::vector<std::string> outcomes(boost::json::value const& report)
    {
        std::vector<std::string> all;
        for (auto const& item : report.at("items").as_array()) {
            auto const& result = item.at("result");
            all.emplace_back(result.is_null() ? "none" : result.at("outcome").as_string().c_str());
        }
        return all;
    }
};

TEST_P(RehearseTest, LeavesNothingBehind)
{
    add_tenants(3);
    TenantSeed const legacy{.n = 4, .name = "Legacy", .admin_email = "l@legacy.example"};
    world.tenant(legacy);
    world.old_workflow(legacy);
    world.company({.n = 7, .name = "Gone", .link = tenant_id(77), .contact_email = "g@g.example"});
    init();
    apply();
    world.tenant({.n = 5, .name = "New", .admin_email = "n@new.example"});
    auto const before = everything();
    auto const rehearsed = rehearse({"--grace-runs=1", "--grace-time=0"});
    EXPECT_EQ(rehearsed.exit_code, 0) << rehearsed.err;
    EXPECT_THAT(outcomes(parsed(rehearsed)), ElementsAre("rehearsed", "rehearsed"));
    EXPECT_EQ(everything(), before);
}

TEST_P(RehearseTest, RepairsThatRestOnAnAdoptionAreTriedOnTopOfIt)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1, .name = "Acme", .link = "Acme", .tagged = false});
    auto const report = parsed(rehearse());
    EXPECT_THAT(outcomes(report), ElementsAre("rehearsed", "rehearsed", "rehearsed"))
        << "unstamped, untagged, contact_missing";
    EXPECT_TRUE(report.at("rehearsed").as_bool());
    EXPECT_EQ(report.at_pointer("/totals/rows/companies"), 0) << "nothing was written";
}

TEST_P(RehearseTest, FailingItemIsFoundAndTheOthersHaveTheirVerdict)
{
    add_tenants(5);
    refuse("Tenant 2", "TRIGGER refuse BEFORE INSERT ON {companies}");
    auto const rehearsed = rehearse();
    EXPECT_EQ(rehearsed.exit_code, 4) << rehearsed.err;
    auto const report = parsed(rehearsed);
    EXPECT_THAT(outcomes(report),
                ElementsAre("rehearsed", "failed", "rehearsed", "rehearsed", "rehearsed"));
    EXPECT_EQ(report.at_pointer("/items/1/result/sqlstate"), "P0001");
    EXPECT_THAT(job({"plan", "--rehearse"}).out,
                AllOf(HasSubstr("4 of 5 changes would be applied, 1 would fail"),
                      HasSubstr("nothing is left of them"), HasSubstr("SQLSTATE P0001: "),
                      HasSubstr("not this one")));
}

TEST_P(RehearseTest, DeferredConstraintsAreChecked)
{
    add_tenants(5);
    refuse("Tenant 4",
           "CONSTRAINT TRIGGER refuse AFTER INSERT ON {companies} DEFERRABLE INITIALLY DEFERRED");
    auto const rehearsed = rehearse({"--batch-size=2"});
    EXPECT_THAT(outcomes(parsed(rehearsed)),
                ElementsAre("rehearsed", "rehearsed", "rehearsed", "failed", "rehearsed"))
        << rehearsed.err;
    EXPECT_EQ(rehearse().exit_code, 4);
}

TEST_P(RehearseTest, EverythingFailingIsAFailure)
{
    add_tenants(1);
    refuse("Tenant 1", "TRIGGER refuse BEFORE INSERT ON {companies}");
    EXPECT_EQ(rehearse().exit_code, 1);
}

TEST_P(RehearseTest, WaitsForALockNoLongerThanItsTimeout)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1,
                   .name = "Acme",
                   .link = tenant_id(1),
                   .tagged = false,
                   .contact_email = "ada@acme.example"});
    database.execute("BEGIN; SELECT FROM {companies} WHERE {company}_id = '" + company_id(1) +
                     "' FOR UPDATE");
    auto const report = parsed(rehearse({"--lock-timeout=50ms"}));
    database.execute("ROLLBACK");
    EXPECT_EQ(report.at_pointer("/items/0/result/sqlstate"), "55P03");
}

TEST_P(RehearseTest, WhatAGuardHoldsBackIsTriedForThePersonWhoIsToAllowIt)
{
    add_tenants(3);
    refuse("Tenant 2", "TRIGGER refuse BEFORE INSERT ON {companies}");
    auto const report = parsed(rehearse({"--guard-create-number=1"}));
    EXPECT_THAT(outcomes(report), ElementsAre("rehearsed", "failed", "rehearsed"));
    EXPECT_EQ(report.at_pointer("/items/0/hold/kind"), "guard");
    EXPECT_EQ(report.at_pointer("/totals/not_reached"), 0);
}

TEST_P(RehearseTest, IsBusyWhileARunIsAtWorkAndTakesNoLeaseItself)
{
    add_tenants(1);
    init();
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) VALUES ('" +
        tenant_id(0) + "', '" + tenant_id(42) + "', 'node-7', now() + interval '1 minute')");
    auto const rehearsed = rehearse();
    EXPECT_EQ(rehearsed.exit_code, 75);
    EXPECT_THAT(rehearsed.err, HasSubstr("node-7"));
    EXPECT_EQ(job({"plan"}).exit_code, 0) << "a plan without rehearsal is not in the way";
    database.execute("UPDATE customer_reconcile.lease SET expires_at = now() - interval '1 s'");
    EXPECT_EQ(rehearse().exit_code, 0);
}

TEST_P(RehearseTest, DryRunWins)
{
    add_tenants(1);
    refuse("Tenant 1", "TRIGGER refuse BEFORE INSERT ON {companies}");
    auto const ended = rehearse({"--dry-run"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(outcomes(parsed(ended)), ElementsAre("none"));
}

TEST_P(RehearseTest, IsForPlansAlone)
{
    add_tenants(1);
    init();
    EXPECT_EQ(job({"apply", "--yes", "--rehearse"}).exit_code, 64);
    EXPECT_EQ(outcomes(plan()), std::vector<std::string>{"none"});
}

TEST_P(RehearseTest, NeedsTheWritersRole)
{
    add_tenants(1);
    auto const role = database.name() + "_looker";
    database.execute("CREATE ROLE " + role +
                     " LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
    std::map<std::string, std::string> const as{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(role)}};
    auto const planned = job({"plan"}, as);
    auto const rehearsed = rehearse({}, as);
    database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    EXPECT_EQ(planned.exit_code, 0) << planned.err;
    EXPECT_EQ(rehearsed.exit_code, 77);
    EXPECT_THAT(rehearsed.err, HasSubstr("GRANT INSERT"));
}

TEST_P(RehearseTest, WorksThroughAPoolerAndWithTenantsElsewhere)
{
    TestDatabase tenants{GetParam()};
    World{tenants}.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    auto const rehearsed =
        rehearse({}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", tenants.dsn_through_pooler()},
                      {"CUSTOMER_RECONCILE_MANAGEMENT_DSN", database.dsn_through_pooler()}});
    EXPECT_EQ(rehearsed.exit_code, 0) << rehearsed.err;
    EXPECT_THAT(outcomes(parsed(rehearsed)), ElementsAre("rehearsed"));
}

TEST_BOTH_GENERATIONS(RehearseTest);

}  // namespace

}  // namespace tracking::testing
