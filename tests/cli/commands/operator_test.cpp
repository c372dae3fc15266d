#include "tests/cli/job_test.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class OperatorTest : public JobTest
{
protected:
    /// CREATE SCHEMA, which init begins with, takes half a second.
    void slow_down_init()
    {
        database.execute(
            "CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_sleep(0.5); END$$;"
            "CREATE EVENT TRIGGER dawdle ON ddl_command_end WHEN TAG IN ('CREATE SCHEMA')"
            " EXECUTE FUNCTION dawdle()");
    }
};

TEST_P(OperatorTest, WriterCanApplyEveryKindOfChange)
{
    for (int n = 1; n <= 5; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    world.company({.n = 2, .name = "Tenant 2", .link = "Tenant 2"});
    world.company({.n = 3, .name = "Tenant 3", .link = tenant_id(3), .tagged = false});
    world.company({.n = 4, .name = "Old name", .link = tenant_id(4), .inactive = true});
    world.company(
        {.n = 7, .name = "Gone", .link = tenant_id(77), .contact_email = "g@gone.example"});
    init();
    auto const applied = job({"apply", "--yes", "--format=json", "--grace-runs=1", "--grace-time=0",
                              "--drift-renamed=apply", "--drift-inactive=apply"});
    EXPECT_EQ(applied.exit_code, 0) << applied.err << applied.out;
    EXPECT_EQ(count("customer_reconcile.change WHERE outcome = 'applied'"),
              count("customer_reconcile.change"));
    EXPECT_EQ(database.value("SELECT count(DISTINCT change) FROM customer_reconcile.change"), "7");
    EXPECT_EQ(plan().at("items").as_array().size(), 0U);
}

TEST_P(OperatorTest, InitTwiceIsInitOnce)
{
    EXPECT_THAT(init().out, HasSubstr("now of version "));
    auto const again = init();
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_THAT(again.out, HasSubstr("already"));
}

TEST_P(OperatorTest, InitsAtTheSameTimeAreOneInit)
{
    slow_down_init();
    std::vector<std::unique_ptr<RunningJob>> running;
    running.reserve(4);
    for (int i = 0; i < 4; ++i)
        running.push_back(std::make_unique<RunningJob>(
            std::vector<std::string>{"init", "--yes", "--lock-timeout=60s"},
            std::map<std::string, std::string>{{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}));
    int made = 0;
    for (auto const& one : running) {
        auto const ended = one->wait();
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        made += ended.out.find("(it was 0)") != ended.out.npos;
    }
    EXPECT_EQ(made, 1);
}

TEST_P(OperatorTest, InitTakesTheTimeThatItNeeds)
{
    slow_down_init();
    auto const ended = job({"init", "--yes", "--statement-timeout=200ms"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
}

TEST_P(OperatorTest, PrintedInitIsWhatInitDoes)
{
    auto const printed = job({"init", "--print"});
    EXPECT_EQ(count("pg_namespace WHERE nspname = 'customer_reconcile'"), "0");
    database.execute(printed.out.substr(0, printed.out.find("\n-- What plan")));
    EXPECT_THAT(init().out, HasSubstr("already"));
}

TEST_P(OperatorTest, DetailedExitcodeTellsDrift)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    EXPECT_EQ(job({"plan", "--detailed-exitcode"}).exit_code, 2);
    EXPECT_EQ(job({"plan"}).exit_code, 0);
    init();
    apply();
    EXPECT_EQ(job({"plan", "--detailed-exitcode"}).exit_code, 0);
}

TEST_P(OperatorTest, DetailedExitcodeOfNewTellsOnlyWhatTheLastRunHadNotNoted)
{
    auto const ended = [&] { return job({"plan", "--detailed-exitcode=new"}).exit_code; };
    world.tenant({.n = 1, .name = "Acme", .admin_email = ""});
    EXPECT_EQ(ended(), 2) << "no run has noted anything";
    init();
    apply();
    EXPECT_EQ(ended(), 0) << "its customer still has no contact";
    EXPECT_EQ(job({"plan", "--detailed-exitcode"}).exit_code, 2);
    world.tenant({.n = 2, .name = "Bolt", .admin_email = ""});
    EXPECT_EQ(ended(), 2);
    apply();
    EXPECT_EQ(ended(), 0);
}

TEST_P(OperatorTest, ReportFilesAreWrittenAlsoAfterAFailure)
{
    auto const file = std::filesystem::temp_directory_path() / (database.name() + ".json");
    auto const ended =
        job({"plan", "--report=" + file.string(), "--management-tenant-name=Nobody"});
    EXPECT_EQ(ended.exit_code, 65);
    std::ifstream stream{file};
    std::string const text{std::istreambuf_iterator<char>{stream}, {}};
    std::filesystem::remove(file);
    EXPECT_EQ(outcome(boost::json::parse(text)), "data");
}

TEST_P(OperatorTest, ExplainTellsCandidatesVerdictAndHistory)
{
    TenantSeed const acme{.n = 1, .name = "Acme", .admin_email = "ada@acme.example"};
    world.tenant(acme);
    world.old_workflow(acme);
    init();
    EXPECT_THAT(job({"explain", tenant_id(1)}).out,
                AllOf(HasSubstr("name    \"Acme\" (" + company_id(1)), HasSubstr("unstamped"),
                      HasSubstr("no run has changed it")));
    apply();
    EXPECT_THAT(
        job({"explain", "Acme"}).out,
        AllOf(HasSubstr("uuid    \"Acme\""), HasSubstr("in order"), HasSubstr("adopt applied")));
    EXPECT_EQ(job({"explain", "Nobody"}).exit_code, 65);
}

TEST_P(OperatorTest, ExplainTakesAPartOfANameOtherCapitalsAndTheFirstEightOfAnId)
{
    world.tenant({.n = 1, .name = "Acme Corporation", .admin_email = "ada@acme.example"});
    world.company({.n = 70'000'001, .name = "Nobody Ltd"});
    for (auto const* text : {"acme corporation", "corpor", "ACME"})
        EXPECT_THAT(job({"explain", text}).out, HasSubstr("Tenant \"Acme Corporation\"")) << text;
    EXPECT_THAT(job({"explain", "nobody"}).out, HasSubstr("Company \"Nobody Ltd\""));
    EXPECT_THAT(job({"explain", company_id(70'000'001).substr(0, 36 - 2)}).out,
                HasSubstr("Company \"Nobody Ltd\""));
}

TEST_P(OperatorTest, ExplainAsksWhichOneWasMeantWhereSeveralFit)
{
    world.tenant({.n = 1, .name = "Acme East", .admin_email = {}});
    world.tenant({.n = 2, .name = "Acme West", .admin_email = {}});
    auto const ended = job({"explain", "acme"});
    EXPECT_EQ(ended.exit_code, 65);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("did you mean \"Acme East\" (" + tenant_id(1) + ")"),
                                 HasSubstr("\"Acme West\"")));
    EXPECT_THAT(job({"explain", "Acme East"}).out, HasSubstr("Tenant \"Acme East\""));
}

TEST_P(OperatorTest, DoctorTellsAllGrantsAtOnceOneALine)
{
    init();
    auto const bare = "bare_" + database.value("SELECT current_database()");
    database.execute("CREATE ROLE " + bare + " LOGIN");
    auto const ended =
        run_job({"doctor"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(bare)}});
    database.execute("DROP ROLE " + bare);
    EXPECT_EQ(ended.exit_code, 77);
    std::istringstream lines{ended.out};
    for (std::string line; std::getline(lines, line);) {
        auto const at = line.find("GRANT ");
        bool const is_whole = line.find("GRANT ", at + 1) == line.npos && line.ends_with(";");
        EXPECT_TRUE(at == line.npos || is_whole) << line;
    }
    EXPECT_THAT(ended.out, AllOf(HasSubstr("GRANT SELECT"), HasSubstr("GRANT INSERT")));
}

TEST_P(OperatorTest, ExplainKnowsATenantThatIsTooYoung)
{
    world.tenant({.n = 1, .name = "Fresh", .admin_email = "f@fresh.example", .created = "now()"});
    EXPECT_THAT(job({"explain", "Fresh"}).out, HasSubstr("younger than minimum-age"));
}

TEST_P(OperatorTest, ExplainTellsAgeGraceAndGuardOfAnOrphan)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 7, .name = "Gone", .link = tenant_id(77)});
    init();
    apply();
    database.execute(
        "UPDATE customer_reconcile.drift SET first_seen = now() - interval '49 hours'");
    auto const due = database.value(
        "SELECT to_char((now() + interval '23 hours') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')");
    EXPECT_THAT(job({"explain", "Gone"}).out,
                AllOf(HasSubstr("seen by 1 run, for 49 h"), HasSubstr(due),
                      HasSubstr("grace: seen by 2 of 2 runs"), HasSubstr("cleanup: 0 due")));
}

TEST_P(OperatorTest, ExplainNamesTheGuardThatHolds)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    EXPECT_THAT(job({"explain", "Acme", "--guard-create-floor=0", "--guard-create-ratio=0"}).out,
                AllOf(HasSubstr("create: 1 due, the limit is 0: tripped"), HasSubstr("held: ")));
}

TEST_P(OperatorTest, ExplainKnowsSettledCompanies)
{
    world.company({.n = 7, .name = "Settled", .link = tenant_id(77), .inactive = true});
    for (auto const& name : {std::string{"Settled"}, company_id(7)}) {
        auto const ended = job({"explain", name});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_THAT(ended.out, AllOf(HasSubstr("inactive"), HasSubstr("nothing is to be done")));
    }
}

TEST_P(OperatorTest, DoctorNamesWhatIsMissing)
{
    auto const before = job({"doctor"});
    EXPECT_EQ(before.exit_code, 65);
    EXPECT_THAT(before.out, HasSubstr("customer-reconcile init"));
    init();
    auto const after = job({"doctor"});
    EXPECT_EQ(after.exit_code, 0) << after.out;
    EXPECT_THAT(after.out, AllOf(HasSubstr("generation"), Not(HasSubstr("FAIL"))));
}

TEST_P(OperatorTest, DoctorRecommendsIndexesUntilTheyAreThere)
{
    ASSERT_EQ(init().exit_code, 0);
    auto const before = job({"doctor"});
    EXPECT_EQ(before.exit_code, 0) << before.out << before.err;
    std::istringstream lines{before.out};
    for (std::string line; std::getline(lines, line);) {
        if (auto const at = line.find("CREATE INDEX CONCURRENTLY "); at != std::string::npos)
            database.execute(line.substr(at));
    }
    EXPECT_EQ(database.value("SELECT count(*) FROM pg_indexes WHERE indexname IN"
                             " ('contacts_by_{companies}', '{companies}_by_link')"),
              "2");
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("all that help are there"));
}

TEST_P(OperatorTest, DoctorTellsAWriterWhetherItCanUndoEverything)
{
    ASSERT_EQ(init().exit_code, 0);
    EXPECT_THAT(job({"doctor"}).out, Not(HasSubstr("undo"))) << "the reader cannot apply either";
    std::map<std::string, std::string> const as_writer{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().writer())}};
    auto const before = job({"doctor"}, as_writer);
    EXPECT_EQ(before.exit_code, 0) << before.out;
    EXPECT_THAT(before.out, AllOf(HasSubstr("warn  undo"), HasSubstr("_undoer")));
    database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                     roles().writer());
    EXPECT_THAT(job({"doctor"}, as_writer).out, HasSubstr("pass  undo"));
}

TEST_P(OperatorTest, DoctorSeesThePooler)
{
    init();
    EXPECT_THAT(
        job({"doctor"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_through_pooler()}}).out,
        HasSubstr("a pooler is in between"));
}

TEST_P(OperatorTest, PlanAsksForNoWriteAtAll)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    auto const everything = [&] { return database.fingerprint_outside(tenant_id(99)); };
    auto const before = everything();
    EXPECT_EQ(job({"plan"}).exit_code, 0);
    EXPECT_EQ(everything(), before);
}

TEST_BOTH_GENERATIONS(OperatorTest);

}  // namespace

}  // namespace tracking::testing
