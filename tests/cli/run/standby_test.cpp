// A source that is a standby: a real one.

#include "tests/cli/job_test.hpp"
#include "tests/support/servers/cluster.hpp"

#include <pqxx/pqxx>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace tracking::testing {

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A streaming copy of the test cluster, until the end of the test.
class StandbyTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        ASSERT_EQ(init().exit_code, 0);
        ASSERT_EQ(apply().exit_code, 0);
        ASSERT_EQ(run("standby " + directory_ + " " + cluster_directory()), 0);
        std::getline(std::ifstream{directory_ + "/conninfo"}, dsn_);
        dsn_ += " dbname=" + database.name();
        world.company({.n = 9, .name = "Gone", .link = tenant_id(9)});
    }
    void TearDown() override
    {
        run("stop " + directory_);
        std::filesystem::remove_all(directory_);
    }

    static int run(std::string const& arguments)
    {
        return std::system((std::string{CLUSTER_SCRIPT} + " " + arguments).c_str());
    }

    std::string on_standby(std::string const& sql) const
    {
        pqxx::connection connection{dsn_};
        pqxx::nontransaction tx{connection};
        return tx.exec(sql)[0][0].c_str();
    }

    void wait_until_replayed()
    {
        auto const position = database.value("SELECT pg_current_wal_lsn()");
        while (on_standby("SELECT pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn") != "t")
            std::this_thread::sleep_for(50ms);
    }

    Ended from_standby(std::vector<std::string> const& arguments) const
    {
        return job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", dsn_},
                               {"CUSTOMER_RECONCILE_MANAGEMENT_DSN", database.dsn()},
                               {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"},
                               {"CUSTOMER_RECONCILE_GRACE_TIME", "0"}});
    }

    std::string inactive() { return count("{companies} WHERE is_inactive"); }

    std::string const directory_ =
        (std::filesystem::temp_directory_path() / (database.name() + "-standby")).string();
    std::string dsn_;
};

TEST_P(StandbyTest, HoldsCleanUpsBackUntilItHasReplayedEverything)
{
    wait_until_replayed();
    on_standby("SELECT pg_wal_replay_pause()");
    // This tenant is alive, and the standby does not know it yet.
    world.tenant({.n = 2, .name = "Late", .admin_email = "la@te.example"});
    world.company({.n = 2, .name = "Late", .link = tenant_id(2)});

    EXPECT_THAT(from_standby({"plan"}).out, HasSubstr("a standby whose replay is paused"));
    EXPECT_THAT(from_standby({"doctor"}).out,
                AllOf(HasSubstr("a standby whose replay is paused"), Not(HasSubstr("FAIL"))));
    auto const held = from_standby({"apply", "--yes", "--format=json"});
    EXPECT_EQ(held.exit_code, 3) << held.err;
    EXPECT_THAT(held.out, HasSubstr("2 clean-ups are held back"));
    EXPECT_EQ(inactive(), "0");

    on_standby("SELECT pg_wal_replay_resume()");
    wait_until_replayed();
    auto const applied = from_standby({"apply", "--yes", "--format=json"});
    EXPECT_EQ(applied.exit_code, 0) << applied.out << applied.err;
    EXPECT_THAT(applied.out, HasSubstr("the source is a standby"));
    EXPECT_EQ(database.value("SELECT string_agg({company}_name, ',') FROM {companies}"
                             " WHERE is_inactive"),
              "Gone");
}

TEST_BOTH_GENERATIONS(StandbyTest);

}  // namespace

}  // namespace tracking::testing
