#include "tests/cli/job_test.hpp"
#include "tests/support/servers/proxy.hpp"
#include "tests/support/worlds/proof.hpp"

#include <pqxx/pqxx>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Settings = std::vector<std::string>;
using Rows = std::vector<std::vector<std::string>>;

/// A failure that is likely to pass does not end a run, and the report tells what happened.
class ResilienceTest : public JobTest
{
protected:
    void add_tenants(int from, int to)
    {
        for (int n = from; n <= to; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
    }

    static Settings arguments(Settings const& settings)
    {
        Settings all{"apply", "--yes", "--format=json", "--retry-base=10ms"};
        all.insert(all.end(), settings.begin(), settings.end());
        return all;
    }

    /// Batches of one, unless the arguments say otherwise.
    static std::map<std::string, std::string> environment(std::string const& dsn)
    {
        return {{"CUSTOMER_RECONCILE_SOURCE_DSN", dsn}, {"CUSTOMER_RECONCILE_BATCH_SIZE", "1"}};
    }

    Ended apply_with(Settings const& settings, std::string const& dsn = {})
    {
        return run_job(arguments(settings), environment(dsn.empty() ? database.dsn() : dsn));
    }

    /// Receipts fail with that SQLSTATE: the first `times`, or always those of tenant 2.
    void fail_receipts(std::string const& sqlstate, std::string const& condition)
    {
        database.execute(
            "CREATE SEQUENCE tries;"  // which no rollback turns back
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN IF " +
            condition + " THEN RAISE EXCEPTION 'not now' USING ERRCODE = '" + sqlstate +
            "'; END IF; RETURN NEW; END$$;"
            "CREATE TRIGGER fail BEFORE INSERT ON customer_reconcile.change"
            " FOR EACH ROW EXECUTE FUNCTION fail()");
    }

    static std::int64_t number(Ended const& ended, std::string const& pointer)
    {
        return parsed(ended).at_pointer(pointer).to_number<std::int64_t>();
    }

    void expect_commits_survive(Mischief mischief)
    {
        ASSERT_EQ(init().exit_code, 0);
        Proxy proxy{database.dsn()};
        // The lease, two batches, the sightings, the end; and one beyond.
        for (int commit = 1; commit <= 8; ++commit) {
            SCOPED_TRACE("COMMIT " + std::to_string(commit));
            add_tenants(2 * commit - 1, 2 * commit);
            proxy.harm_commit(commit, mischief);
            auto const ended = apply_with({}, proxy.dsn());
            EXPECT_EQ(ended.exit_code, 0) << ended.err;
            EXPECT_EQ(number(ended, "/totals/applied"), 2);
            EXPECT_EQ(number(ended, "/totals/rows/contacts"), 2);
            EXPECT_EQ(number(ended, "/totals/failed"), 0);
            EXPECT_EQ(number(ended, "/retries/connection_lost"),
                      commit < 5 ? 1 : number(ended, "/retries/connection_lost"))
                << ended.err;
            EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
        }
        EXPECT_EQ(count("customer_reconcile.run WHERE outcome = 'ok'"), "8");
        EXPECT_EQ(count("customer_reconcile.change"), "16");
    }
};

TEST_P(ResilienceTest, CommitWhoseAnswerIsLostIsFoundInTheJournal)
{
    expect_commits_survive(Mischief::LoseAnswer);
}

TEST_P(ResilienceTest, CommitThatIsLostIsDoneAgain)
{
    expect_commits_survive(Mischief::LoseCommit);
}

TEST_P(ResilienceTest, DoubtLastsUntilTheJournalHasAnswered)
{
    add_tenants(1, 2);
    ASSERT_EQ(init().exit_code, 0);
    // The run's row renews the lease first, then the batch whose answer is lost; the question about
    // it does so next.
    database.execute(
        "CREATE SEQUENCE renewals;"
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN IF nextval('public.renewals') = 3 THEN RAISE EXCEPTION 'not now'"
        " USING ERRCODE = '53200'; END IF; RETURN NEW; END$$;"
        "CREATE TRIGGER fail BEFORE UPDATE ON customer_reconcile.lease"
        " FOR EACH ROW EXECUTE FUNCTION fail()");
    Proxy proxy{database.dsn()};
    proxy.harm_commit(3, Mischief::LoseAnswer);
    auto const ended = apply_with({}, proxy.dsn());
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number(ended, "/totals/applied"), 2);
    EXPECT_EQ(number(ended, "/totals/failed"), 0);
    EXPECT_EQ(number(ended, "/retries/connection_lost"), 2);
    EXPECT_EQ(count("customer_reconcile.change"), "2");
}

TEST_P(ResilienceTest, ServerThatIsGoneForGoodEndsTheRunWithWhatWasCommitted)
{
    add_tenants(1, 20);
    init();
    database.execute(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END$$;"
        "CREATE TRIGGER wait AFTER INSERT ON customer_reconcile.change"
        " FOR EACH STATEMENT EXECUTE FUNCTION wait()");
    Proxy proxy{database.dsn()};
    auto const ended = run_job(
        arguments({"--retry-attempts=3"}), environment(proxy.dsn()),
        [&] {
            if (std::stoi(count("customer_reconcile.change")) < 2)
                return false;
            proxy.close();
            return true;
        },
        0);
    EXPECT_EQ(ended.exit_code, 69) << ended.err;
    EXPECT_EQ(outcome(parsed(ended)), "unavailable");
    EXPECT_EQ(number(ended, "/retries/connection_lost"), 2);
    EXPECT_EQ(number(ended, "/connection_failures"), 3);
    EXPECT_GT(number(ended, "/totals/applied"), 0);
    EXPECT_GT(number(ended, "/totals/not_reached"), 0);
    // The answer to a COMMIT was cut off, and nobody is left to ask: the report says that it is in
    // doubt.
    auto const in_doubt = parsed(ended).at("warnings").as_array().size();
    auto const receipts = std::stoi(count("customer_reconcile.change"));
    EXPECT_LE(number(ended, "/totals/applied"), receipts);
    EXPECT_GE(number(ended, "/totals/applied") + static_cast<int>(in_doubt), receipts);
}

TEST_P(ResilienceTest, DeadlockIsTriedAgainAsItIsAndFailsNobody)
{
    add_tenants(1, 6);
    init();
    fail_receipts("40P01", "nextval('tries') <= 3");
    auto const ended = apply_with({"--batch-size=6"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number(ended, "/retries/deadlock"), 3);
    EXPECT_EQ(number(ended, "/transactions"), 1) << "the batch was not split";
    EXPECT_EQ(number(ended, "/rollbacks"), 0);
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
}

TEST_P(ResilienceTest, SerializationFailureThatStaysIsTheFailureOfItsItem)
{
    add_tenants(1, 4);
    init();
    fail_receipts("40001",
                  "NEW.outcome = 'applied' AND NEW.tracked_tenant = '" + tenant_id(2) + "'");
    auto const ended = apply_with({"--retry-attempts=3"});
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_EQ(number(ended, "/totals/applied"), 3);
    EXPECT_EQ(number(ended, "/retries/serialization_failure"), 2);
    EXPECT_EQ(database.rows("SELECT tracked_tenant, sqlstate FROM customer_reconcile.change"
                            " WHERE outcome = 'failed'"),
              (Rows{{tenant_id(2), "40001"}}));
}

TEST_P(ResilienceTest, FailoverToAServerThatTakesNoWritesIsWaitedOut)
{
    add_tenants(1, 2);
    init();
    fail_receipts("25006", "nextval('tries') <= 2");
    auto const ended = apply_with({});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number(ended, "/retries/read_only"), 2);
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
}

TEST_P(ResilienceTest, ServerThatStaysReadOnlyIsUnavailable)
{
    add_tenants(1, 2);
    init();
    database.execute("ALTER DATABASE " + database.name() +
                     " SET default_transaction_read_only = on");
    auto const ended = apply_with({"--retry-attempts=3"});
    EXPECT_EQ(ended.exit_code, 69) << ended.err;
    EXPECT_EQ(number(ended, "/retries/read_only"), 2);
    EXPECT_THAT(ended.err, HasSubstr("takes no writes"));
}

TEST_P(ResilienceTest, RunThatGaveUpIsJournalledAsUnavailableWhereTheJournalCanBeReached)
{
    add_tenants(1, 2);
    init();
    fail_receipts("25006", "true");
    EXPECT_EQ(apply_with({"--retry-attempts=2"}).exit_code, 69);
    auto const run = database.rows("SELECT run_id, outcome FROM customer_reconcile.run");
    ASSERT_EQ(run.size(), 1U);
    EXPECT_EQ(run[0][1], "unavailable");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_THAT(job({"history"}).out, HasSubstr("unavailable"));
    auto const shown = job({"show", run[0][0]});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("show: unavailable (exit code 69)"));
}

TEST_P(ResilienceTest, RunThatIsDeniedOnItsWayIsJournalledAsDenied)
{
    add_tenants(1, 1);
    init();
    fail_receipts("42501", "true");
    EXPECT_EQ(apply_with({}).exit_code, 77);
    EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), "denied");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
}

TEST_P(ResilienceTest, ItemThatSomebodyElseHoldsTooLongFailsAloneAndTheOthersCommit)
{
    add_tenants(1, 5);
    init();
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec(database.in_generation(
        "INSERT INTO {companies} (tenant, {company}_id, {company}_name) VALUES ('" + tenant_id(0) +
        "', '" + company_id(3) + "', 'Tenant 3')"));
    auto const ended = apply_with({"--batch-size=5", "--lock-timeout=100ms"});
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_EQ(number(ended, "/totals/applied"), 4);
    EXPECT_EQ(database.rows("SELECT tracked_tenant, sqlstate FROM customer_reconcile.change"
                            " WHERE outcome = 'failed'"),
              (Rows{{tenant_id(3), "55P03"}}));
}

TEST_P(ResilienceTest, LeaseIsRenewedWhileTheReadingWaits)
{
    add_tenants(1, 1);
    init();
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE users");
    std::string first;
    auto const is_renewed = [&] {
        auto const leases = database.rows("SELECT expires_at FROM customer_reconcile.lease");
        if (leases.empty())
            return false;
        if (first.empty())
            first = leases[0][0];
        if (leases[0][0] == first)
            return false;
        holding.abort();
        return true;
    };
    auto const ended = run_job(arguments({"--lease-time=10s", "--lock-timeout=1h"}),
                               environment(database.dsn()), is_renewed, 0);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
}

TEST_P(ResilienceTest, OfTwoRunsAtOnceTheSecondNamesTheFirst)
{
    add_tenants(1, 1);
    init();
    pqxx::connection other{database.dsn()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE users");
    Ended second;
    auto const first = run_job(
        arguments({"--lock-timeout=1h"}), environment(database.dsn()),
        [&] {
            if (count("customer_reconcile.lease") == "0")
                return false;
            second = apply_with({});
            holding.abort();
            return true;
        },
        0);
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(second.exit_code, 75);
    auto const run = database.rows("SELECT run_id, host FROM customer_reconcile.run");
    ASSERT_EQ(run.size(), 1U);
    EXPECT_THAT(second.err, AllOf(HasSubstr("run " + run[0][0] + " on " + run[0][1]),
                                  HasSubstr("at work since 20"), HasSubstr("ends at 20")));
}

TEST_P(ResilienceTest, RunThatIsPausedBeyondItsLeaseWritesNothingMore)
{
    add_tenants(1, 40);
    init();
    database.execute(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END$$;"
        "CREATE TRIGGER wait AFTER INSERT ON customer_reconcile.change"
        " FOR EACH STATEMENT EXECUTE FUNCTION wait()");
    RunningJob paused{arguments({"--lease-time=10s"}), environment(database.dsn())};
    while (!paused.has_ended() && count("customer_reconcile.change") == "0") {
    }
    paused.send(SIGSTOP);
    // Waits for the server to end a transaction that stands still. A statement that was on its way
    // when the run was paused may renew the lease after this, so the other run may have to wait
    // too.
    database.execute("UPDATE customer_reconcile.lease SET expires_at = now() - interval '1 s'");
    auto const other = apply_with({"--lease-wait=5m"});
    EXPECT_EQ(other.exit_code, 0) << other.err;
    auto const before = database.fingerprint_outside(tenant_id(99));
    auto const receipts = count("customer_reconcile.change");
    paused.send(SIGCONT);
    auto const ended = paused.wait();
    EXPECT_EQ(ended.exit_code, 75) << ended.err;
    EXPECT_EQ(database.fingerprint_outside(tenant_id(99)), before);
    EXPECT_EQ(count("customer_reconcile.change"), receipts);
    EXPECT_EQ(number(ended, "/totals/applied") + number(other, "/totals/applied"), 40);
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
}

TEST_BOTH_GENERATIONS(ResilienceTest);

}  // namespace

}  // namespace tracking::testing
