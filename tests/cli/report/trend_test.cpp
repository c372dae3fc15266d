// What reports and history say of the drift of earlier runs.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class TrendTest : public JobTest
{
protected:
    void SetUp() override
    {
        JobTest::SetUp();
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    /// A customer that no contact can be made for: the drift stays.
    void without_admin(int n, std::string const& name) { world.tenant({.n = n, .name = name}); }

    /// Applies, and returns the run.
    std::string night(std::map<std::string, std::string> const& environment = {})
    {
        auto const ended = apply(environment);
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        auto const report = parsed(ended);
        return report.at("run").is_null() ? "" : std::string{report.at("run").as_string()};
    }

    void kill_run(std::string const& run)
    {
        database.execute("DELETE FROM customer_reconcile.run_end WHERE run_id = '" + run + "'");
    }

    std::string since(std::string const& run)
    {
        auto const report = parsed(job({"plan", "--format=json", "--since=" + run}));
        return serialize(report.at_pointer("/overview/since_last_run"));
    }
};

TEST_P(TrendTest, EachRunSaysWhatItFoundAndLeft)
{
    without_admin(2, "Bolt");
    auto const first = night();
    without_admin(3, "Cask");
    auto const killed = night();
    kill_run(killed);
    without_admin(4, "Dell");
    auto const last = night();

    auto const text = job({"history", "--trend"}).out;
    EXPECT_THAT(text, ContainsRegex("UTC  ok +" + last.substr(0, 8) + " +4 +3  (█)+\n"));
    EXPECT_THAT(text,
                ContainsRegex("UTC  killed +" + killed.substr(0, 8) + " +- +-  no reading\n"));
    EXPECT_THAT(text, ContainsRegex("UTC  ok +" + first.substr(0, 8) + " +3 +1  (█)+\n"));

    auto const runs = parsed(job({"history", "--trend", "--format=json", "2"})).at("runs");
    ASSERT_EQ(runs.as_array().size(), 2U);
    EXPECT_EQ(runs.at_pointer("/0/run"), last.c_str());
    EXPECT_EQ(runs.at_pointer("/0/left"), 3);
    EXPECT_TRUE(runs.at_pointer("/1/left").is_null());
}

TEST_P(TrendTest, EveryFormOfTheReportHasIt)
{
    night();
    without_admin(2, "Bolt");
    night();
    EXPECT_THAT(job({"plan"}).out, HasSubstr("  trend        ▁██ left by 2 runs"));
    EXPECT_THAT(job({"plan", "--format=markdown"}).out, HasSubstr("▁██ left by"));
    EXPECT_THAT(job({"plan", "--format=html"}).out, HasSubstr("Drift of the last runs, 2 at most"));
    auto const trend = plan().at("trend").as_array();
    ASSERT_EQ(trend.size(), 2U);
    EXPECT_EQ(trend[0].at("left"), 0);  // the oldest first
    EXPECT_EQ(trend[1].at("left"), 1);
}

TEST_P(TrendTest, RunsThatNoteNoDriftAndTheOneAtWorkAreNotInIt)
{
    auto const run = night();
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bo@bolt.example"});
    night({{"CUSTOMER_RECONCILE_JOURNAL_NOTE_DRIFT", "false"}});
    EXPECT_EQ(plan().at("trend").as_array().size(), 1U);
    kill_run(run);
    database.execute(
        "INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at) SELECT tenant,"
        " run_id, host, now() + interval '1 minute' FROM customer_reconcile.run_start WHERE"
        " run_id = '" +
        run + "'");
    EXPECT_EQ(plan().at("trend").as_array().size(), 0U);
}

TEST_P(TrendTest, AReadingInDoubtIsNone)
{
    auto const night_of = night();
    world.tenant_goes(1);
    EXPECT_EQ(apply().exit_code, 3);  // there are no tenants
    auto const trend = plan().at("trend").as_array();
    ASSERT_EQ(trend.size(), 2U);
    EXPECT_EQ(trend[0].at("run"), night_of.c_str());
    EXPECT_EQ(trend[0].at("left"), 0);
    EXPECT_EQ(trend[1].at("ended_as"), "refused");
    EXPECT_TRUE(trend[1].at("found").is_null());
    EXPECT_THAT(job({"plan"}).out, HasSubstr("× saw none"));
}

TEST_P(TrendTest, AProofInDoubtTellsNothingOfWhatIsLeft)
{
    database.execute(
        "CREATE FUNCTION empty_source() RETURNS trigger LANGUAGE plpgsql"
        " SECURITY DEFINER SET session_replication_role = replica AS"
        " $$BEGIN DELETE FROM public.tenants WHERE tenant <> NEW.tenant; RETURN NEW; END$$;"
        "CREATE TRIGGER empty_source AFTER INSERT ON customer_reconcile.change"
        " FOR EACH ROW EXECUTE FUNCTION empty_source()");
    auto const ended = apply();
    auto const report = parsed(ended);
    EXPECT_EQ(report.at_pointer("/changes/create/applied"), 1) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("to prove the result is in doubt: there are no tenants"));
    EXPECT_TRUE(report.at("residual").is_null());
    EXPECT_TRUE(report.at("converged").is_null());
    EXPECT_EQ(count("customer_reconcile.drift"), "0") << "an orphan that nobody has seen";
}

TEST_P(TrendTest, ThePlanTellsWhatIsNewAndGoneSinceARun)
{
    without_admin(2, "Bolt");
    without_admin(3, "Cask");
    auto const first = night();  // leaves Bolt and Cask
    without_admin(4, "Dell");
    night();
    without_admin(5, "Echo");
    world.tenant_goes(2);

    auto const report = parsed(job({"plan", "--format=json", "--since=" + first.substr(0, 8)}));
    auto const& compared = report.at_pointer("/overview/since_last_run");
    EXPECT_EQ(compared.at("run"), first.c_str());
    EXPECT_EQ(compared.at("as_before"), 1);  // Cask
    EXPECT_EQ(compared.at("gone"), 1);       // Bolt has no admin to miss
    EXPECT_EQ(compared.at("new"),
              found(report, "no_admin") - 1 + found(report, "missing") + found(report, "orphaned"));
    std::map<std::string, bool> is_new;
    for (auto const& item : report.at("items").as_array())
        if (item.at("kind") == "no_admin")
            is_new[std::string{item.at("tenant").at("name").as_string()}] =
                item.at("new").as_bool();
    EXPECT_EQ(is_new,
              (std::map<std::string, bool>{{"Cask", false}, {"Dell", true}, {"Echo", true}}));
    EXPECT_THAT(job({"plan", "--since=" + first}).out, HasSubstr("since run " + first + ": "));
}

TEST_P(TrendTest, TheExitCodeTellsOfWhatIsNewSinceThatRun)
{
    auto const first = night();
    without_admin(2, "Bolt");
    night();
    EXPECT_EQ(job({"plan", "--detailed-exitcode=new"}).exit_code, 0);
    EXPECT_EQ(job({"plan", "--detailed-exitcode=new", "--since=" + first}).exit_code, 2);
}

TEST_P(TrendTest, ARunThatNotedNoDriftCannotBeComparedWith)
{
    auto const killed = night();
    kill_run(killed);
    without_admin(2, "Bolt");
    auto const frequent = night({{"CUSTOMER_RECONCILE_JOURNAL_NOTE_DRIFT", "false"}});
    for (auto const& run : {killed, frequent}) {
        auto const ended = job({"plan", "--since=" + run});
        EXPECT_EQ(ended.exit_code, 65);
        EXPECT_THAT(ended.out + ended.err, AllOf(HasSubstr("run " + run + " noted no drift"),
                                                 HasSubstr("history --trend")));
    }
    EXPECT_EQ(job({"plan", "--since=12345678"}).exit_code, 65);
}

TEST_BOTH_GENERATIONS(TrendTest);

}  // namespace

}  // namespace tracking::testing
