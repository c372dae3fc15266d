#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace tracking::testing {

namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char const* kNowhere = "host=127.0.0.1 port=1 dbname=nowhere";

std::string content_of(fs::path const& file)
{
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The value of a sample; what is between name and value has to hold every one of `labels`.
std::string sample(std::string const& exposition, std::string const& name,
                   std::vector<std::string> const& labels)
{
    std::size_t at = 0;
    while ((at = exposition.find("\n" + name + "{", at)) != exposition.npos) {
        auto const end = exposition.find('\n', ++at);
        auto const line = exposition.substr(at, end - at);
        bool const fits = std::ranges::all_of(
            labels, [&](auto const& label) { return line.find(label) != line.npos; });
        if (fits)
            return line.substr(line.rfind(' ') + 1);
    }
    return "none";
}

class MetricsTest : public JobTest
{
protected:
    MetricsTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    std::string apply_metric(std::string const& name,
                             std::vector<std::string> const& labels = {"mode=\"apply\""}) const
    {
        return sample(gateway.metrics(), "customer_reconcile_" + name, labels);
    }

    Ended pushing(std::vector<std::string> const& arguments,
                  std::map<std::string, std::string> environment = {}) const
    {
        environment.try_emplace("CUSTOMER_RECONCILE_METRICS_PUSHGATEWAY",
                                "http://" + gateway.address());
        return job(arguments, environment);
    }

    Ended push_to(std::string const& url, std::vector<std::string> arguments = {}) const
    {
        arguments.insert(arguments.begin(), {"plan", "--format=json"});
        return job(arguments, {{"CUSTOMER_RECONCILE_METRICS_PUSHGATEWAY", url}});
    }

    static std::string warnings_of(Ended const& ended)
    {
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return boost::json::serialize(parsed(ended).at("warnings"));
    }

    Pushgateway gateway;
    TemporaryFolder folder;
};

TEST_P(MetricsTest, SuccessIsPushed)
{
    auto const ended = pushing({"apply", "--yes", "--format=json"});
    EXPECT_EQ(warnings_of(ended), "[]");
    EXPECT_EQ(apply_metric("last_run_success"), "1");
    EXPECT_EQ(apply_metric("drift", {"mode=\"apply\"", "kind=\"missing\""}), "1");
    EXPECT_EQ(apply_metric("drift_remaining", {"mode=\"apply\"", "kind=\"missing\""}), "0");
    EXPECT_EQ(apply_metric("last_run_changes",
                           {"object=\"contact\"", "change=\"create\"", "outcome=\"applied\"",
                            "mode=\"apply\"", "job=\"customer-reconcile\""}),
              "1");
    EXPECT_EQ(apply_metric("tracked_customers"), "1");
    EXPECT_NE(apply_metric("last_success_timestamp_seconds"), "none");
    EXPECT_EQ(apply_metric("last_run_success", {"mode=\"plan\""}), "none");
}

TEST_P(MetricsTest, FailureIsPushedAndTheLastSuccessStays)
{
    pushing({"apply", "--yes"});
    auto const last_success = apply_metric("last_success_timestamp_seconds");
    pushing({"apply", "--yes"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", kNowhere}});
    EXPECT_EQ(apply_metric("last_run_success"), "0");
    EXPECT_EQ(apply_metric("last_run_exit_code"), "69");
    EXPECT_EQ(apply_metric("management_tenant_up"), "0");
    EXPECT_EQ(apply_metric("last_success_timestamp_seconds"), last_success);
    EXPECT_EQ(apply_metric("tracked_customers"), "1") << "as last seen";
}

TEST_P(MetricsTest, RefusalIsPushed)
{
    auto const ended =
        pushing({"apply", "--yes", "--guard-create-ratio=0", "--guard-create-floor=0"});
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_EQ(apply_metric("last_run_exit_code"), "3");
    EXPECT_EQ(apply_metric("guard_limit", {"mode=\"apply\"", "kind=\"create\""}), "0");
    EXPECT_EQ(apply_metric("guard_blocked", {"mode=\"apply\"", "kind=\"create\""}), "1");
    EXPECT_EQ(apply_metric("last_success_timestamp_seconds"), "none");
}

TEST_P(MetricsTest, InterruptIsPushed)
{
    EXPECT_EQ(pushing({"apply", "--yes", "--deadline=1ms"}).exit_code, 6);
    EXPECT_EQ(apply_metric("last_run_exit_code"), "6");
}

TEST_P(MetricsTest, WrongConfigurationIsPushedWhereTheTargetIsKnown)
{
    EXPECT_EQ(pushing({"apply", "--yes", "--batch-size=0"}).exit_code, 78);
    EXPECT_EQ(apply_metric("last_run_exit_code"), "78");
}

TEST_P(MetricsTest, DryRunLooksLikeAPlanAndNotLikeAnApply)
{
    EXPECT_EQ(pushing({"apply", "--dry-run"}).exit_code, 0);
    EXPECT_EQ(apply_metric("last_run_success"), "none");
    EXPECT_EQ(apply_metric("last_run_success", {"mode=\"plan\""}), "1");
}

TEST_P(MetricsTest, OtherCommandsPushNothing)
{
    EXPECT_EQ(pushing({"explain", "Acme"}).exit_code, 0);
    auto const examined = pushing({"doctor"});
    EXPECT_EQ(examined.exit_code, 0) << examined.out;
    EXPECT_THAT(examined.out, HasSubstr("pass  pushgateway        ready"));
    EXPECT_THAT(gateway.metrics(), Not(HasSubstr("customer_reconcile_")));
}

TEST_P(MetricsTest, ProxiesAreIgnored)
{
    auto const ended = pushing({"plan", "--format=json"}, {{"http_proxy", "http://127.0.0.1:1"},
                                                           {"HTTP_PROXY", "http://127.0.0.1:1"},
                                                           {"ALL_PROXY", "http://127.0.0.1:1"}});
    EXPECT_EQ(warnings_of(ended), "[]");
}

TEST_P(MetricsTest, AnUnreachableGatewayIsAWarningAndNoFailure)
{
    auto const ended = push_to("http://127.0.0.1:1/base");
    EXPECT_THAT(warnings_of(ended), HasSubstr("http://127.0.0.1:1/base: Connection refused"));
    EXPECT_THAT(ended.err, HasSubstr("the metrics did not get to"));
    auto const examined = job({"doctor", "--metrics-pushgateway=http://127.0.0.1:1",
                               "--metrics-textfile=/nowhere/job.prom"});
    EXPECT_THAT(examined.out, AllOf(HasSubstr("warn  pushgateway        Connection refused"),
                                    HasSubstr("warn  textfile           /nowhere")));
}

TEST_P(MetricsTest, AServerThatNeverAnswersIsGivenUp)
{
    ScriptedServer const silent{""};
    EXPECT_THAT(warnings_of(push_to("http://" + silent.address(), {"--metrics-timeout=300ms"})),
                HasSubstr("no answer within 300 ms"));
}

TEST_P(MetricsTest, AServerThatGoesOnForeverIsGivenUp)
{
    ScriptedServer const dripping{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                  "1\r\nx\r\n"};
    EXPECT_THAT(warnings_of(push_to("http://" + dripping.address(), {"--metrics-timeout=300ms"})),
                HasSubstr("no answer within 300 ms"));
}

TEST_P(MetricsTest, AServerThatAcceptsAndStartsNoTlsIsGivenUp)
{
    ScriptedServer const silent{""};
    EXPECT_THAT(warnings_of(push_to("https://" + silent.address(), {"--metrics-timeout=300ms"})),
                HasSubstr("no answer within 300 ms"));
}

TEST_P(MetricsTest, RefusalsOfTheServerAreToldWithTheirFirstLine)
{
    ScriptedServer const busy{
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 17\r\n\r\nno space\nsecret\n.."};
    auto const warnings = warnings_of(push_to("http://user:hush@" + busy.address() + "/base"));
    EXPECT_THAT(warnings, HasSubstr("the answer is 503 Service Unavailable: no space"));
    EXPECT_THAT(warnings, AllOf(Not(HasSubstr("secret")), Not(HasSubstr("hush"))));
    EXPECT_THAT(busy.request(),
                AllOf(HasSubstr("POST /base/metrics/job/customer-reconcile/mode/plan HTTP/1.1"),
                      HasSubstr("Authorization: Basic dXNlcjpodXNo")));
}

// A good run of one environment resolved the alerts of another.
TEST_P(MetricsTest, EnvironmentsNeverShareASeries)
{
    for (auto const* environment : {"production", "staging/eu"})
        ASSERT_EQ(
            push_to("http://" + gateway.address(), {std::string{"--environment="} + environment})
                .exit_code,
            0);
    for (auto const* environment : {"production", "staging/eu"})
        EXPECT_THAT(gateway.metrics(), ::testing::ContainsRegex(
                                           std::string{"customer_reconcile_tenants.*instance=\""} +
                                           environment + "\"[^\n]*mode=\"plan\""));
}

TEST_P(MetricsTest, RedirectsAreNotFollowed)
{
    ScriptedServer const other{"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://" +
                               gateway.address() + "/\r\n\r\n"};
    EXPECT_THAT(warnings_of(push_to("http://" + other.address())), HasSubstr("302 Found"));
    EXPECT_THAT(gateway.metrics(), Not(HasSubstr("customer_reconcile_")));
}

// TLS and passwords

/// A certificate authority of its own and a Pushgateway that shows its certificate and asks for a
/// password.
class SafeMetricsTest : public MetricsTest
{
protected:
    void SetUp() override
    {
        make_certificates(folder.path());
        // The bcrypt hash of "hush", with the fewest rounds that are allowed.
        write("web.yml",
              "tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n"
              "basic_auth_users:\n"
              "  job: $2b$04$abcdefghijklmnopqrstuuppZFpU9n.F.R29ic//YRPBUgRHbgy9m\n");
        write("password", "hush\n");
        safe.emplace(std::vector{"--web.config.file=" + file("web.yml")});
    }

    std::string file(std::string const& name) const { return (folder.path() / name).string(); }

    void write(std::string const& name, std::string const& text) const
    {
        std::ofstream{folder.path() / name} << text;
    }

    std::string url(std::string const& host) const
    {
        auto const address = safe->address();
        return "https://" + host + address.substr(address.find(':'));
    }

    std::vector<std::string> trusting() const
    {
        return {"--metrics-pushgateway-user=job",
                "--metrics-pushgateway-password-file=" + file("password"),
                "--metrics-pushgateway-ca-file=" + file("ca.crt")};
    }

    std::optional<Pushgateway> safe;
};

TEST_P(SafeMetricsTest, TheRightNamePasswordAndAuthorityLetThePushThrough)
{
    EXPECT_EQ(warnings_of(push_to(url("localhost"), trusting())), "[]");
}

TEST_P(SafeMetricsTest, AWrongPasswordIsTold)
{
    write("password", "wrong\n");
    EXPECT_THAT(warnings_of(push_to(url("localhost"), trusting())),
                AllOf(HasSubstr("401 Unauthorized"), Not(HasSubstr("wrong"))));
}

TEST_P(SafeMetricsTest, ACertificateOfAnotherNameIsRefused)
{
    EXPECT_THAT(warnings_of(push_to(url("127.0.0.1"), trusting())),
                HasSubstr("certificate verify failed"));
}

TEST_P(SafeMetricsTest, ACertificateOfAnUnknownAuthorityIsRefused)
{
    auto options = trusting();
    options.pop_back();
    EXPECT_THAT(warnings_of(push_to(url("localhost"), options)),
                HasSubstr("certificate verify failed"));
}

// Textfile

TEST_P(MetricsTest, TheTextfileIsReplacedAndRemembersTheLastSuccess)
{
    auto const file = folder.path() / "job.prom";
    auto const option = "--metrics-textfile=" + file.string();
    auto const mask = umask(077);
    EXPECT_EQ(job({"apply", "--yes", option}).exit_code, 0);
    umask(mask);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms{0644}) << "node_exporter is another user";
    auto const name = std::string{"customer_reconcile_last_success_timestamp_seconds"};
    auto const good = content_of(file);
    job({"apply", "--yes", option}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", kNowhere}});
    auto const bad = content_of(file);
    EXPECT_EQ(sample(bad, "customer_reconcile_last_run_success", {}), "0");
    EXPECT_NE(sample(bad, name, {}), "none");
    EXPECT_EQ(sample(bad, name, {}), sample(good, name, {}));
    EXPECT_EQ(sample(bad, "customer_reconcile_drift", {}), "none") << "nothing was read";
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, {}), 1);
}

TEST_P(MetricsTest, NoPhaseAppearsThatOtherRunsDoNotKnow)
{
    auto const file = folder.path() / "job.prom";
    auto const phases_of = [&](std::vector<std::string> arguments) {
        arguments.push_back("--metrics-textfile=" + file.string());
        job(arguments);
        auto const text = content_of(file);
        std::string const sample = "\ncustomer_reconcile_last_run_phase_duration_seconds{";
        int count = 0;
        for (auto at = text.find(sample); at != text.npos; at = text.find(sample, at + 1))
            ++count;
        return count;
    };
    auto const all = phases_of({"plan", "--batch-size=0"});
    EXPECT_GT(all, 5);
    EXPECT_EQ(phases_of({"plan", "--rehearse"}), all);
    EXPECT_EQ(phases_of({"apply", "--yes"}), all);
}

TEST_P(MetricsTest, ATextfileThatCannotBeWrittenIsAWarning)
{
    auto const ended = job({"plan", "--format=json", "--metrics-textfile=/nowhere/job.prom"});
    EXPECT_THAT(warnings_of(ended), HasSubstr("/nowhere/job.prom: No such file or directory"));
}

TEST_BOTH_GENERATIONS(MetricsTest);
// The schema makes no difference here.
INSTANTIATE_TEST_SUITE_P(One, SafeMetricsTest, ::testing::Values(Generation::Clients), name_of);

}  // namespace

}  // namespace tracking::testing
