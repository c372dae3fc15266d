#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace tracking::job {

/// One metric. All are gauges, and each also has the label `mode`.
struct MetricFamily
{
    std::string_view name;    ///< without the prefix
    std::string_view labels;  ///< besides `mode`, separated by commas
    std::string_view help;
};

inline constexpr std::string_view kMetricPrefix = "customer_reconcile_";

inline constexpr std::array kMetricFamilies{
    MetricFamily{"build_info", "version", "1; the label says the program's version."},

    MetricFamily{"last_run_timestamp_seconds", "", "When the last run ended, in Unix time."},
    MetricFamily{"last_success_timestamp_seconds", "",
                 "When the last run that succeeded ended, in Unix time."},
    MetricFamily{"last_run_success", "",
                 "1 where the last run did all that was asked of it (exit codes 0 and 2), else 0."},
    MetricFamily{"last_run_exit_code", "", "Exit code of the last run."},
    MetricFamily{"last_run_duration_seconds", "", "Duration of the last run, in seconds."},
    MetricFamily{"last_run_phase_duration_seconds", "phase",
                 "Duration of each phase of the last run, in seconds."},

    MetricFamily{
        "management_tenant_up", "",
        "1 where the last run reached the database and found the management tenant, else 0."},
    MetricFamily{"last_run_transactions", "",
                 "Transactions that the last run's changes committed."},
    MetricFamily{"last_run_rollbacks", "",
                 "Transactions of changes that the last run rolled back."},
    MetricFamily{"last_run_retries", "reason", "What the last run tried again, by reason."},
    MetricFamily{"last_run_connection_failures", "",
                 "Connections that the last run could not make, or lost."},

    MetricFamily{
        "last_run_changes", "object, change, outcome",
        "Rows of the last run's changes by what became of them: written (applied), or not."},

    MetricFamily{"drift", "kind",
                 "Differences that the last run found, by kind; waived ones are not counted."},
    MetricFamily{"tenants", "", "Tenants but the management tenant."},
    MetricFamily{"tracked_customers", "", "Tenants with a customer that is linked by their id."},
    MetricFamily{"drift_remaining", "kind",
                 "Differences that were left when the last run ended, by kind; waived ones are not "
                 "counted."},
    MetricFamily{
        "drift_new", "kind",
        "Differences that were left when the last run ended and that the run before had "
        "not noted, by kind; all where no run has noted any. Waived ones are not counted."},
    MetricFamily{"left_out", "reason",
                 "Tenants that the last run left as they are, by reason: they are out of scope "
                 "(young, suspended, excluded, other_product), their customer says ignore "
                 "(ignored), or they differ in kinds only that are off (off)."},
    MetricFamily{"waived_drift", "",
                 "Differences that a waiver in the configuration leaves alone."},
    MetricFamily{"changed_again", "",
                 "Differences of companies that the job has changed in 3 or more of its last 5 "
                 "runs: somebody seems to change them back."},
    MetricFamily{"oldest_drift_age_seconds", "kind",
                 "Since when the oldest difference that is left has been seen, in seconds, by "
                 "kind; waived ones are not counted."},
    MetricFamily{"oldest_missing_tenant_age_seconds", "",
                 "Age of the oldest tenant without a customer, in seconds; waived ones are not "
                 "counted."},

    MetricFamily{"guard_blocked", "kind",
                 "Changes that a guard held back in the last run, by kind."},
    MetricFamily{"guard_limit", "kind", "Changes that a guard lets through in one run, by kind."},
    MetricFamily{"waiver_expiry_timestamp_seconds", "",
                 "When the first of the waivers in force ends, in Unix time; +Inf: there is none."},
};

/// A row of the table by its name. A name that is not in the table does not compile.
struct NamedFamily
{
    MetricFamily const& row;

    // NOLINTNEXTLINE(google-explicit-constructor): callers pass "tenants"
    consteval NamedFamily(char const* name)
        : row{*std::ranges::find(kMetricFamilies, std::string_view{name}, &MetricFamily::name)}
    {}
};

}  // namespace tracking::job
