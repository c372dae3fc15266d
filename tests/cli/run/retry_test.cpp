#include "tests/cli/job_test.hpp"
#include "tests/support/servers/proxy.hpp"
#include "tests/support/worlds/proof.hpp"

#include <pqxx/pqxx>

#include <thread>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Settings = std::vector<std::string>;

/// Every command waits for what passes. One session is enough for a role.
class RetryTest : public JobTest
{
protected:
    void add_tenants(int from, int to)
    {
        for (int n = from; n <= to; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
    }

    Ended with(Settings arguments, std::string const& dsn)
    {
        arguments.emplace_back("--retry-base=10ms");
        return run_job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", dsn}});
    }

    std::string last_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    std::string any_company()
    {
        return database.value("SELECT {company}_id FROM {companies} WHERE tenant = '" +
                              tenant_id(0) + "' AND {company}_name = 'Tenant 1'");
    }

    static std::int64_t number(Ended const& ended, std::string const& pointer)
    {
        return parsed(ended).at_pointer(pointer).to_number<std::int64_t>();
    }
};

TEST_P(RetryTest, AConnectionThatIsCutOnceAnywhereStopsNoCommand)
{
    add_tenants(1, 3);
    init();
    ASSERT_EQ(apply().exit_code, 0);
    add_tenants(4, 4);
    for (Settings const& command :
         std::vector<Settings>{{"plan"},
                               {"plan", "--rehearse"},
                               {"history"},
                               {"show", last_run()},
                               {"explain", "Tenant 1"},
                               {"explain", "Tenant 4"},
                               {"undo", last_run()},
                               {"link", "Tenant 1", any_company(), "--reason=x", "--dry-run"},
                               {"init"},
                               {"init", "--print"},
                               {"init", "--prune"}}) {
        auto const expected = with(command, database.dsn()).exit_code;
        bool has_cut = true;
        for (int n = 1; has_cut; n += 1 + n / 4) {
            SCOPED_TRACE(command.front() + " cut at " + std::to_string(n));
            Proxy proxy{database.dsn()};
            proxy.cut_at(n);
            auto const ended = with(command, proxy.dsn());
            has_cut = proxy.has_cut();
            ASSERT_EQ(ended.exit_code, expected) << ended.err;
        }
    }
}

TEST_P(RetryTest, LocksThatPassFailNobody)
{
    add_tenants(1, 12);
    init();
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE contacts IN EXCLUSIVE MODE");
    auto const has_waited = [&] {
        if (count("pg_stat_activity WHERE datname = current_database()"
                  " AND wait_event_type = 'Lock'") == "0")
            return false;
        std::this_thread::sleep_for(std::chrono::seconds{1});
        holding.abort();
        return true;
    };
    auto const ended = run_job({"apply", "--yes", "--format=json", "--lock-timeout=300ms",
                                "--retry-base=2s", "--retry-attempts=9", "--batch-size=4"},
                               {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}, has_waited, 0);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number(ended, "/totals/applied"), 12);
    EXPECT_EQ(number(ended, "/rollbacks"), 0) << "no batch was split";
    EXPECT_GT(number(ended, "/retries/lock_timeout"), 0);
}

TEST_P(RetryTest, ATableThatStaysLockedWhileItIsReadIsUnavailable)
{
    init();
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE");
    auto const ended = with({"plan", "--lock-timeout=50ms", "--retry-attempts=2"}, database.dsn());
    EXPECT_EQ(ended.exit_code, 69) << ended.err;
    EXPECT_THAT(ended.out, AllOf(HasSubstr("SQLSTATE 55P03"), Not(HasSubstr("no connection"))));
}

TEST_P(RetryTest, ABatchThatTookTooLongIsTriedAgainAsItIs)
{
    add_tenants(1, 4);
    init();
    database.execute(
        "CREATE SEQUENCE tries;"  // which no rollback turns back
        "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN IF nextval('tries') = 1 THEN PERFORM pg_sleep(3600); END IF; RETURN NULL; END$$;"
        "CREATE TRIGGER stall AFTER INSERT ON customer_reconcile.change"
        " FOR EACH STATEMENT EXECUTE FUNCTION stall()");
    auto const ended =
        with({"apply", "--yes", "--format=json", "--statement-timeout=2s"}, database.dsn());
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number(ended, "/retries/statement_timeout"), 1);
    EXPECT_EQ(number(ended, "/transactions"), 1);
    EXPECT_EQ(number(ended, "/rollbacks"), 0);
}

TEST_P(RetryTest, OneConnectionIsEnough)
{
    add_tenants(1, 1);
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email)"
        " SELECT md5('many ' || n)::uuid, 'Many ' || n, n || '@many.example'"
        "   FROM generate_series(1, 1200) n; ANALYZE tenants");
    init();
    auto const writer = roles().writer();
    database.execute("ALTER ROLE " + writer + " CONNECTION LIMIT 1");
    auto const ended = with({"apply", "--yes", "--format=json", "--guard-create-ratio=1"},
                            database.dsn_as(writer));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number(ended, "/totals/applied"), 1201);
    EXPECT_EQ(number(ended, "/connection_failures"), 0);
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

// The reading has the only session, and takes longer than the lease.
TEST_P(RetryTest, ALeaseThatRanOutInTheOnlySessionIsTakenBackWhereNobodyElseHasIt)
{
    add_tenants(1, 2);
    init();
    auto const writer = roles().writer();
    database.execute("ALTER ROLE " + writer + " CONNECTION LIMIT 1");
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE users");
    auto const has_run_out = [&] {
        if (count("customer_reconcile.lease") == "0")
            return false;
        database.execute("UPDATE customer_reconcile.lease SET expires_at = now() - interval '1 s'");
        holding.abort();
        return true;
    };
    auto const ended =
        run_job({"apply", "--yes", "--lock-timeout=1h"},
                {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(writer)}}, has_run_out, 0);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(count("customer_reconcile.change"), "2");
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
}

TEST_BOTH_GENERATIONS(RetryTest);

}  // namespace

}  // namespace tracking::testing
