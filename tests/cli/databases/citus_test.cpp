// What is different on Citus. tests/fixtures/citus_stand_in.sql stands in for it.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char const* kDistributed =
    "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_dist_partition d"
    " JOIN pg_class c ON c.oid = d.logicalrelid"
    " WHERE c.relnamespace = 'customer_reconcile'::regnamespace"
    " AND d.colocated = 'public.tenants'";
constexpr char const* kHistory = "change contact drift idle_run lease run_end run_start";

class CitusTest : public JobTest
{
protected:
    CitusTest() { world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"}); }

    void put_citus_in() { database.execute_file("citus_stand_in.sql"); }

    /// Columns of distributed tables on which the role has a right that it lacks on their shards.
    std::string rights_lost_on_shards(std::string const& role)
    {
        return database.value(
            "SELECT count(*) FROM pg_dist_partition d"
            " JOIN pg_class c ON c.oid = d.logicalrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,"
            " unnest('{SELECT,INSERT,UPDATE}'::text[]) AS one (kind)"
            " WHERE c.relnamespace = 'public'::regnamespace AND NOT has_table_privilege(" +
            role + ", c.oid, one.kind) AND has_column_privilege(" + role +
            ", c.oid, a.attname, one.kind) AND NOT has_column_privilege(" + role +
            ", format('shards.%I', c.relname || '_102008'), a.attname, one.kind)");
    }

    std::string rights_on_shards(std::string const& role)
    {
        return database.value(
            "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid,"
            " aclexplode(a.attacl) AS one"
            " WHERE c.relnamespace = 'shards'::regnamespace AND one.grantee = " +
            role + "::regrole");
    }
};

// Citus says "grant/revoke on column list is currently unsupported"; on the coordinator alone, plan
// was denied a shard.
TEST_P(CitusTest, WhatInitPrintsRunsThereAndGivesTheShardsTheSameRights)
{
    put_citus_in();
    ASSERT_EQ(init().exit_code, 0);
    for (auto const& role : {roles().reader(), roles().writer(), roles().remover()}) {
        auto const quoted = database.quote(role);
        EXPECT_NE(rights_on_shards(quoted), "0") << role;
        EXPECT_EQ(rights_lost_on_shards(quoted), "0") << role;
    }
    EXPECT_EQ(job({"plan"}).exit_code, 0);
    EXPECT_EQ(apply().exit_code, 0);
}

TEST_P(CitusTest, TheStandInRefusesWhatCitusRefuses)
{
    put_citus_in();
    EXPECT_THROW(database.execute("GRANT SELECT (tenant) ON tenants TO pg_monitor"),
                 std::exception);
}

TEST_P(CitusTest, TheGrantsOfARefusalRunThereWhateverTheRoleIsCalled)
{
    put_citus_in();
    auto const role = database.name() + "%s'\"odd";
    auto const quoted = database.value("SELECT quote_ident(" + database.quote(role) + ")");
    database.execute("CREATE ROLE " + quoted + " LOGIN");
    std::map<std::string, std::string> const as{
        {"CUSTOMER_RECONCILE_SOURCE_DSN",
         database.dsn() + " user='" + database.name() + "%s\\'\"odd'"}};

    auto const denied = job({"plan"}, as);
    ASSERT_EQ(denied.exit_code, 77) << denied.err;
    auto const start = denied.err.find("with\n");
    ASSERT_NE(start, std::string::npos) << denied.err;
    auto const end = denied.err.rfind(';');
    EXPECT_NO_THROW(database.execute(denied.err.substr(start + 5, end - start - 4))) << denied.err;

    EXPECT_EQ(job({"plan"}, as).exit_code, 0);
    EXPECT_EQ(rights_lost_on_shards(database.quote(role)), "0");
    database.execute("DROP OWNED BY " + quoted + "; DROP ROLE " + quoted);
}

TEST_P(CitusTest, InitDistributesTheJournalBesideTheTenants)
{
    put_citus_in();
    EXPECT_THAT(init().out,
                HasSubstr("run_start, run_end, lease, change, drift, contact, idle_run"));
    EXPECT_EQ(database.value(kDistributed), kHistory);
    EXPECT_THAT(init().out, Not(HasSubstr("distributes")));
}

TEST_P(CitusTest, AJournalFromThePrintedSqlIsDistributedToo)
{
    put_citus_in();
    auto const printed = job({"init", "--print"}).out;
    database.execute(printed.substr(0, printed.find("\n-- What plan")));
    EXPECT_EQ(database.value(kDistributed), kHistory);
}

// A journal from before Citus was never distributed, and nobody said so.
TEST_P(CitusTest, DoctorNamesAJournalFromBeforeCitusAndInitMendsIt)
{
    ASSERT_EQ(init().exit_code, 0);
    put_citus_in();
    EXPECT_THAT(
        job({"doctor"}).out,
        AllOf(HasSubstr(
                  "not distributed: run_start, run_end, lease, change, drift, contact, idle_run"),
              HasSubstr("run `customer-reconcile init`")));
    database.execute(
        "SELECT create_distributed_table('customer_reconcile.lease', 'tenant',"
        " 'public.tenants')");
    EXPECT_THAT(job({"doctor"}).out,
                HasSubstr("not distributed: run_start, run_end, change, drift, contact, idle_run"));

    ASSERT_EQ(init().exit_code, 0);

    EXPECT_EQ(database.value(kDistributed), kHistory);
    EXPECT_THAT(job({"doctor"}).out, Not(HasSubstr("not distributed")));
}

TEST_P(CitusTest, TableOfRunsThatWasDistributedUnderItsFormerNameIsNotDistributedAgain)
{
    ASSERT_EQ(init().exit_code, 0);
    database.execute(journal_back_to_version_3());
    put_citus_in();
    database.execute(
        "SELECT create_distributed_table('customer_reconcile.run', 'tenant', 'public.tenants')");
    EXPECT_THAT(job({"init", "--print"}).out,
                AllOf(HasSubstr("create_distributed_table('customer_reconcile.run_end'"),
                      Not(HasSubstr("create_distributed_table('customer_reconcile.run_start'"))));
    auto const mended = init();
    EXPECT_EQ(mended.exit_code, 0) << mended.err;
    EXPECT_EQ(database.value(kDistributed), kHistory);
}

TEST_P(CitusTest, APlanSaysThatItIsAListOfCandidatesAndSoDoesDoctor)
{
    EXPECT_THAT(job({"plan"}).out, Not(HasSubstr("list of candidates")));
    put_citus_in();
    EXPECT_THAT(job({"plan"}).out, HasSubstr("list of candidates"));
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("list of candidates"));
}

TEST_P(CitusTest, DoctorNamesAWorkerThatIsDown)
{
    put_citus_in();
    ASSERT_EQ(init().exit_code, 0);
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("2 of 2 answer"));
    database.execute("UPDATE shards.is_down SET worker_2 = true");
    auto const ended = job({"doctor"});
    EXPECT_EQ(ended.exit_code, 69);
    EXPECT_THAT(ended.out, HasSubstr("1 of 2 do not answer this role: worker-2:5432"));
}

TEST_P(CitusTest, WithoutItNothingOfItIsPrinted)
{
    EXPECT_THAT(job({"init", "--print"}).out,
                AllOf(HasSubstr("GRANT SELECT ("), Not(HasSubstr("citus")),
                      Not(HasSubstr("placements")), Not(HasSubstr("create_distributed_table"))));
}

TEST_BOTH_GENERATIONS(CitusTest);

}  // namespace

}  // namespace tracking::testing
