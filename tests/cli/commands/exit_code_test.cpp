#include "tests/cli/job_test.hpp"

#include <filesystem>

namespace tracking::testing {

namespace {

/// One tenant without customer.
class ExitCodeTest : public JobTest
{
protected:
    ExitCodeTest()
    {
        add_tenant(1);
        init();
    }
    ~ExitCodeTest() override { std::filesystem::remove(file_); }

    void add_tenant(int n)
    {
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    }

    /// The code of the process and the word of its report: `3 refused`.
    std::string ended(std::vector<std::string> arguments,
                      std::map<std::string, std::string> const& environment = {})
    {
        arguments.emplace_back("--format=json");
        auto const end = job(arguments, environment);
        auto const report = parsed(end);
        EXPECT_EQ(report.at("exit_code").as_int64(), end.exit_code);
        return std::to_string(end.exit_code) + " " + outcome(report);
    }

    /// The server refuses that company.
    void refuse(std::string const& name)
    {
        database.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'not today'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON {companies} FOR EACH ROW"
            " WHEN (NEW.{company}_name = '" +
            name + "') EXECUTE FUNCTION refuse()");
    }

    std::string file_ = std::filesystem::temp_directory_path() / (database.name() + "-exit.json");
};

TEST_P(ExitCodeTest, ZeroIsOk)
{
    EXPECT_EQ(ended({"apply", "--yes"}), "0 ok");
    EXPECT_EQ(ended({"plan", "--detailed-exitcode"}), "0 ok");
}

TEST_P(ExitCodeTest, OneIsFailed)
{
    refuse("Tenant 1");
    EXPECT_EQ(ended({"apply", "--yes"}), "1 failed");
}

TEST_P(ExitCodeTest, TwoIsDrift)
{
    EXPECT_EQ(ended({"plan", "--detailed-exitcode"}), "2 drift");
    EXPECT_EQ(ended({"plan"}), "0 ok");
}

TEST_P(ExitCodeTest, ThreeIsRefused)
{
    add_tenant(2);
    EXPECT_EQ(ended({"apply", "--yes", "--guard-create-number=1"}), "3 refused");
}

TEST_P(ExitCodeTest, FourIsPartial)
{
    add_tenant(2);
    refuse("Tenant 1");
    EXPECT_EQ(ended({"apply", "--yes"}), "4 partial");
}

TEST_P(ExitCodeTest, FiveIsStale)
{
    job({"plan", "--out", file_});
    world.company({.n = 1, .name = "Tenant 1", .link = tenant_id(1)});
    EXPECT_EQ(ended({"apply", file_, "--yes"}), "5 stale");
}

TEST_P(ExitCodeTest, SixIsInterrupted)
{
    EXPECT_EQ(ended({"apply", "--yes", "--deadline=1ms"}), "6 interrupted");
}

TEST_P(ExitCodeTest, SixtyFourIsUsage)
{
    EXPECT_EQ(job({"plan", "--nonsense"}).exit_code, 64);
    EXPECT_EQ(job({"nonsense"}).exit_code, 64);
    EXPECT_EQ(job({"apply"}).exit_code, 64) << "there is no terminal to ask on";
}

TEST_P(ExitCodeTest, SixtyFiveIsData)
{
    EXPECT_EQ(ended({"plan"}, {{"NINEMINDS_TENANT_ID", tenant_id(99)}}), "65 data");
}

TEST_P(ExitCodeTest, SixtyNineIsUnavailable)
{
    EXPECT_EQ(ended({"plan", "--retry-attempts=1"},
                    {{"CUSTOMER_RECONCILE_SOURCE_DSN",
                      "host=127.0.0.1 port=1 dbname=server user=nobody"}}),
              "69 unavailable");
}

TEST_P(ExitCodeTest, SeventyFiveIsBusy)
{
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) VALUES ('" +
        world.management_tenant() +
        "', gen_random_uuid(), 'elsewhere',"
        " now() + interval '1 minute')");
    EXPECT_EQ(ended({"apply", "--yes"}), "75 busy");
}

TEST_P(ExitCodeTest, SeventySevenIsDenied)
{
    EXPECT_EQ(ended({"apply", "--yes"},
                    {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().reader())}}),
              "77 denied");
}

TEST_P(ExitCodeTest, SeventyEightIsConfig)
{
    EXPECT_EQ(job({"plan", "--batch-size=0"}).exit_code, 78);
}

// No code depends on the generation.
INSTANTIATE_TEST_SUITE_P(Only, ExitCodeTest, ::testing::Values(Generation::Clients), name_of);

}  // namespace

}  // namespace tracking::testing
