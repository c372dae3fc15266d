#include "tests/cli/job_test.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tracking::testing {

namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

class LogTest : public JobTest
{
protected:
    LogTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    /// What a run logs, every line of it an object.
    static std::vector<json::object> lines(Ended const& ended)
    {
        std::vector<json::object> all;
        std::istringstream text{ended.err};
        for (std::string line; std::getline(text, line);)
            all.push_back(json::parse(line).as_object());
        return all;
    }

    static std::vector<std::string> events(std::vector<json::object> const& lines)
    {
        std::vector<std::string> names;
        names.reserve(lines.size());
        for (auto const& line : lines)
            names.emplace_back(line.at("event").as_string());
        return names;
    }
};

TEST_P(LogTest, JsonTellsPhasesChangesAndASummaryWithoutPersonalData)
{
    auto const ended =
        job({"apply", "--yes", "--log-format=json"},
            {{"OTEL_SERVICE_NAME", "crm"},
             {"TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
    EXPECT_EQ(ended.exit_code, 0);
    auto const logged = lines(ended);
    EXPECT_THAT(events(logged), IsSupersetOf({"start", "phase", "change", "summary"}));
    for (auto const& line : logged) {
        EXPECT_EQ(line.at("service"), "crm");
        EXPECT_EQ(line.at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
        EXPECT_EQ(line.at("severity"), "INFO");
        if (line.at("event") == "change") {
            EXPECT_EQ(line.at("tenant").as_string(), tenant_id(1));
            EXPECT_EQ(line.at("outcome"), "applied");
        }
    }
    EXPECT_THAT(ended.err,
                AllOf(Not(HasSubstr("Acme")), Not(HasSubstr("ada@")), Not(HasSubstr("Ada Admin"))));
    auto const& last = logged.back();
    EXPECT_EQ(last.at("event"), "summary");
    EXPECT_EQ(last.at("outcome"), "ok");
    EXPECT_EQ(last.at("applied"), 1);
    EXPECT_EQ(last.at("run_id").as_string(),
              database.value("SELECT run_id FROM customer_reconcile.run LIMIT 1"));
}

TEST_P(LogTest, JsonStaysJsonWhenThingsFail)
{
    auto const broken = job({"plan", "--log-format=json", "--batch-size=0"});
    EXPECT_EQ(broken.exit_code, 78);
    EXPECT_EQ(lines(broken).back().at("exit_code"), 78);
    auto const usage =
        job({"plan", "--no-such-option"}, {{"CUSTOMER_RECONCILE_LOG_FORMAT", "json"}});
    EXPECT_EQ(usage.exit_code, 64);
    EXPECT_EQ(lines(usage).back().at("severity"), "ERROR");
    auto const refused =
        job({"plan", "--log-format=json", "--guard-create-ratio=0", "--guard-create-floor=0"});
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_EQ(lines(refused).back().at("severity"), "WARNING");
}

TEST_P(LogTest, TextIsQuietUnlessAskedForMore)
{
    EXPECT_EQ(job({"plan"}).err, "");
    auto const more = job({"apply", "--yes", "--log-level=info"}).err;
    EXPECT_THAT(more, AllOf(HasSubstr("customer-reconcile: create applied"),
                            HasSubstr("tenant=\"" + tenant_id(1)), HasSubstr("apply ended: ok")));
    auto const json_errors = job({"plan", "--log-format=json", "--log-level=error"});
    EXPECT_EQ(json_errors.err, "");
}

TEST_P(LogTest, ReportsOutsideATerminalMaskPeopleUnlessAskedFor)
{
    for (auto const* format : {"--format=text", "--format=json"}) {
        EXPECT_THAT(job({"plan", format}).out,
                    AllOf(HasSubstr("Acme"), HasSubstr("***@acme.example"), Not(HasSubstr("ada@")),
                          Not(HasSubstr("Ada Admin"))));
        EXPECT_THAT(job({"plan", format, "--personal-data=show"}).out,
                    AllOf(HasSubstr("ada@acme.example"), HasSubstr("Ada Admin")));
    }
    EXPECT_THAT(job({"explain", "Acme"}).out, HasSubstr("*** <***@acme.example>"));
    EXPECT_THAT(job({"explain", "Acme", "--personal-data=show"}).out,
                HasSubstr("Ada Admin <ada@acme.example>"));
}

TEST_P(LogTest, APlanFileHoldsWhatItNeedsAndItsReportDoesNot)
{
    auto const folder = std::filesystem::temp_directory_path();
    auto const file = (folder / (database.name() + ".json")).string();
    auto const report = (folder / (database.name() + ".report.json")).string();
    EXPECT_EQ(job({"plan", "--out=" + file, "--report=" + report}).exit_code, 0);
    std::ifstream stream{report};
    std::string const text{std::istreambuf_iterator<char>{stream}, {}};
    EXPECT_THAT(text, AllOf(HasSubstr("***@acme.example"), Not(HasSubstr("ada@"))));
    EXPECT_THAT(job({"show", file}).out, Not(HasSubstr("ada@")));
    EXPECT_EQ(job({"apply", file, "--yes"}).exit_code, 0);
    EXPECT_EQ(
        count("contacts WHERE email = 'ada@acme.example' AND tenant = '" + tenant_id(0) + "'"),
        "1");
    std::filesystem::remove(file);
    std::filesystem::remove(report);
}

TEST_BOTH_GENERATIONS(LogTest);

}  // namespace

}  // namespace tracking::testing
