#include "job/telemetry/metrics.hpp"
#include "job/telemetry/metric_families.hpp"

#include "job/telemetry/metrics_targets.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>

namespace tracking::job {
namespace {

using reconcile::Restraint;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kPrefix = "customer_reconcile_";

std::chrono::sys_seconds at(std::int64_t unix_time)
{
    return std::chrono::sys_seconds{std::chrono::seconds{unix_time}};
}

std::string exposition(Report const& report, Surroundings around = {})
{
    if (around.now == std::chrono::sys_seconds{})
        around.now = at(1'790'000'000);
    return render_metrics(report, around);
}

/// The exposition by sample, without prefix and mode: `drift{kind="missing"}`.
class Samples
{
public:
    explicit Samples(Report const& report, Surroundings around = {})
    {
        std::istringstream lines{exposition(report, std::move(around))};
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with('#'))
                continue;
            auto const space = line.rfind(' ');
            auto name = line.substr(kPrefix.size(), space - kPrefix.size());
            auto const mode = name.find("mode=\"");
            auto const end = name.find('"', mode + 6) + 1;
            mode_ = name.substr(mode + 6, end - mode - 7);
            name.erase(mode, end - mode + (name[end] == ',' ? 1 : 0));
            if (name.ends_with("{}"))
                name.resize(name.size() - 2);
            values_[name] = std::strtod(line.c_str() + space, nullptr);
        }
    }

    double operator[](std::string const& name) const
    {
        EXPECT_TRUE(values_.contains(name)) << name;
        return values_.contains(name) ? values_.at(name) : -1;
    }

    std::set<std::string> families() const
    {
        std::set<std::string> names;
        for (auto const& [name, value] : values_)
            names.insert(name.substr(0, name.find('{')));
        return names;
    }

    bool has(std::string const& family) const { return families().contains(family); }

    double sum(std::string const& family) const
    {
        double total = 0;
        for (auto const& [name, value] : values_)
            total += name.starts_with(family + "{") ? value : 0;
        return total;
    }

    std::string const& mode() const { return mode_; }

private:
    std::map<std::string, double> values_;
    std::string mode_;
};

std::vector<std::string> lines_of(std::string const& family, std::string const& exposition)
{
    std::istringstream lines{exposition};
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(std::string{kPrefix} + family))
            all.push_back(line);
    }
    return all;
}

Report guarded(Report report)
{
    for (auto const& guard : reconcile::kGuardTable)
        report.guards.push_back({.kind = guard.kind, .due = 3, .limit = 100, .base = 400});
    return report;
}

TEST(MetricsTest, ARunThatSawEverythingHasEveryFamily)
{
    auto report = guarded(samples::apply_with_every_outcome());
    report.outcome = Ending::Ok;
    report.has_journal = true;
    std::set<std::string> all;
    for (auto const& family : kMetricFamilies)
        all.emplace(family.name);
    EXPECT_EQ(Samples{report}.families(), all);
}

TEST(MetricsTest, WhatDoesNotOccurIsZeroAndNotAbsent)
{
    Samples const samples{guarded(samples::plan_in_sync())};
    for (auto const kind : reconcile::kDriftKinds) {
        EXPECT_EQ(samples[fmt::format("drift{{kind=\"{}\"}}", name_of(kind))], 0);
        EXPECT_EQ(samples[fmt::format("drift_remaining{{kind=\"{}\"}}", name_of(kind))], 0);
    }
    for (auto const* reason : {"young", "suspended", "excluded", "other_product", "ignored", "off"})
        EXPECT_EQ(samples[fmt::format("left_out{{reason=\"{}\"}}", reason)], 0);
    for (auto const& retry : kRetryTable)
        EXPECT_EQ(samples[fmt::format("last_run_retries{{reason=\"{}\"}}", retry.name)], 0);
    for (auto const& guard : reconcile::kGuardTable)
        EXPECT_EQ(samples[fmt::format("guard_blocked{{kind=\"{}\"}}", guard.name)], 0);
    EXPECT_EQ(samples["last_run_phase_duration_seconds{phase=\"apply\"}"], 0);
    EXPECT_EQ(samples["last_run_changes{change=\"create\",object=\"contact\",outcome=\"failed\"}"],
              0);
    EXPECT_EQ(samples["waived_drift"], 0);
}

TEST(MetricsTest, OnlySuccessMovesTheLastSuccess)
{
    auto report = samples::plan_in_sync();
    for (auto const outcome : {Ending::Ok, Ending::Drift}) {
        report.outcome = outcome;
        EXPECT_EQ(Samples(report)["last_run_success"], 1);
        EXPECT_EQ(Samples(report)["last_success_timestamp_seconds"], 1'790'000'000);
    }
    for (auto const outcome :
         {Ending::Failed, Ending::Refused, Ending::Partial, Ending::Stale, Ending::Interrupted,
          Ending::Data, Ending::Unavailable, Ending::Busy, Ending::Denied, Ending::Config}) {
        report.outcome = outcome;
        EXPECT_EQ(Samples(report)["last_run_success"], 0);
        EXPECT_EQ(Samples(report)["last_run_exit_code"], static_cast<int>(outcome));
        EXPECT_FALSE(Samples(report).has("last_success_timestamp_seconds"));
    }
}

TEST(MetricsTest, WhatWasNotReadIsNotInvented)
{
    Samples const samples{samples::without_connection()};
    for (auto const* family : {"drift", "changed_again", "drift_remaining", "tenants",
                               "tracked_customers", "guard_limit", "guard_blocked", "waived_drift",
                               "drift_new", "left_out", "last_success_timestamp_seconds"})
        EXPECT_FALSE(samples.has(family)) << family;
    EXPECT_EQ(samples["management_tenant_up"], 0);
    EXPECT_EQ(samples["last_run_exit_code"], 69);
    EXPECT_EQ(samples["last_run_transactions"], 0);
    EXPECT_EQ(samples["last_run_timestamp_seconds"], 1'790'000'000);
}

TEST(MetricsTest, WhatIsLeftComesFromTheReadingAfterTheChanges)
{
    auto const report = samples::apply_with_every_outcome();
    Samples const samples{report};
    EXPECT_EQ(samples["drift{kind=\"missing\"}"], 2) << "one more is waived";
    EXPECT_EQ(samples["drift_remaining{kind=\"missing\"}"], 1);
    EXPECT_EQ(samples["management_tenant_up"], 1);
}

TEST(MetricsTest, ARunThatEndedAmidItsChangesDoesNotSayWhatIsLeft)
{
    auto report = samples::apply_with_every_outcome();
    report.residual.reset();
    Samples const samples{report};
    EXPECT_EQ(samples["drift{kind=\"missing\"}"], 2);
    EXPECT_FALSE(samples.has("drift_remaining"));
    EXPECT_FALSE(samples.has("tracked_customers"));
}

TEST(MetricsTest, APlanLeavesWhatItFound)
{
    Samples const samples{samples::plan_with_every_kind()};
    EXPECT_EQ(samples["drift_remaining{kind=\"orphaned\"}"], 3);
    EXPECT_EQ(samples["tenants"], 400);
    EXPECT_EQ(samples["tracked_customers"], 372);
}

TEST(MetricsTest, ARehearsalHasWrittenNothing)
{
    auto report = samples::apply_with_every_outcome();
    report.command = "plan";
    report.is_rehearsed = true;
    report.run.reset();
    report.residual.reset();
    Samples const samples{report};
    EXPECT_EQ(samples.sum("last_run_changes"), 0);
    EXPECT_EQ(samples["last_run_transactions"], 0);
    EXPECT_EQ(samples["drift_remaining{kind=\"missing\"}"], 2);
}

TEST(MetricsTest, WhatIsChangedAgainAndAgainIsCounted)
{
    auto report = samples::plan_with_every_kind();
    EXPECT_EQ(Samples{report}["changed_again"], 0);
    report.plan->drift.at(4).again = 3;
    EXPECT_EQ(Samples{report}["changed_again"], 1);
}

TEST(MetricsTest, WaivedDriftIsCountedApart)
{
    Samples const samples{samples::plan_with_every_kind()};
    EXPECT_EQ(samples["waived_drift"], 2);
    EXPECT_EQ(samples["drift{kind=\"no_admin\"}"], 0);
}

TEST(MetricsTest, NewIsWhatIsLeftAndTheRunBeforeHadNotNoted)
{
    auto report = samples::plan_with_every_kind();
    EXPECT_EQ(Samples{report}.sum("drift_new"), Samples{report}.sum("drift_remaining"))
        << "no run has noted its drift";
    for (auto& drift : report.plan->drift)
        drift.seen = {.runs = 1};
    report.plan->since.emplace();
    EXPECT_EQ(Samples{report}.sum("drift_new"), 0);
    report.plan->drift[0].seen.reset();
    report.plan->drift[2].seen.reset();  // waived
    Samples const samples{report};
    EXPECT_EQ(samples["drift_new{kind=\"missing\"}"], 1);
    EXPECT_EQ(samples.sum("drift_new"), 1);
    for (auto const kind : reconcile::kDriftKinds)
        samples[fmt::format("drift_new{{kind=\"{}\"}}", name_of(kind))];
}

TEST(MetricsTest, WhatIsOnlyCountedIsToldLikeWhatIsListed)
{
    auto report = samples::plan_with_every_kind();
    report.has_journal = true;
    report.plan->since.emplace();
    report.plan->drift[0].seen = {.runs = 1, .age = std::chrono::hours{5}};
    auto const whole = exposition(report);
    reconcile::cut(*report.plan, 0);
    ASSERT_FALSE(report.plan->counted.empty());
    auto const cut = exposition(report);
    for (auto const* family : {"drift_remaining", "drift_new", "waived_drift", "oldest_drift_age",
                               "oldest_missing_tenant_age"})
        EXPECT_EQ(lines_of(family, cut), lines_of(family, whole));
}

TEST(MetricsTest, NewDriftThatTheRunItselfHasRemovedIsNotTold)
{
    auto report = samples::apply_that_converged();
    report.plan->since.emplace();
    report.residual->since.emplace();
    EXPECT_EQ(Samples{report}.sum("drift_new"), 0);
}

TEST(MetricsTest, TenantsThatAreLeftOutAreCountedByReason)
{
    auto report = samples::plan_in_sync();
    auto& counts = report.plan->counts;
    counts.young = 1;
    counts.suspended = 2;
    counts.excluded = 3;
    counts.other_product = 4;
    counts.left_alone = 5;
    counts.unwatched = 6;
    Samples const samples{report};
    EXPECT_EQ(samples["left_out{reason=\"young\"}"], 1);
    EXPECT_EQ(samples["left_out{reason=\"suspended\"}"], 2);
    EXPECT_EQ(samples["left_out{reason=\"excluded\"}"], 3);
    EXPECT_EQ(samples["left_out{reason=\"other_product\"}"], 4);
    EXPECT_EQ(samples["left_out{reason=\"ignored\"}"], 5);
    EXPECT_EQ(samples["left_out{reason=\"off\"}"], 6);
}

TEST(MetricsTest, TheOldestOfWhatIsLeftGivesTheAge)
{
    using namespace std::chrono_literals;
    auto report = samples::plan_with_every_kind();
    report.has_journal = true;
    for (auto& drift : report.plan->drift) {
        drift.seen.reset();
        drift.tenant_age.reset();
    }
    report.plan->drift[0].seen = {.runs = 2, .age = 24h};
    report.plan->drift[1].seen = {.runs = 3, .age = 48h};
    report.plan->drift[1].tenant_age = 72h;
    report.plan->drift[2].seen = {.runs = 9, .age = 200h};  // waived
    Samples const samples{report};
    EXPECT_EQ(samples["oldest_drift_age_seconds{kind=\"missing\"}"], 48 * 3600);
    EXPECT_EQ(samples["oldest_drift_age_seconds{kind=\"orphaned\"}"], 0);
    EXPECT_EQ(samples["oldest_missing_tenant_age_seconds"], 72 * 3600);
    report.has_journal = false;
    EXPECT_FALSE(Samples(report).has("oldest_drift_age_seconds")) << "nobody knows";
}

TEST(MetricsTest, ChangesAreCountedByObjectAndOutcome)
{
    Samples const samples{samples::apply_with_every_outcome()};
    auto const changes = [&](auto const& object, auto const& change, auto const& outcome) {
        return samples[fmt::format("last_run_changes{{change=\"{}\",object=\"{}\",outcome=\"{}\"}}",
                                   change, object, outcome)];
    };
    EXPECT_EQ(changes("company", "create", "applied"), 1);
    EXPECT_EQ(changes("contact", "create", "applied"), 1);
    EXPECT_EQ(changes("tag", "create", "applied"), 1);
    EXPECT_EQ(changes("company", "create", "failed"), 1);
    EXPECT_EQ(changes("contact", "create", "failed"), 0) << "that one had none";
    EXPECT_EQ(changes("tag", "repair_tag", "already_present"), 1);
    EXPECT_EQ(changes("contact", "repair_contact", "stale"), 1);
    EXPECT_EQ(samples["last_run_transactions"], 6);
    EXPECT_EQ(samples["last_run_rollbacks"], 1);
    EXPECT_EQ(samples["last_run_retries{reason=\"deadlock\"}"], 2);
    EXPECT_EQ(samples["last_run_connection_failures"], 1);
}

// Counts that are all different: a swap of two shows.
TEST(MetricsTest, EveryKindOfChangeCountsEachObjectApart)
{
    constexpr models::RowsWritten kRows{.companies = 2, .contacts = 3, .tags = 5};
    auto const tenant = samples::tenant_id(1);
    auto const company = samples::company_id(1);
    std::vector<models::Change> const changes{
        models::CleanUp{tenant, company, "Canceled"},
        models::DeleteCustomer{.tenant = tenant, .company = company, .name = "Gone"},
        *samples::missing(1, "Acme").change,
        models::Restore{.tenant = tenant, .company = company, .name = "Acme"},
    };
    for (auto const& change : changes) {
        auto report = samples::apply_that_converged();
        report.plan->drift[0].change = change;
        report.applied.results = {{0, {.rows = kRows}}};
        Samples const samples{report};
        auto const count = [&](std::string_view object) {
            return samples[fmt::format(
                "last_run_changes{{change=\"{}\",object=\"{}\",outcome=\"applied\"}}",
                name_of(change), object)];
        };
        EXPECT_EQ(count("company"), 2) << name_of(change);
        EXPECT_EQ(count("contact"), 3) << name_of(change);
        EXPECT_EQ(count("tag"), 5) << name_of(change);
    }
}

TEST(MetricsTest, GuardsTellTheirLimitAndWhatTheyHoldBack)
{
    auto report = guarded(samples::plan_with_every_kind());
    for (auto& drift : report.plan->drift)
        if (drift.is_due() && drift.kind == reconcile::DriftKind::Missing)
            drift.restraint = Restraint::Guard;
    Samples const samples{report};
    EXPECT_EQ(samples["guard_limit{kind=\"create\"}"], 100);
    EXPECT_EQ(samples["guard_blocked{kind=\"create\"}"], 2);
    EXPECT_EQ(samples["guard_blocked{kind=\"cleanup\"}"], 0);
}

TEST(MetricsTest, WhatIsHeldAndOnlyCountedIsBlockedToo)
{
    auto report = guarded(samples::plan_in_sync());
    report.unlisted = {{.drift = reconcile::DriftKind::Undone,
                        .change = "restore",
                        .guarded = reconcile::GuardedKind::Cleanup,
                        .restraint = reconcile::Restraint::Guard,
                        .count = 7}};
    Samples const samples{report};
    EXPECT_EQ(samples["guard_blocked{kind=\"cleanup\"}"], 7);
}

TEST(MetricsTest, TheFirstWaiverInForceToEndIsTheOneThatIsTold)
{
    using namespace std::chrono;
    auto const until = [](year_month_day day) { return reconcile::Waiver{.until = day}; };
    auto const report = samples::plan_in_sync();  // read on 2026-10-01
    Surroundings const around{
        .waivers = {until(2026y / 12 / 31), until(2026y / 10 / 1), until(2026y / 9 / 30)}};
    EXPECT_EQ(Samples(report, around)["waiver_expiry_timestamp_seconds"],
              duration_cast<seconds>(sys_days{2026y / 10 / 2}.time_since_epoch()).count());
    EXPECT_EQ(Samples(report)["waiver_expiry_timestamp_seconds"],
              std::numeric_limits<double>::infinity());
}

TEST(MetricsTest, NoIdAndNoNameOfATenantGetsIn)
{
    auto const text = exposition(samples::apply_with_every_outcome());
    EXPECT_THAT(text, Not(HasSubstr("Acme")));
    EXPECT_THAT(text, Not(HasSubstr("0000-4000-8000")));
    EXPECT_THAT(text, Not(HasSubstr("@")));
}

TEST(MetricsTest, ADryRunIsNoApply)
{
    EXPECT_EQ(Samples(samples::dry_run()).mode(), "plan");
    EXPECT_EQ(Samples(samples::apply_that_converged()).mode(), "apply");
    EXPECT_EQ(metrics_mode({.command = "show"}), std::nullopt);
    EXPECT_EQ(metrics_mode({.command = "undo", .dry_run_reason = "--dry-run"}), std::nullopt);
    EXPECT_EQ(metrics_mode({.command = "plan", .dry_run_reason = "--dry-run"}), "plan");
}

TEST(MetricsTest, OlderFilesRememberTheLastSuccessOfTheirMode)
{
    auto const report = samples::plan_in_sync();
    auto const former = exposition(report, {.now = at(1'780'000'000)});
    EXPECT_EQ(last_success_in(former, "plan"), at(1'780'000'000));
    EXPECT_EQ(last_success_in(former, "apply"), std::nullopt);
    EXPECT_EQ(last_success_in("", "plan"), std::nullopt);
    EXPECT_EQ(last_success_in("\ncustomer_reconcile_last_success_timestamp_seconds{mode=\"plan\"} "
                              "NaN\n",
                              "plan"),
              std::nullopt);
    auto failed = report;
    failed.outcome = Ending::Failed;
    EXPECT_EQ(
        Samples(failed, {.last_success = at(1'780'000'000)})["last_success_timestamp_seconds"],
        1'780'000'000);
}

TEST(MetricsTest, PromtoolFindsNothingToComplainOf)
{
    auto const file = fmt::format("{}metrics.{}.prom", ::testing::TempDir(), ::getpid());
    std::ofstream{file} << exposition(guarded(samples::apply_with_every_outcome()));
    auto const command = fmt::format("promtool check metrics < '{}' > '{}.out' 2>&1", file, file);
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ostringstream said;
    said << std::ifstream{file + ".out"}.rdbuf();
    EXPECT_EQ(said.str(), "");
    std::filesystem::remove(file);
    std::filesystem::remove(file + ".out");
}

TEST(GroupPathTest, EncodesWhatAPathCannotHold)
{
    EXPECT_EQ(group_path({{"job", "customer-reconcile"}, {"mode", "apply"}}),
              "/metrics/job/customer-reconcile/mode/apply");
    EXPECT_EQ(group_path({{"job", "a/b"}, {"mode", ""}}), "/metrics/job@base64/YS9i/mode@base64/=");
    EXPECT_EQ(group_path({{"job", "?>?>ü"}}), "/metrics/job@base64/Pz4_PsO8");
}

}  // namespace
}  // namespace tracking::job
