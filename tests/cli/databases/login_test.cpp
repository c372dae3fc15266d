#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <cstdlib>
#include <fstream>

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A server of its own that says everything in German.
class GermanServer
{
public:
    GermanServer() { run("start '" + folder_.path().string() + "' --no-fsync --foreign"); }
    ~GermanServer() { run("stop '" + folder_.path().string() + "'"); }
    GermanServer(GermanServer const&) = delete;
    GermanServer& operator=(GermanServer const&) = delete;

    std::string dsn() const
    {
        std::ifstream stream{folder_.path() / "conninfo"};
        std::string line;
        std::getline(stream, line);
        return line + " dbname=template_clients";
    }

private:
    static void run(std::string const& arguments)
    {
        EXPECT_EQ(std::system((CLUSTER_SCRIPT " " + arguments + " >/dev/null").c_str()), 0);
    }

    TemporaryFolder folder_;
};

std::string with_user(std::string dsn, std::string const& user)
{
    return dsn.replace(dsn.find("user=postgres"), 13, "user=" + user);
}

struct Login
{
    std::string claim;
    std::string dsn;
    std::map<std::string, std::string> environment;
    int exit_code;
    std::string remedy;
    bool is_tried_again = false;
};

void expect_ending(Login const& login)
{
    SCOPED_TRACE(login.claim);
    auto environment = login.environment;
    environment["CUSTOMER_RECONCILE_SOURCE_DSN"] = login.dsn;
    auto const ended = run_job(
        {"plan", "--retry-attempts=2", "--retry-base=1ms", "--connect-timeout=2s"}, environment);
    EXPECT_EQ(ended.exit_code, login.exit_code) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(login.remedy));
    EXPECT_EQ(ended.err.find("trying again") != std::string::npos, login.is_tried_again)
        << ended.err;
    EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("a grant is missing")));
}

class LoginTest : public JobTest
{};

// The codes are those of PostgreSQL, whatever the words.
TEST(GermanLoginTest, TheCodeDecidesWhateverTheLanguage)
{
    GermanServer const server;
    auto const dsn = server.dsn();
    auto const psql = [&](std::string const& sql) {
        EXPECT_EQ(std::system(("psql -X -q '" + dsn + "' -c \"" + sql + "\"").c_str()), 0);
    };
    psql("CREATE ROLE full LOGIN CONNECTION LIMIT 0");
    psql("CREATE ROLE locked NOLOGIN");
    psql("CREATE DATABASE closed ALLOW_CONNECTIONS false");
    psql("CREATE DATABASE private");
    psql("REVOKE CONNECT ON DATABASE private FROM PUBLIC");
    psql("CREATE ROLE stranger LOGIN");
    auto const in_database = [&](std::string const& name) { return dsn + " dbname=" + name; };
    for (auto const& login : std::vector<Login>{
             {"no room", with_user(dsn, "full"), {}, 69, "53300", true},
             {"no such role", with_user(dsn, "nobody"), {}, 77, "check role and password"},
             {"no login", with_user(dsn, "locked"), {}, 77, "check role and password"},
             {"no right", with_user(in_database("private"), "stranger"), {}, 77, "CONNECT"},
             {"no such database", in_database("none"), {}, 78, "check the database's name"},
             {"closed", in_database("closed"), {}, 78, "closed to logins"},
             {"no such setting", dsn, {{"PGOPTIONS", "-c nonsense=1"}}, 78, "PGOPTIONS"},
             {"no such value", dsn, {{"PGOPTIONS", "-c work_mem=x"}}, 78, "PGOPTIONS"},
             {"no TLS there", dsn + " host=127.0.0.1 sslmode=require", {}, 78, "sslmode"},
             {"nobody there", "host=127.0.0.1 port=1 dbname=x user=x", {}, 69, "port 1", true},
             {"no port", "host=127.0.0.1 port=abc", {}, 78, "check the dsn"},
             {"no mode", "host=127.0.0.1", {{"PGSSLMODE", "nonsense"}}, 78, "the PG* variables"},
             {"no service", "service=nonsense", {}, 78, "the service file"},
             {"no socket", "host=/nonsense", {}, 69, "/nonsense", true},
             {"no such host", "host=nonsense.invalid", {}, 69, "nonsense.invalid", true},
             {"no string", "postgresql://[::1/x", {}, 78, "libpq connection; write"},
         })
        expect_ending(login);
}

TEST_P(LoginTest, AStartupParameterThatThePoolerRefusesIsTheConfigurations)
{
    expect_ending({.claim = "PGOPTIONS through PgBouncer",
                   .dsn = database.dsn_through_pooler(),
                   .environment = {{"PGOPTIONS", "-c work_mem=64MB"}},
                   .exit_code = 78,
                   .remedy = "PGOPTIONS"});
}

TEST_P(LoginTest, APoolerThatTakesNoTransactionsIsTheConfigurations)
{
    auto const dsn = database.dsn_through_pooler();
    expect_ending({.claim = "PgBouncer in statement mode",
                   .dsn = dsn.substr(0, dsn.find("dbname=")) + "dbname=in_statement_mode",
                   .environment = {},
                   .exit_code = 78,
                   .remedy = "in transaction or session mode"});
}

TEST_P(LoginTest, AHostThatDoesNotAnswerLeavesTheTurnToTheNext)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    ScriptedServer silent{""};
    auto const silent_port = silent.address().substr(silent.address().find(':') + 1);
    auto const dsn = database.dsn();  // host=... port=... user=... dbname=...
    auto const value = [&](std::string const& key) {
        auto const from = dsn.find(key + "=") + key.size() + 1;
        return dsn.substr(from, dsn.find(' ', from) - from);
    };
    auto const ended = run_job({"plan", "--connect-timeout=1s"},
                               {{"CUSTOMER_RECONCILE_SOURCE_DSN",
                                 "host=127.0.0.1," + value("host") + " port=" + silent_port + "," +
                                     value("port") + " user=postgres dbname=" + value("dbname")}});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.err, Not(HasSubstr("trying again")));
}

TEST_BOTH_GENERATIONS(LoginTest);

}  // namespace

}  // namespace tracking::testing
