#include "tests/cli/job_test.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tracking::testing {

namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// What becomes of what a command prints and writes.
class OutputTest : public JobTest
{
protected:
    OutputTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.tenant({.n = 2, .name = "Beta", .admin_email = "bob@beta.example"});
        world.tenant({.n = 3, .name = "Gamma", .admin_email = "cem@gamma.example"});
        fs::create_directory(folder_);
        init();
    }
    ~OutputTest() override { fs::remove_all(folder_); }

    /// In the test's own folder, as the owner.
    Ended shell(std::string const& script) const
    {
        return run_shell("cd " + folder_.string() + " && " + script,
                         {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    }

    std::string content_of(std::string const& name) const
    {
        std::ifstream stream{folder_ / name};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }

    unsigned mode_of(std::string const& name) const
    {
        struct stat status
        {};
        EXPECT_EQ(lstat((folder_ / name).c_str(), &status), 0) << name;
        return status.st_mode & 0777U;
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    fs::path const folder_ = fs::temp_directory_path() / ("output_" + database.name());
};

TEST_P(OutputTest, AFullDiskIsAnErrorOfEveryCommandThatPrints)
{
    for (auto const* command :
         {"plan", "plan --format=json", "plan --format=html", "history", "history --format=json",
          "explain Acme", "doctor", "init", "init --print", "config show", "config check",
          "config schema", "--help", "plan --help", "--version"}) {
        auto const ended = shell("$JOB " + std::string{command} + " >/dev/full");
        EXPECT_EQ(ended.exit_code, 1) << command;
        EXPECT_THAT(ended.err, HasSubstr("standard output could not be written: No space left"))
            << command;
    }
}

TEST_P(OutputTest, ALimitOfFileSizesIsAnErrorAndEndsNoRun)
{
    auto const ended =
        shell("(ulimit -f 1; $JOB apply --yes --report r.json --log-format json >out 2>err)");
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(count("customer_reconcile.change"), "3");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_EQ(shell("ls -A").out, "err\nout\n") << "no part of a report is left";
}

TEST_P(OutputTest, AClosedStandardOutputIsAnErrorToo)
{
    EXPECT_EQ(shell("$JOB plan >&-").exit_code, 1);
    EXPECT_EQ(shell("$JOB plan | true; exit ${PIPESTATUS[0]}").exit_code, 1);
    EXPECT_EQ(shell("$JOB plan --detailed-exitcode >/dev/full").exit_code, 1);
}

TEST_P(OutputTest, AnApplyThatNobodyReadsSaysWhatItDid)
{
    auto const ended = shell("$JOB apply --yes --format json >/dev/full");
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("No space left"), HasSubstr("ended as \"ok\""),
                                 HasSubstr("3 of 3 changes applied"), HasSubstr(latest_run())));
    auto const shown = shell("$JOB show " + latest_run() + " >/dev/full");
    EXPECT_EQ(shown.exit_code, 1);
}

TEST_P(OutputTest, AReaderThatGoesAwayEndsNoRun)
{
    auto const ended = shell(
        "$JOB apply --yes --batch-size 1 --log-format json --format json --report r.json "
        "2>&1 >/dev/null | head -n 1; exit ${PIPESTATUS[0]}");
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_EQ(count("{companies} WHERE properties ? 'tenant_id'"), "3");
    EXPECT_EQ(count("customer_reconcile.lease"), "0");
    EXPECT_EQ(count("customer_reconcile.run WHERE outcome = 'ok'"), "1");
    EXPECT_EQ(outcome(boost::json::parse(content_of("r.json"))), "ok");
}

TEST_P(OutputTest, ClosedStandardStreamsAreGivenToNoConnection)
{
    auto const ended = shell("$JOB apply --yes --log-format json --report r.json <&- >&- 2>&-");
    EXPECT_EQ(ended.exit_code, 1);  // the report on standard output
    EXPECT_EQ(count("customer_reconcile.run WHERE outcome = 'ok'"), "1");
    EXPECT_EQ(outcome(boost::json::parse(content_of("r.json"))), "ok");
}

TEST_P(OutputTest, FilesAreWrittenBeforeStandardOutput)
{
    auto const ended = shell(
        "$JOB plan --format json --report c.json | true; "
        "exit ${PIPESTATUS[0]}");
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(outcome(boost::json::parse(content_of("c.json"))), "ok");
}

TEST_P(OutputTest, AReportThatCannotBeWrittenStopsNoOther)
{
    auto const ended = shell(
        "$JOB plan --report nowhere/a.json --report /dev/full/x.csv "
        "--report b.json --report c.md");
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("nowhere/a.json: No such file or directory"),
                                 HasSubstr("/dev/full/x.csv: Not a directory")));
    EXPECT_NE(content_of("b.json"), "");
    EXPECT_NE(content_of("c.md"), "");
    EXPECT_NE(ended.out, "");
}

TEST_P(OutputTest, OneFileForTwoThingsIsRefusedHoweverItIsSpelt)
{
    shell(
        "$JOB plan --out p.json; echo old >there.json; ln -s there.json link.json;"
        "ln there.json hard.json; ln -s absent.json dangling.json; mkdir sub;"
        "echo '{}' >conf.json");
    for (auto const* command :
         {"plan --report x.json --report x.json", "plan --report x.json --out x.json",
          "plan --report x.json --report ./sub/../x.json", "plan --report x.json --out $PWD/x.json",
          "plan --report link.json --report there.json", "plan --report hard.json --out there.json",
          "plan --report dangling.json --report absent.json", "apply p.json --yes --report p.json",
          "show p.json --report p.json", "plan --config conf.json --report conf.json",
          "plan --report there.json >there.json"}) {
        auto const ended = shell("$JOB " + std::string{command});
        EXPECT_EQ(ended.exit_code, 64) << command;
        EXPECT_THAT(ended.err, HasSubstr("are the same file")) << command;
    }
    EXPECT_FALSE(fs::exists(folder_ / "x.json"));
    EXPECT_EQ(shell("$JOB plan --report p1.json --report p1.csv --out p2.json").exit_code, 0);
}

TEST_P(OutputTest, DevicesAndFifosAreWrittenToAndStayWhatTheyAre)
{
    auto const fifo = shell(
        "mkfifo f.json && { cat f.json >got & } && sleep 0.3 && "
        "$JOB plan --report f.json >/dev/null; code=$?; wait; exit $code");
    EXPECT_EQ(fifo.exit_code, 0) << fifo.err;
    EXPECT_TRUE(fs::is_fifo(folder_ / "f.json"));
    EXPECT_EQ(outcome(boost::json::parse(content_of("got"))), "ok");
    EXPECT_EQ(shell("ln -s /dev/null null.json && $JOB plan --report null.json").exit_code, 0);
    EXPECT_TRUE(fs::is_symlink(folder_ / "null.json"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    auto const full = shell("ln -s /dev/full full.json && $JOB plan --report full.json");
    EXPECT_EQ(full.exit_code, 1);
    EXPECT_THAT(full.err, HasSubstr("full.json: No space left on device"));
}

TEST_P(OutputTest, AFifoThatNobodyReadsIsSaidAndNotWaitedFor)
{
    auto const ended = shell(
        "mkfifo f.json t.prom && $JOB plan --report f.json --report g.json "
        "--metrics-textfile t.prom");
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("f.json: nobody reads this FIFO"),
                                 HasSubstr("t.prom: nobody reads this FIFO")));
    EXPECT_NE(content_of("g.json"), "");
}

TEST_P(OutputTest, ASymbolicLinkStaysAndItsFileIsReplaced)
{
    shell(
        "mkdir real; echo old >real/r.json; ln -s real/r.json r.json; ln -s real/new.json n.json;"
        "$JOB plan --report r.json --report n.json");
    for (auto const* name : {"r.json", "n.json"}) {
        EXPECT_TRUE(fs::is_symlink(folder_ / name));
        EXPECT_EQ(outcome(boost::json::parse(content_of(name))), "ok");
    }
    EXPECT_TRUE(fs::is_regular_file(folder_ / "real" / "new.json"));
}

TEST_P(OutputTest, OnlyTheOwnerReadsAPlanFileAndEveryoneTheMetrics)
{
    shell(
        "umask 022; echo old >p.json; chmod 644 p.json; echo old >r.json; chmod 640 r.json;"
        "umask 077; $JOB plan --out p.json --report r.json --metrics-textfile m.prom;"
        "$JOB plan --out q.json --report s.json; umask 022; $JOB plan --report t.json");
    EXPECT_EQ(mode_of("p.json"), 0600U);
    EXPECT_EQ(mode_of("q.json"), 0600U);
    EXPECT_EQ(mode_of("r.json"), 0640U);
    EXPECT_EQ(mode_of("s.json"), 0600U);
    EXPECT_EQ(mode_of("t.json"), 0644U);
    EXPECT_EQ(mode_of("m.prom"), 0644U);
}

TEST_BOTH_GENERATIONS(OutputTest);

}  // namespace

}  // namespace tracking::testing
