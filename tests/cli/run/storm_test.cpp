#include "tests/cli/job_test.hpp"
#include "tests/support/servers/cluster.hpp"
#include "tests/support/worlds/proof.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

namespace tracking::testing {

namespace {

using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr int kTenants = 180;

/// Whatever happens to runs: an undisturbed run afterwards leaves a world in order.
class StormTest : public JobTest
{
protected:
    static TenantSeed seed(int n)
    {
        return {.n = n,
                .name = "Tenant " + std::to_string(n),
                .admin_email = "a" + std::to_string(n) + "@t.example"};
    }

    /// A third is missing, a third is as the old workflow leaves it, a third is half made.
    void add_tenants(int count)
    {
        for (int n = 1; n <= count; ++n) {
            world.tenant(seed(n));
            if (n % 3 == 1)
                world.old_workflow(seed(n));
            else if (n % 3 == 2)
                world.company(
                    {.n = n, .name = seed(n).name, .link = tenant_id(n), .tagged = false});
        }
    }

    /// Slows a run down, so that the storm finds it at work.
    void slow_down_batches(std::string const& seconds = "0.01")
    {
        database.execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_sleep(" +
            seconds +
            "); RETURN NULL; END$$;"
            "CREATE TRIGGER wait AFTER INSERT ON customer_reconcile.change"
            " FOR EACH STATEMENT EXECUTE FUNCTION wait()");
    }

    /// What another does to tenant n as soon as the job makes such a change to it, or to one near
    /// it.
    struct Deed
    {
        std::string change;
        std::function<std::string(int n)> sql;
    };

    /// Runs the job. Meanwhile another changes the tenants that the job will change next, changes
    /// now, or has just changed. @return the job's end, and how often the job was faster
    std::pair<Ended, int> apply_beside(std::vector<Deed> const& deeds)
    {
        int beaten = 0;
        std::atomic<bool> is_over = false;
        std::thread other{[&] {
            pqxx::connection connection{database.dsn()};
            auto const has_come = [&](std::string const& change, int n) {
                return !pqxx::nontransaction{connection}
                            .exec("SELECT FROM customer_reconcile.change WHERE change = '" +
                                  change + "' AND tracked_tenant >= '" + tenant_id(n) + "'")
                            .empty();
            };
            for (auto const& [change, sql] : deeds) {
                for (int n = 1; n <= kTenants; ++n) {
                    auto const near = std::max(1, n - random(0, 3));
                    while (!is_over && !has_come(change, near))
                        std::this_thread::sleep_for(1ms);
                    try {
                        pqxx::nontransaction{connection}.exec(database.in_generation(sql(n)));
                    } catch (pqxx::unique_violation const&) {
                        ++beaten;
                    }
                }
            }
        }};
        auto ended = apply_in_storm([] { return false; });
        is_over = true;
        other.join();
        return {std::move(ended), beaten};
    }

    /// The old workflow's three transactions.
    std::string company_of_workflow(int n) const
    {
        auto const ids = "'" + tenant_id(0) + "', '" + company_id(n) + "'";
        auto const name = "'" + seed(n).name + "'";
        auto sql =
            "INSERT INTO {companies} (tenant, {company}_id, {company}_name, properties) VALUES (" +
            ids + ", " + name + ", jsonb_build_object('tenant_id', " + name + "));";
        if (database.generation() == Generation::Clients)
            sql +=
                "INSERT INTO client_billing_profiles (tenant, client_id, name, is_default,"
                " is_system_managed_default) VALUES (" +
                ids + ", " + name + ", true, true)";
        return sql;
    }

    static std::string contact_of_workflow(int n)
    {
        return "INSERT INTO contacts (tenant, {company}_id, contact_name_id, full_name, email)"
               " SELECT tenant, {company}_id, '" +
               contact_id(n) + "', 'Ada Admin', '" + seed(n).admin_email + "'" + if_made(n);
    }

    static std::string tag_of_workflow(int n)
    {
        return "INSERT INTO tag_mappings (tenant, tagged_id, tag_id, tagged_type)"
               " SELECT tenant, '" +
               company_id(n) + "', tag_id, tagged_type FROM tag_definitions WHERE tenant = '" +
               tenant_id(0) + "' AND tag_text = 'PSA Customer' AND EXISTS (SELECT" + if_made(n) +
               ")";
    }

    static std::string if_made(int n)
    {
        return " FROM {companies} WHERE tenant = '" + tenant_id(0) + "' AND {company}_id = '" +
               company_id(n) + "'";
    }

    Ended apply_in_storm(std::function<bool()> const& each_moment, int signal = 0)
    {
        return run_job({"apply", "--yes", "--format=json", "--batch-size=1",
                        "--guard-change-floor=1000", "--guard-create-floor=1000",
                        "--retry-attempts=100", "--retry-base=10ms", "--retry-limit=1s"},
                       {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}, each_moment, signal);
    }

    int random(int from, int to) { return std::uniform_int_distribution{from, to}(engine_); }

    void pause(int at_most_ms) { std::this_thread::sleep_for(1ms * random(0, at_most_ms)); }

    int receipts() { return std::stoi(count("customer_reconcile.change")); }

    void expect_that_a_further_run_leaves_all_in_order()
    {
        auto const ended = apply_in_storm([] { return false; });
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_TRUE(parsed(ended).at("converged").as_bool());
        EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
        EXPECT_EQ(plan().at("items").as_array().size(), 0U);
    }

    static std::int64_t number(Ended const& ended, std::string const& pointer)
    {
        return parsed(ended).at_pointer(pointer).to_number<std::int64_t>();
    }

private:
    std::random_device::result_type seed_ = [] {
        auto const seed = std::random_device{}();
        std::cout << "seed " << seed << '\n';
        return seed;
    }();
    std::mt19937 engine_{seed_};
};

TEST_P(StormTest, AHundredKilledRunsLeaveNothingBroken)
{
    add_tenants(kTenants);
    init();
    slow_down_batches("0.05");  // so that there is work left for the last kills
    int kills = 0;
    for (int run = 0; kills < 100; ++run) {
        ASSERT_LT(run, 1'000) << "runs end before they can be killed";
        // While it starts, or after so many batches: then somewhere inside the next one.
        auto const target = receipts() + random(0, 2);
        auto const start = std::chrono::steady_clock::now();
        auto const patience = 1ms * random(0, 150);
        auto const is_time = [&] {
            if (std::chrono::steady_clock::now() - start < patience || receipts() < target)
                return false;
            pause(20);
            return true;
        };
        if (apply_in_storm(is_time, SIGKILL).exit_code == -SIGKILL)
            ++kills;
        database.execute("UPDATE customer_reconcile.lease SET expires_at = now() - interval '1 s'");
    }
    std::cout << kills << " kills, " << receipts() << " changes in spite of them\n";
    expect_that_a_further_run_leaves_all_in_order();
}

TEST_P(StormTest, TerminatedSessionsAreReplacedAndNothingIsLostOrDoubled)
{
    add_tenants(kTenants);
    init();
    slow_down_batches();
    int terminated = 0;
    auto const ended = apply_in_storm([&] {
        pause(100);
        if (terminated < 60)  // fewer than there are tries
            terminated += std::stoi(database.value(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'customer-reconcile'"));
        return false;
    });
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_GT(number(ended, "/retries/connection_lost"), 0);
    EXPECT_GE(terminated, number(ended, "/connection_failures"));
    EXPECT_EQ(number(ended, "/totals/applied"), receipts());
    std::cout << terminated << " sessions terminated, " << number(ended, "/retries/connection_lost")
              << " retries\n";
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
    expect_that_a_further_run_leaves_all_in_order();
}

TEST_P(StormTest, OldWorkflowBesideTheJobMakesNoCustomerTwiceAndFailsNoRun)
{
    for (int n = 1; n <= kTenants; ++n)
        world.tenant(seed(n));
    init();
    slow_down_batches();
    auto const [creating, uncreated] =
        apply_beside({{"create", [this](int n) { return company_of_workflow(n); }}});
    // The others are half made by now: beside this run, their tags and contacts.
    auto const [repairing, unrepaired] =
        apply_beside({{"repair_tag", tag_of_workflow}, {"repair_contact", contact_of_workflow}});
    std::cout << "the workflow was beaten to " << uncreated << " of " << kTenants
              << " companies, and to " << unrepaired << " tags and contacts\n";
    EXPECT_GT(uncreated, 0);
    EXPECT_LT(uncreated, kTenants);
    EXPECT_GT(unrepaired, 0);
    EXPECT_EQ(number(creating, "/changes/create/applied"), uncreated);
    for (auto const* run : {&creating, &repairing}) {
        EXPECT_EQ(run->exit_code, 0) << run->err;
        EXPECT_EQ(number(*run, "/totals/failed"), 0);
    }
    expect_that_a_further_run_leaves_all_in_order();
}

/// A cluster that no other test needs. While it is there, the tests' databases are on it.
class OwnCluster
{
public:
    OwnCluster()
    {
        if (mkdtemp(directory_.data()) == nullptr)
            throw std::runtime_error{"cannot create a temporary directory"};
        run("start");  // with --no-fsync, an immediate end loses what was committed
        setenv(kClusterVariable, directory_.c_str(), 1);
    }
    ~OwnCluster()
    {
        setenv(kClusterVariable, others_.c_str(), 1);
        try {
            run("stop");
            std::filesystem::remove_all(directory_);
        } catch (std::exception const&) {
            // A destructor may not throw, and the test has its verdict.
        }
    }
    OwnCluster(OwnCluster const&) = delete;
    OwnCluster& operator=(OwnCluster const&) = delete;

    void restart(std::string const& mode) const { run("restart", mode); }

private:
    void run(std::string const& verb, std::string const& argument = {}) const
    {
        auto const command = CLUSTER_SCRIPT " " + verb + " " + directory_ + " " + argument;
        if (std::system(command.c_str()) != 0)
            throw std::runtime_error{"failed: " + command};
    }

    std::string others_ = cluster_directory();
    std::string directory_ = "/tmp/reconcile-test-XXXXXX";
};

/// The cluster comes before the database, and goes after it.
class RestartStormTest : private OwnCluster, public StormTest
{
protected:
    using OwnCluster::restart;
};

TEST_P(RestartStormTest, RestartedServerIsWaitedForAndNothingIsLostOrDoubled)
{
    constexpr int kRestarts = 6;
    constexpr int kApart = 15;  // changes
    add_tenants(kTenants);
    init();
    slow_down_batches();
    int restarts = 0;
    auto const ended = apply_in_storm([&] {
        if (restarts == kRestarts || receipts() < kApart * (restarts + 1))
            return false;
        pause(20);
        restart(restarts % 2 == 0 ? "fast" : "immediate");
        database.reconnect();
        ++restarts;
        return false;
    });
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(restarts, kRestarts);
    EXPECT_GE(number(ended, "/retries/connection_lost"), kRestarts);
    EXPECT_EQ(number(ended, "/totals/applied"), receipts());
    std::cout << restarts << " restarts, " << number(ended, "/retries/connection_lost")
              << " retries\n";
    EXPECT_THAT(problems_after_a_storm(database), IsEmpty());
    expect_that_a_further_run_leaves_all_in_order();
}

TEST_BOTH_GENERATIONS(StormTest);
TEST_BOTH_GENERATIONS(RestartStormTest);

}  // namespace

}  // namespace tracking::testing
