#include "tests/cli/job_test.hpp"

#include "config/notation/format.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace fs = std::filesystem;

class ReportTest : public JobTest
{
protected:
    void SetUp() override
    {
        JobTest::SetUp();
        folder_ = fs::path{::testing::TempDir()} / database.name();
        fs::create_directories(folder_);
    }

    void TearDown() override
    {
        fs::remove_all(folder_);
        JobTest::TearDown();
    }

    /// One option for a file of each form.
    std::vector<std::string> with_every_report(std::vector<std::string> arguments) const
    {
        for (auto const& format : config::kFormats)
            arguments.push_back("--report=" + file(format.suffix).string());
        return arguments;
    }

    fs::path file(std::string const& suffix) const { return folder_ / ("report" + suffix); }

    std::string written(std::string const& suffix) const
    {
        std::ostringstream content;
        content << std::ifstream{file(suffix)}.rdbuf();
        return content.str();
    }

    fs::path folder_;
};

TEST_P(ReportTest, EverySuffixHasItsForm)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    init();
    EXPECT_EQ(job(with_every_report({"apply", "--yes"})).exit_code, 0);
    EXPECT_THAT(written(".txt"), AllOf(StartsWith("customer-reconcile "), HasSubstr("Acme")));
    EXPECT_EQ(boost::json::parse(written(".json")).at("converged"), true);
    EXPECT_THAT(written(".jsonl"), StartsWith("{\"line\": \"report\","));
    EXPECT_THAT(written(".md"), AllOf(StartsWith("## ✅ customer-reconcile"), HasSubstr("Acme")));
    EXPECT_THAT(written(".html"), AllOf(StartsWith("<!doctype html>"), HasSubstr("Acme")));
    EXPECT_THAT(written(".csv"),
                AllOf(StartsWith("list,kind,state,"), HasSubstr("\r\nitem,missing,applied,")));
}

TEST_P(ReportTest, EveryFormIsWrittenAfterAFailureToo)
{
    auto const ended = job(with_every_report({"plan"}),
                           {{"CUSTOMER_RECONCILE_SOURCE_DSN", "host=127.0.0.1 port=1"}});
    EXPECT_EQ(ended.exit_code, 69) << ended.err;
    for (auto const& format : config::kFormats)
        EXPECT_NE(written(format.suffix), "") << format.suffix;
    EXPECT_THAT(written(".md"), HasSubstr("customer-reconcile doctor"));
}

TEST_P(ReportTest, NoFormHasPersonalDataInAFileUnlessAskedTo)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    job(with_every_report({"plan"}));
    for (auto const& format : config::kFormats)
        EXPECT_THAT(written(format.suffix), AllOf(HasSubstr("Acme"), Not(HasSubstr("ada@"))))
            << format.suffix;
    job(with_every_report({"plan", "--personal-data=show"}));
    for (auto const* suffix : {".txt", ".json", ".jsonl", ".md", ".html"})
        EXPECT_THAT(written(suffix), HasSubstr("ada@acme.example")) << suffix;
}

TEST_P(ReportTest, StandardOutputTakesEveryFormByItsWord)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    for (auto const& format : config::kFormats)
        EXPECT_EQ(job({"plan", std::string{"--format="} + format.word}).exit_code, 0)
            << format.word;
    EXPECT_THAT(job({"plan", "--format=html"}).out, StartsWith("<!doctype html>"));
}

TEST_P(ReportTest, AnUnknownSuffixIsAConfigurationErrorThatNamesTheKnownOnes)
{
    auto const ended = job({"plan", "--report=" + file(".pdf").string()});
    EXPECT_EQ(ended.exit_code, 78);
    EXPECT_THAT(ended.err, HasSubstr(".txt, .json, .jsonl, .md, .html, .csv"));
    EXPECT_FALSE(fs::exists(file(".pdf")));
}

TEST_BOTH_GENERATIONS(ReportTest);

}  // namespace

}  // namespace tracking::testing
