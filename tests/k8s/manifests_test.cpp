// What the manifests promise, held against the program: exit codes, deadlines, configuration,
// names.

#include "tests/k8s/manifests.hpp"

#include "config/settings/setting.hpp"
#include "config/sources/command_line.hpp"
#include "config/sources/load.hpp"
#include "job/process/ending.hpp"
#include "tests/support/loading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>

namespace tracking::testing {
namespace {

using namespace ::testing;
using job::Ending;

/// How the nightly Job is to take an exit code. Each Ending is named: a new one fails to compile.
enum class Verdict
{
    Success,
    TryAgain,
    GiveUp,
    CannotHappen
};

Verdict verdict_on(Ending outcome)
{
    switch (outcome) {
        case Ending::Ok:
            return Verdict::Success;
        case Ending::Failed:
        case Ending::Interrupted:
        case Ending::Unavailable:
        case Ending::Busy:
            return Verdict::TryAgain;
        case Ending::Refused:
        case Ending::Partial:
        case Ending::Stale:
        case Ending::Usage:
        case Ending::Data:
        case Ending::Denied:
        case Ending::Config:
            return Verdict::GiveUp;
        case Ending::Drift:
            return Verdict::CannotHappen;  // only `plan --detailed-exitcode` ends so
    }
    return Verdict::CannotHappen;
}

/// All exit codes that have a name of their own.
std::set<int> codes_to(Verdict verdict)
{
    std::set<int> codes;
    for (int code = 0; code < 256; ++code) {
        auto const outcome = static_cast<Ending>(code);
        if ((job::name_of(outcome) != "failed" || outcome == Ending::Failed) &&
            verdict_on(outcome) == verdict)
            codes.insert(code);
    }
    return codes;
}

std::map<std::string, std::string> environment_of(YAML::Node const& container)
{
    std::map<std::string, std::string> environment;
    for (auto const& variable : container["env"])
        environment[variable["name"].as<std::string>()] = variable["value"].as<std::string>("");
    return environment;
}

/// The namespace, where the cluster gives it to the container as a variable of that name.
bool is_namespace(YAML::Node const& container, std::string const& name)
{
    for (auto const& variable : container["env"])
        if (variable["name"].as<std::string>() == name)
            return variable["valueFrom"]["fieldRef"]["fieldPath"].as<std::string>("") ==
                   "metadata.namespace";
    return false;
}

/// Where a container mounts the pod's volume of that kind (`secret`, `configMap`, `emptyDir`).
std::string mount_of(YAML::Node const& pod, std::string const& kind)
{
    for (auto const& volume : pod["volumes"])
        if (volume[kind])
            for (auto const& mount : pod["containers"][0]["volumeMounts"])
                if (mount["name"].as<std::string>() == volume["name"].as<std::string>())
                    return mount["mountPath"].as<std::string>();
    return "";
}

class ManifestsTest : public TestWithParam<char const*>
{
protected:
    static std::filesystem::path rendered(std::string const& name)
    {
        return std::filesystem::path{RENDERED_DIRECTORY} / (name + ".yaml");
    }

    void SetUp() override
    {
        if (!std::filesystem::exists(rendered(GetParam())))
            GTEST_SKIP() << "not rendered: the test k8s_manifests says why";
        manifests.emplace(rendered(GetParam()));
    }

    /// The configuration as the nightly pod sees it, but for the password, which is not here.
    config::Config effective() const
    {
        auto const file = std::filesystem::path{RENDERED_DIRECTORY} /
                          fmt_name(UnitTest::GetInstance()->current_test_info()->name());
        std::ofstream{file} << manifests->configuration();
        auto environment = environment_of(
            manifests->nightly()["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]);
        environment.erase("CUSTOMER_RECONCILE_CONFIG");
        environment.erase("CUSTOMER_RECONCILE_SOURCE_PASSWORD_FILE");
        return config::load({.file = file, .environment = environment, .flags = {}}).config;
    }

    std::optional<Manifests> manifests;

private:
    static std::string fmt_name(std::string name)
    {
        std::ranges::replace(name, '/', '-');
        return name + ".yaml";
    }
};

INSTANTIATE_TEST_SUITE_P(, ManifestsTest, Values("base", "staging", "production"),
                         [](auto const& overlay) { return std::string{overlay.param}; });

TEST_P(ManifestsTest, JobsGiveUpWhereAnotherTryWouldNotHelpAndOnlyThere)
{
    std::vector<YAML::Node> specs{manifests->nightly()["jobTemplate"]["spec"]};
    for (auto const& job : manifests->of_kind("Job"))
        specs.push_back(job["spec"]);
    for (auto const& spec : specs) {
        auto const rules = spec["podFailurePolicy"]["rules"];
        ASSERT_EQ(rules.size(), 2);
        EXPECT_EQ(rules[0]["action"].as<std::string>(), "Ignore");
        EXPECT_EQ(rules[0]["onPodConditions"][0]["type"].as<std::string>(), "DisruptionTarget");
        EXPECT_EQ(rules[1]["action"].as<std::string>(), "FailJob");
        auto const codes = rules[1]["onExitCodes"];
        EXPECT_EQ(codes["containerName"].as<std::string>(),
                  spec["template"]["spec"]["containers"][0]["name"].as<std::string>());
        EXPECT_EQ(codes["operator"].as<std::string>(), "In");
        auto const values = codes["values"].as<std::vector<int>>();
        EXPECT_EQ(std::set<int>(values.begin(), values.end()), codes_to(Verdict::GiveUp));
    }
}

/// The service of a machine without a cluster gives up after the same codes.
TEST(ServiceTest, GivesUpWhereAnotherTryWouldNotHelpAndOnlyThere)
{
    std::istringstream service{text_of(std::filesystem::path{K8S_DIRECTORY} /
                                       "../job/install/customer-reconcile.service")};
    std::set<int> codes;
    for (std::string line; std::getline(service, line);) {
        constexpr std::string_view kKey = "RestartPreventExitStatus=";
        if (!line.starts_with(kKey))
            continue;
        std::istringstream values{line.substr(kKey.size())};
        codes.insert(std::istream_iterator<int>{values}, {});
    }
    EXPECT_EQ(codes, codes_to(Verdict::GiveUp));
}

TEST_P(ManifestsTest, AllTriesFitIntoTheJobsDeadlineAndAllOfItIntoADay)
{
    auto const nightly = manifests->nightly();
    auto const spec = nightly["jobTemplate"]["spec"];
    auto const deadline = std::chrono::floor<std::chrono::seconds>(effective().deadline).count();
    auto const grace = spec["template"]["spec"]["terminationGracePeriodSeconds"].as<long>();
    auto const retries = spec["backoffLimit"].as<long>();
    auto const limit = spec["activeDeadlineSeconds"].as<long>();
    auto const waiting = 10 * ((1L << retries) - 1);  // 10 s, doubled each time
    ASSERT_GT(deadline, 0);
    EXPECT_GT(limit, (retries + 1) * (deadline + grace) + waiting);
    EXPECT_LT(nightly["startingDeadlineSeconds"].as<long>() + limit, 24 * 3600);
}

TEST_P(ManifestsTest, TheTimeToEndIsLongerThanAStatementsWaitForALockAndThePushAndTheNews)
{
    auto const config = effective();
    auto const spec = manifests->nightly()["jobTemplate"]["spec"]["template"]["spec"];
    EXPECT_GT(std::chrono::seconds{spec["terminationGracePeriodSeconds"].as<long>()},
              config.lock_timeout + config.connect_timeout + config.metrics.timeout +
                  config.notify.timeout);
}

TEST_P(ManifestsTest, ConfigurationIsTheFileInTheRepositoryAndValid)
{
    auto const folder =
        std::filesystem::path{K8S_DIRECTORY} /
        (GetParam() == std::string{"base"} ? "base" : "overlays/" + std::string{GetParam()});
    EXPECT_EQ(manifests->configuration(), text_of(folder / "customer-reconcile.yaml"));
    EXPECT_NO_THROW(effective());
}

TEST_P(ManifestsTest, EnvironmentHoldsOnlyNamesThatTheProgramOrLibpqKnows)
{
    std::set<std::string> known{"CUSTOMER_RECONCILE_CONFIG", "PGUSER"};
    for (auto const& setting : config::settings()) {
        known.insert(setting.variable());
        known.insert(setting.aliases.begin(), setting.aliases.end());
    }
    for (auto const& pod : manifests->pod_templates())
        for (auto const& [name, value] : environment_of(pod["spec"]["containers"][0]))
            EXPECT_THAT(known, Contains(name));
}

TEST_P(ManifestsTest, ArgumentsAreACommandLine)
{
    for (auto const& pod : manifests->pod_templates()) {
        auto const container = pod["spec"]["containers"][0];
        if (container["command"])
            continue;  // the shell sleeps
        auto const line = config::parse_command_line(texts(container["args"]));
        EXPECT_THAT(line.words, ElementsAre(AnyOf("apply", "plan", "init")));
    }
}

TEST_P(ManifestsTest, FilesAreWhereVolumesAreMounted)
{
    auto const config = effective();
    for (auto const& pod : manifests->pod_templates()) {
        auto const spec = pod["spec"];
        auto const environment = environment_of(spec["containers"][0]);
        EXPECT_EQ(environment.at("CUSTOMER_RECONCILE_CONFIG"),
                  mount_of(spec, "configMap") + "/customer-reconcile.yaml");
        EXPECT_EQ(environment.at("CUSTOMER_RECONCILE_SOURCE_PASSWORD_FILE"),
                  mount_of(spec, "secret") + "/password");
        EXPECT_THAT(config.source.dsn,
                    HasSubstr("sslrootcert=" + mount_of(spec, "secret") + "/ca.crt"));
    }
    auto const nightly = manifests->nightly()["jobTemplate"]["spec"]["template"]["spec"];
    ASSERT_FALSE(config.report.empty());
    auto const kept = mount_of(nightly, "persistentVolumeClaim");
    for (auto const& report : config.report)
        EXPECT_EQ(report.parent_path(), kept.empty() ? mount_of(nightly, "emptyDir") : kept);
    EXPECT_EQ(!kept.empty(), GetParam() != std::string{"base"}) << "a report that nobody can read";
}

// What a person applies in the shell is remembered like a night, so it is told like one.
TEST_P(ManifestsTest, TheChatsUrlIsAFileOfThePodsThatApply)
{
    if (GetParam() != std::string{"production"})
        return;  // only production has the component
    for (auto const& name : {"customer-reconcile", "customer-reconcile-shell"}) {
        auto const spec = manifests->named("CronJob", name)["spec"]["jobTemplate"]["spec"];
        auto const pod = spec["template"]["spec"];
        std::map<std::string, std::string> mounts;
        for (auto const& one : pod["containers"][0]["volumeMounts"])
            mounts[one["name"].as<std::string>()] = one["mountPath"].as<std::string>();
        EXPECT_EQ(environment_of(pod["containers"][0]).at("CUSTOMER_RECONCILE_NOTIFY_URL_FILE"),
                  mounts.at("notify") + "/webhook");
        for (auto const& volume : pod["volumes"]) {
            if (volume["name"].as<std::string>() != "notify")
                continue;
            EXPECT_EQ(volume["secret"]["defaultMode"].as<int>(), 0440);
            EXPECT_TRUE(volume["secret"]["optional"].as<bool>()) << "or no pod would start";
        }
    }
    auto const others = manifests->named("CronJob", "customer-reconcile-report");
    auto const container = others["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"];
    EXPECT_THAT(environment_of(container[0]),
                Not(Contains(Key("CUSTOMER_RECONCILE_NOTIFY_URL_FILE"))));
}

// A good run of one environment resolved the alerts of the other.
TEST_P(ManifestsTest, EachEnvironmentHasMetricsOfItsOwn)
{
    for (auto const& name : {"customer-reconcile", "customer-reconcile-report"}) {
        auto const cron = manifests->named("CronJob", name);
        auto const spec = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"];
        EXPECT_TRUE(is_namespace(spec["containers"][0], "CUSTOMER_RECONCILE_ENVIRONMENT"));
    }
}

// Staging's policy let nothing through to staging's database.
TEST_P(ManifestsTest, TheNetworkPolicyNamesTheDatabasesNamespace)
{
    auto const& dsn = effective().source.dsn;
    auto const host = dsn.substr(dsn.find("host=") + 5, dsn.find(' ') - dsn.find("host=") - 5);
    if (!host.ends_with(".svc"))
        return;  // outside of the cluster: an address that no name tells
    auto const service = host.substr(0, host.size() - 4);
    auto const allowed = manifests->named("NetworkPolicy", "customer-reconcile")["spec"]["egress"];
    EXPECT_EQ(allowed[0]["to"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
                  .as<std::string>(),
              service.substr(service.find('.') + 1));
}

/// What runs before the nightly run, run here by a real shell.
TEST_P(ManifestsTest, ReportsOfFormerNightsKeepTheirTimeAndGoAfterThirtyDays)
{
    auto const before =
        manifests->nightly()["jobTemplate"]["spec"]["template"]["spec"]["initContainers"];
    ASSERT_EQ(before.IsDefined(), GetParam() != std::string{"base"});
    if (!before)
        return;
    namespace fs = std::filesystem;
    auto const folder = fs::path{TempDir()} / ("reports-" + std::string{GetParam()});
    fs::remove_all(folder);
    fs::create_directories(folder);
    auto script = texts(before[0]["command"]).at(2);
    script.replace(script.find("/reports"), 8, folder.string());
    auto const file = folder.string() + ".sh";
    std::ofstream{file} << script;
    auto const shell = [&](std::string const& text) {
        return std::system(("cd '" + folder.string() + "' && " + text).c_str());
    };
    ASSERT_EQ(shell("touch --date='2026-11-27 02:31:05 UTC' report.html report.json && "
                    "touch --date='32 days ago' 2026-01-01T023000Z.html && touch plan.json"),
              0);
    for (int night = 0; night < 2; ++night)  // the second finds nothing to rename
        ASSERT_EQ(shell("TZ=Asia/Kolkata sh -e " + file), 0);
    std::set<std::string> left;
    for (auto const& entry : fs::directory_iterator{folder})
        left.insert(entry.path().filename().string());
    fs::remove_all(folder);
    fs::remove(file);
    EXPECT_THAT(left,
                ElementsAre("2026-11-27T023105Z.html", "2026-11-27T023105Z.json", "plan.json"));
}

TEST_P(ManifestsTest, PodsAreRestricted)
{
    for (auto const& pod : manifests->pod_templates()) {
        auto const spec = pod["spec"];
        EXPECT_FALSE(spec["automountServiceAccountToken"].as<bool>());
        EXPECT_EQ(spec["restartPolicy"].as<std::string>(), "Never");
        auto const context = spec["securityContext"];
        EXPECT_TRUE(context["runAsNonRoot"].as<bool>());
        EXPECT_EQ(context["seccompProfile"]["type"].as<std::string>(), "RuntimeDefault");
        EXPECT_THAT(text_of(std::filesystem::path{K8S_DIRECTORY} / "Dockerfile"),
                    HasSubstr("\nUSER " + context["runAsUser"].as<std::string>() + ":" +
                              context["runAsGroup"].as<std::string>() + "\n"));
        auto const container = spec["containers"][0];
        EXPECT_FALSE(container["securityContext"]["allowPrivilegeEscalation"].as<bool>());
        EXPECT_TRUE(container["securityContext"]["readOnlyRootFilesystem"].as<bool>());
        EXPECT_THAT(texts(container["securityContext"]["capabilities"]["drop"]),
                    ElementsAre("ALL"));
        EXPECT_TRUE(container["resources"]["limits"]["memory"]);
        EXPECT_TRUE(container["resources"]["requests"]["cpu"]);
    }
    EXPECT_EQ(manifests->of_kind("Namespace")
                  .at(0)["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
                  .as<std::string>(),
              "restricted");
}

TEST_P(ManifestsTest, NetworkReachesNamesTheDatabaseThePushgatewayAndTheChatAndNothingElse)
{
    auto const config = effective();
    std::set<std::string> open;
    for (auto const& policy : manifests->of_kind("NetworkPolicy")) {
        EXPECT_FALSE(policy["spec"]["ingress"]);
        auto const selected = policy["spec"]["podSelector"]["matchLabels"];
        for (auto const& pod : manifests->pod_templates())
            EXPECT_EQ(pod["metadata"]["labels"]["app.kubernetes.io/name"].as<std::string>(),
                      selected["app.kubernetes.io/name"].as<std::string>());
        for (auto const& rule : policy["spec"]["egress"]) {
            EXPECT_GT(rule["to"].size(), 0) << "to anywhere";
            for (auto const& port : rule["ports"])
                open.insert(port["port"].as<std::string>());
        }
    }
    EXPECT_THAT(
        texts(manifests->named("NetworkPolicy", "customer-reconcile")["spec"]["policyTypes"]),
        UnorderedElementsAre("Ingress", "Egress"));
    auto const& dsn = config.source.dsn;
    auto const database = dsn.substr(dsn.find("port=") + 5, 4);
    EXPECT_THAT(open, Contains("53"));
    EXPECT_THAT(open, Contains(database));
    open.erase("53");
    open.erase("5432");
    open.erase("6432");
    EXPECT_EQ(open.erase("443"), config.notify.url_file.empty() ? 0U : 1U);
    auto const& gateway = config.metrics.pushgateway;
    if (gateway.empty())
        EXPECT_THAT(open, IsEmpty());
    else
        EXPECT_THAT(open, ElementsAre(gateway.substr(gateway.rfind(':') + 1)));
}

TEST_P(ManifestsTest, OnlyTheNightlyAndTheFrequentRunsStartByThemselvesAndNeverTwiceAtOnce)
{
    for (auto const& cron : manifests->of_kind("CronJob")) {
        auto const spec = cron["spec"];
        auto const name = cron["metadata"]["name"].as<std::string>();
        EXPECT_NE(spec["suspend"].as<bool>(false),
                  name == "customer-reconcile" || name == "customer-reconcile-frequent");
        EXPECT_EQ(spec["concurrencyPolicy"].as<std::string>(), "Forbid");
        EXPECT_EQ(spec["timeZone"].as<std::string>(), "Etc/UTC");
    }
}

// A good run in the afternoon would hide a bad one of the night.
TEST_P(ManifestsTest, TheFrequentRunsOnlyCreateEndBeforeTheNextAndPushNoMetrics)
{
    if (GetParam() != std::string{"staging"})
        return;  // only staging has the component
    auto const spec = manifests->named("CronJob", "customer-reconcile-frequent")["spec"];
    auto const job = spec["jobTemplate"]["spec"];
    auto const container = job["template"]["spec"]["containers"][0];
    EXPECT_EQ(spec["schedule"].as<std::string>(), "*/5 * * * *");
    EXPECT_LT(job["activeDeadlineSeconds"].as<long>(), 5 * 60);
    EXPECT_EQ(job["backoffLimit"].as<long>(), 0);
    EXPECT_THAT(environment_of(container),
                Not(Contains(Key("CUSTOMER_RECONCILE_METRICS_PUSHGATEWAY"))));

    auto const line = config::parse_command_line(texts(container["args"]));
    auto const config =
        config::load({.file = {},
                      .environment = {{"CUSTOMER_RECONCILE_SOURCE_DSN", "host=here dbname=server"}},
                      .flags = line.settings})
            .config;
    EXPECT_EQ(config.policy.reach, reconcile::ChangePolicy::CreateOnly);
    EXPECT_FALSE(config.journal_notes_drift);  // or no night would find anything new
    EXPECT_TRUE(config.reads_gently);          // tenants are created beside it
    EXPECT_EQ(config.lease_wait, std::chrono::minutes{2});
    EXPECT_LT(config.deadline, std::chrono::seconds{job["activeDeadlineSeconds"].as<long>()});
}

}  // namespace
}  // namespace tracking::testing
