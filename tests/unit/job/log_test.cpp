#include "job/process/log.hpp"

#include "job/telemetry/report_log.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include <string>

namespace tracking::job {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kTrace = "0af7651916cd43dd8448eb211c80319c";
constexpr auto kSpan = "b7ad6b7169203331";

std::chrono::system_clock::time_point some_time()
{
    using namespace std::chrono;
    return sys_days{2026y / 10 / 1} + 2h + 3s + 45ms + 678us;
}

json::object parsed(Event const& event, Identity const& identity = {})
{
    auto const line = json_line(event, identity, some_time());
    EXPECT_EQ(line.find('\n'), line.npos);
    return json::parse(line).as_object();
}

Identity traced_by(std::string const& traceparent)
{
    return identity_from({{"TRACEPARENT", traceparent}});
}

TEST(LogTest, ALineIsOneObjectWithTimeSeverityAndService)
{
    auto const line = parsed({.severity = Severity::Warning,
                              .name = "warning",
                              .message = "two\nlines \"quoted\" \xFF",
                              .fields = {{"count", std::int64_t{3}}, {"seconds", 0.5}}});
    EXPECT_EQ(line.at("timestamp"), "2026-10-01T02:00:03.045Z");
    EXPECT_EQ(line.at("severity"), "WARNING");
    EXPECT_EQ(line.at("message"), "two\nlines \"quoted\" \xEF\xBF\xBD");
    EXPECT_EQ(line.at("service"), "customer-reconcile");
    EXPECT_EQ(line.at("event"), "warning");
    EXPECT_EQ(line.at("count"), 3);
    EXPECT_EQ(line.at("seconds"), 0.5);
    EXPECT_FALSE(line.contains("run_id"));
    EXPECT_FALSE(line.contains("trace_id"));
}

TEST(LogTest, ServiceRunAndTraceAreInEveryLine)
{
    auto identity =
        identity_from({{"OTEL_SERVICE_NAME", "crm-sync"},
                       {"TRACEPARENT", std::string{"00-"} + kTrace + "-" + kSpan + "-01"}});
    identity.run = "r";
    auto const line = parsed({.name = "start"}, identity);
    EXPECT_EQ(line.at("service"), "crm-sync");
    EXPECT_EQ(line.at("run_id"), "r");
    EXPECT_EQ(line.at("trace_id"), kTrace);
    EXPECT_EQ(line.at("span_id"), kSpan);
}

TEST(LogTest, ATraceparentThatIsNotValidIsIgnored)
{
    std::string const good = std::string{"00-"} + kTrace + "-" + kSpan + "-01";
    auto const with = [&](std::size_t at, std::string const& part) {
        return std::string{good}.replace(at, part.size(), part);
    };
    EXPECT_EQ(traced_by(good).trace_id, kTrace);
    EXPECT_EQ(traced_by(with(0, "01") + "-more").trace_id, kTrace) << "of a later version";
    for (auto const& bad :
         {std::string{}, good + "-more", good + "0", with(0, "ff"), with(3, "0AF7"), with(3, "xyz"),
          with(3, std::string(32, '0')), with(36, std::string(16, '0')), with(53, "g0"),
          with(2, "_"), good.substr(1)})
        EXPECT_EQ(traced_by(bad).trace_id, "") << bad;
}

TEST(LogTest, TextIsALineForPeople)
{
    EXPECT_EQ(text_line({.severity = Severity::Error, .name = "error", .message = "no connection"}),
              "customer-reconcile: no connection");
    EXPECT_EQ(text_line({.severity = Severity::Warning,
                         .name = "change",
                         .message = "create failed",
                         .fields = {{"tenant", std::string{"t"}}, {"seconds", 1.5}}}),
              "customer-reconcile: warning: create failed tenant=\"t\" seconds=1.500");
}

TEST(LogTest, TextHoldsNothingThatATerminalObeys)
{
    EXPECT_EQ(text_line({.severity = Severity::Error,
                         .name = "error",
                         .message = "f:1: unknown key \"\x1B[31mred\xFF\"\nf:2: it is \"ä\""}),
              "customer-reconcile: f:1: unknown key \"\\u001B[31mred\\xFF\"\nf:2: it is \"ä\"");
}

TEST(LogTest, AddressesInMessagesAreMasked)
{
    Event const event{.name = "error", .message = "ada@acme.example is taken"};
    EXPECT_EQ(parsed(event).at("message"), "***@acme.example is taken");
    EXPECT_THAT(text_line(event), Not(HasSubstr("ada")));
}

TEST(ReportLogTest, ChangesAreToldById)
{
    auto const report = samples::apply_with_every_outcome();
    for (auto const& [index, receipt] : report.applied.results) {
        auto const event = change_event(report.plan->drift[index], receipt);
        auto const line = parsed(event);
        EXPECT_EQ(line.at("outcome").as_string(), name_of(receipt.outcome));
        EXPECT_EQ(line.at("tenant").as_string(),
                  tenant_of(*report.plan->drift[index].change).str());
        EXPECT_EQ(event.severity,
                  receipt.outcome == models::Outcome::Failed ? Severity::Warning : Severity::Info);
        for (auto const* personal : {"Acme", "Ada", "ada@", "bob@"})
            EXPECT_THAT(json::serialize(line), Not(HasSubstr(personal)));
    }
}

TEST(ReportLogTest, TheSummaryCountsWhatBecameOfTheChanges)
{
    auto const line = parsed(summary_event(samples::apply_with_every_outcome()));
    EXPECT_EQ(line.at("severity"), "WARNING");
    EXPECT_EQ(line.at("outcome"), "partial");
    EXPECT_EQ(line.at("exit_code"), 4);
    EXPECT_EQ(line.at("applied"), 4);
    EXPECT_EQ(line.at("failed"), 1);
    EXPECT_EQ(line.at("transactions"), 6);
    EXPECT_EQ(parsed(summary_event(samples::plan_in_sync())).at("severity"), "INFO");
    EXPECT_EQ(parsed(summary_event(samples::without_connection())).at("severity"), "ERROR");
}

}  // namespace
}  // namespace tracking::job
