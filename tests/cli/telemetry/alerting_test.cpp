// From a run of the job to an alert, with a real Pushgateway, a real Prometheus, and the real
// rules.

#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <chrono>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

namespace tracking::testing {
namespace {

using namespace ::testing;
using namespace std::chrono_literals;
namespace json = boost::json;

std::string text_of(std::string const& file)
{
    std::ifstream stream{std::string{MONITORING_DIRECTORY "/"} + file};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// The inside of the PrometheusRule, taken out as rules.yaml says. `for` is one second: a test
/// cannot wait for a quarter of an hour.
std::string hasty_rules()
{
    auto const manifest = text_of("rules.yaml");
    auto const groups = manifest.substr(manifest.find("\nspec:\n") + 7);
    return std::regex_replace(std::regex_replace(groups, std::regex{"(^|\n)  "}, "$1"),
                              std::regex{"\n( +)for: [0-9a-z]+"}, "\n$1for: 1s");
}

/// Prometheus that scrapes the Pushgateway and evaluates the rules every second.
class Prometheus
{
public:
    explicit Prometheus(std::string const& pushgateway)
    {
        std::ofstream{folder_.path() / "rules.yaml"} << hasty_rules();
        std::ofstream{folder_.path() / "prometheus.yaml"}
            << "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
               "rule_files: [rules.yaml]\n"
               "scrape_configs:\n"
               "  - job_name: pushgateway\n"
               "    honor_labels: true\n"
               "    static_configs: [{targets: ['"
            << pushgateway << "']}]\n";
        server_.emplace(std::vector<std::string>{
            "prometheus", "--config.file=" + (folder_.path() / "prometheus.yaml").string(),
            "--storage.tsdb.path=" + (folder_.path() / "data").string(), "--log.level=error"});
    }

    json::value api(std::string const& path) const
    {
        auto const answer = server_->get("/api/v1/" + path);
        return json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).at("data");
    }

    /// The firing alert of that name; null where there is none.
    json::value firing(std::string const& name) const
    {
        auto const data = api("alerts");
        for (auto const& alert : data.at("alerts").as_array())
            if (alert.at("labels").at("alertname").as_string() == name &&
                alert.at("state") == "firing")
                return alert;
        return nullptr;
    }

    bool waits_until(auto const& condition) const
    {
        for (auto const end = std::chrono::steady_clock::now() + 90s;
             std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(100ms))
            if (condition())
                return true;
        return false;
    }

private:
    TemporaryFolder folder_;
    std::optional<ServerProcess> server_;
};

/// The names of metrics in a text, without those that end a longer name.
std::set<std::string> metrics_in(std::string const& text)
{
    static std::regex const name{"\\bcustomer_reconcile_[a-z_]+"};
    std::set<std::string> names;
    for (std::sregex_iterator found{text.begin(), text.end(), name}, end; found != end; ++found)
        names.insert(found->str());
    return names;
}

class AlertingTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        ASSERT_EQ(init().exit_code, 0);
    }

    std::map<std::string, std::string> pushing() const
    {
        return {{"CUSTOMER_RECONCILE_METRICS_PUSHGATEWAY", "http://" + gateway.address()}};
    }

    Pushgateway gateway;
};

TEST_P(AlertingTest, AFailingRunMakesItsAlertFireAndTheNextGoodRunResolvesIt)
{
    auto const* const name = "CustomerReconcileManagementTenantUnreachable";
    Prometheus const prometheus{gateway.address()};

    auto broken = pushing();
    broken["NINEMINDS_TENANT_ID"] = "00000000-0000-4000-8000-00000000dead";
    ASSERT_EQ(apply(broken).exit_code, 65);
    ASSERT_TRUE(prometheus.waits_until([&] { return !prometheus.firing(name).is_null(); }));
    auto const alert = prometheus.firing(name);
    EXPECT_EQ(alert.at("labels").at("severity"), "critical");
    EXPECT_EQ(alert.at("labels").at("job"), "customer-reconcile");
    EXPECT_EQ(alert.at("labels").at("mode"), "apply");
    EXPECT_EQ(alert.at("annotations").at("summary"),
              "The last run could not reach the management tenant.");

    ASSERT_EQ(apply(pushing()).exit_code, 0);
    EXPECT_TRUE(prometheus.waits_until([&] { return prometheus.firing(name).is_null(); }));
}

TEST_P(AlertingTest, EveryRuleIsEvaluatedWithoutAnError)
{
    Prometheus const prometheus{gateway.address()};
    ASSERT_EQ(apply(pushing()).exit_code, 0);
    ASSERT_EQ(job({"plan"}, pushing()).exit_code, 0);
    auto const has_scraped = [&] {
        auto const found = prometheus.api("query?query=customer_reconcile_build_info");
        return found.at("result").as_array().size() == 2;
    };
    ASSERT_TRUE(prometheus.waits_until(has_scraped));
    std::set<std::string> unhealthy;
    auto const are_evaluated = [&] {
        unhealthy.clear();
        auto const data = prometheus.api("rules");
        for (auto const& group : data.at("groups").as_array())
            for (auto const& rule : group.at("rules").as_array())
                if (rule.at("health") != "ok")
                    unhealthy.emplace(rule.at("name").as_string());
        return unhealthy.empty();
    };
    EXPECT_TRUE(prometheus.waits_until(are_evaluated)) << PrintToString(unhealthy);
}

TEST_P(AlertingTest, RulesAndDashboardNameEveryMetricThatIsPushedAndNoOther)
{
    ASSERT_EQ(apply(pushing()).exit_code, 0);
    auto const pushed = metrics_in(gateway.metrics());
    auto const named = metrics_in(text_of("rules.yaml") + text_of("dashboard.json"));
    EXPECT_THAT(named, ContainerEq(pushed));
}

TEST_P(AlertingTest, ThePushgatewaySaysOfThisJobWhenItPushed)
{
    ASSERT_EQ(apply(pushing()).exit_code, 0);
    for (auto const* name : {"push_time_seconds", "push_failure_time_seconds"}) {
        EXPECT_THAT(text_of("rules.yaml"), HasSubstr(name));
        EXPECT_THAT(gateway.metrics(), ContainsRegex(std::string{name} + "\\{[^}]*" +
                                                     "job=\"customer-reconcile\",mode=\"apply\""));
    }
}

TEST_BOTH_GENERATIONS(AlertingTest);

}  // namespace
}  // namespace tracking::testing
