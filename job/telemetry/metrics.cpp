#include "job/telemetry/metrics.hpp"

#include "job/report/overview.hpp"
#include "job/report/tally.hpp"
#include "job/telemetry/metric_families.hpp"

#include "reconcile/guard/guards.hpp"

#include <fmt/format.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <sstream>

namespace tracking::job {

namespace {

using prometheus::Labels;
using std::chrono::sys_seconds;

/// A registry that adds the prefix and the mode.
class Gauges
{
public:
    explicit Gauges(std::string const& mode) : always_{{"mode", mode}} {}

    void set(NamedFamily const& name, double value) { family(name).Add({}).Set(value); }

    /// Sets one sample for each value of the family's label.
    template <class Key>
    void set(NamedFamily const& name, std::map<Key, double> const& values)
    {
        auto& samples = family(name);
        for (auto const& [key, value] : values)
            samples.Add({{std::string{name.row.labels}, word_for(key)}}).Set(value);
    }

    prometheus::Family<prometheus::Gauge>& family(NamedFamily const& name)
    {
        return prometheus::BuildGauge()
            .Name(std::string{kMetricPrefix}.append(name.row.name))
            .Help(std::string{name.row.help})
            .Labels(always_)
            .Register(registry_);
    }

    std::string text() const
    {
        auto families = registry_.Collect();
        for (auto& one : families) {
            std::ranges::sort(one.metric, [](auto const& a, auto const& b) {
                return std::ranges::lexicographical_compare(
                    a.label, b.label, {}, &prometheus::ClientMetric::Label::value,
                    &prometheus::ClientMetric::Label::value);
            });
        }
        std::ostringstream out;
        prometheus::TextSerializer{}.Serialize(out, families);
        return out.str();
    }

private:
    static std::string word_for(std::string_view word) { return std::string{word}; }
    static std::string word_for(auto kind) { return std::string{name_of(kind)}; }

    Labels always_;
    prometheus::Registry registry_;
};

double seconds(sys_seconds time)
{
    return static_cast<double>(time.time_since_epoch().count());
}

double number(std::size_t count)
{
    return static_cast<double>(count);
}

/// What was written: nothing of a rehearsal, which took back all that it did.
reconcile::Applied const& written(Report const& report)
{
    static reconcile::Applied const nothing;
    return report.is_rehearsed ? nothing : report.applied;
}

// How the run went

/// It did all that was asked: it ended as ok, or as drift, which `plan` was to find.
bool is_success(Ending outcome)
{
    return outcome == Ending::Ok || outcome == Ending::Drift;
}

void add_run(Gauges& gauges, Report const& report, Surroundings const& around)
{
    bool const succeeded = is_success(report.outcome);
    gauges.set("last_run_timestamp_seconds", seconds(around.now));
    auto const last_success = succeeded ? std::optional{around.now} : around.last_success;
    if (last_success)
        gauges.set("last_success_timestamp_seconds", seconds(*last_success));
    gauges.set("last_run_success", succeeded ? 1 : 0);
    gauges.set("last_run_exit_code", static_cast<double>(report.outcome));
    gauges.set("last_run_duration_seconds", report.duration.count());
    std::map<std::string_view, double> phases;
    for (auto const phase : kPhases)
        phases[phase] = 0;
    for (auto const& phase : report.phases)
        phases[phase.name] += phase.duration.count();
    gauges.set("last_run_phase_duration_seconds", phases);
}

void add_database(Gauges& gauges, Report const& report)
{
    gauges.set("management_tenant_up", report.management_tenant ? 1 : 0);
    gauges.set("last_run_transactions", number(written(report).transactions));
    gauges.set("last_run_rollbacks", number(written(report).rollbacks));
    std::map<std::string_view, double> retries;
    for (auto const& row : kRetryTable)
        retries[row.name] = number(report.retries[row.reason]);
    gauges.set("last_run_retries", retries);
    gauges.set("last_run_connection_failures", number(report.retries.connection_failures));
}

// What became of the changes

/// The rows that the change wrote; for a change that was not applied, those that it was to write.
models::RowsWritten touched_by(models::Change const& change, models::Receipt const& receipt)
{
    if (receipt.outcome == models::Outcome::Applied)
        return receipt.rows;
    return std::visit([](auto const& one) { return models::unboxed(one).rows(); }, change);
}

/// The objects that a kind of change can write.
std::vector<std::string_view> objects_of(std::string_view change)
{
    auto const blank = models::blank_change(change);
    auto const writes =
        blank ? std::visit([](auto const& one) { return models::unboxed(one).kWrites; }, *blank)
              : models::Writes{.companies = true, .contacts = true, .tags = true};
    std::vector<std::string_view> objects;
    if (writes.companies)
        objects.emplace_back("company");
    if (writes.contacts)
        objects.emplace_back("contact");
    if (writes.tags)
        objects.emplace_back("tag");
    return objects;
}

void add_changes(Gauges& gauges, Report const& report)
{
    struct Key
    {
        std::string_view object, change, outcome;
        auto operator<=>(Key const&) const = default;
    };
    std::map<Key, std::size_t> counts;
    for (auto const& [change, tally] : tally_changes(report)) {
        for (auto const outcome : kChangeOutcomes) {
            for (auto const object : objects_of(change))
                counts[{object, change, name_of(outcome)}] = 0;
        }
    }
    for (auto const& [index, receipt] : written(report).results) {
        auto const& change = *report.plan->drift.at(index).change;
        auto const touched = touched_by(change, receipt);
        for (auto const& [object, count] :
             {std::pair{"company", touched.companies}, std::pair{"contact", touched.contacts},
              std::pair{"tag", touched.tags}}) {
            if (count > 0)
                counts[{object, name_of(change), name_of(receipt.outcome)}] += count;
        }
    }
    auto& samples = gauges.family("last_run_changes");
    for (auto const& [key, count] : counts)
        samples
            .Add({{"object", std::string{key.object}},
                  {"change", std::string{key.change}},
                  {"outcome", std::string{key.outcome}}})
            .Set(number(count));
}

// What was found, and what is left

using PerKind = std::map<reconcile::DriftKind, double>;

PerKind no_drift()
{
    PerKind zeros;
    for (auto const kind : reconcile::kDriftKinds)
        zeros[kind] = 0;
    return zeros;
}

/// Of an item, or of those that are only counted.
bool is_waived(auto const& drift)
{
    return drift.restraint == reconcile::Restraint::Waived;
}

/// Without what is waived.
PerKind count_by_kind(reconcile::Plan const& plan)
{
    PerKind counts;
    for (auto const& [kind, tally] : tally_drift(plan))
        counts[kind] = number(tally.found - tally.held_by.at(reconcile::Restraint::Waived));
    return counts;
}

/// All drift is new where no run has noted any. The series always compares with the last run,
/// whatever --since says.
PerKind count_new_by_kind(reconcile::Plan const& plan)
{
    auto counts = no_drift();
    for (auto const& drift : plan.drift)
        counts[drift.kind] += !is_waived(drift) && (!plan.since || !drift.seen) ? 1 : 0;
    for (auto const& one : plan.counted)
        counts[one.kind] += is_waived(one) ? 0 : number(plan.since ? one.unseen : one.count);
    return counts;
}

std::map<std::string_view, double> left_out(reconcile::Counts const& counts)
{
    return {{"young", number(counts.young)},        {"suspended", number(counts.suspended)},
            {"excluded", number(counts.excluded)},  {"other_product", number(counts.other_product)},
            {"ignored", number(counts.left_alone)}, {"off", number(counts.unwatched)}};
}

/// The plan that describes the end of the run: that of a fresh read; where nothing was written,
/// that of the only read. Null where changes were written and nothing was read afterwards.
reconcile::Plan const* final_state(Report const& report)
{
    if (report.residual)
        return &*report.residual;
    return report.plan && !report.has_begun() ? &*report.plan : nullptr;
}

double age_of(reconcile::Drift const& drift)
{
    return drift.seen ? static_cast<double>(drift.seen->age.count()) : 0;
}

/// Sets the age of the oldest drift. Drift that no earlier run has seen has the age 0.
void add_ages(Gauges& gauges, reconcile::Plan const& last)
{
    auto oldest = no_drift();
    double oldest_tenant = 0;
    for (auto const& drift : last.drift) {
        if (is_waived(drift))
            continue;
        oldest[drift.kind] = std::max(oldest[drift.kind], age_of(drift));
        if (drift.kind == reconcile::DriftKind::Missing)
            oldest_tenant = std::max(
                oldest_tenant,
                drift.tenant_age ? static_cast<double>(drift.tenant_age->count()) : age_of(drift));
    }
    for (auto const& one : last.counted) {
        if (is_waived(one))
            continue;
        oldest[one.kind] = std::max(oldest[one.kind], static_cast<double>(one.oldest.count()));
        if (one.kind == reconcile::DriftKind::Missing)
            oldest_tenant = std::max(oldest_tenant, static_cast<double>(one.oldest_tenant.count()));
    }
    gauges.set("oldest_drift_age_seconds", oldest);
    gauges.set("oldest_missing_tenant_age_seconds", oldest_tenant);
}

/// A reading in doubt sets none of these: it would tell of drift that is not there.
void add_drift(Gauges& gauges, Report const& report)
{
    if (report.plan && report.plan->is_in_doubt)
        return;
    if (report.plan) {
        gauges.set("drift", count_by_kind(*report.plan));
        auto const is_again = [](auto const& drift) { return drift.again > 0; };
        gauges.set(
            "changed_again",
            number(static_cast<std::size_t>(std::ranges::count_if(report.plan->drift, is_again))));
    }
    auto const* const last = final_state(report);
    if (!last)
        return;
    gauges.set("tenants", number(last->counts.tenants));
    gauges.set("tracked_customers", number(last->counts.tracked));
    gauges.set("drift_remaining", count_by_kind(*last));
    gauges.set("drift_new", count_new_by_kind(*last));
    gauges.set("left_out", left_out(last->counts));
    gauges.set("waived_drift",
               number(sum_of(tally_drift(*last)).held_by.at(reconcile::Restraint::Waived)));
    if (report.has_journal)
        add_ages(gauges, *last);
}

// Guards and waivers

void add_guards(Gauges& gauges, Report const& report)
{
    if (!report.plan)
        return;
    std::map<reconcile::GuardedKind, double> blocked;
    auto const overview = overview_of(report);
    for (auto const& row : reconcile::kGuardTable)
        blocked[row.kind] = number(overview.of(row.kind).held);
    gauges.set("guard_blocked", blocked);
    std::map<reconcile::GuardedKind, double> limits;
    for (auto const& verdict : report.guards)
        limits[verdict.kind] = number(verdict.limit);
    if (!limits.empty())
        gauges.set("guard_limit", limits);
}

/// Always sets the sample: otherwise a Pushgateway would keep showing the end of a removed waiver.
void add_waivers(Gauges& gauges, Report const& report, Surroundings const& around)
{
    auto first = std::numeric_limits<double>::infinity();
    for (auto const& waiver : around.waivers) {
        // The last day is included.
        sys_seconds const end = waiver.until + std::chrono::days{1};
        if (end > report.server_time.value_or(around.now))
            first = std::min(first, seconds(end));
    }
    gauges.set("waiver_expiry_timestamp_seconds", first);
}

}  // namespace

std::optional<std::string> metrics_mode(Report const& report)
{
    if (report.is_dry_run() && report.command == "apply")
        return "plan";
    if (report.is_dry_run() && report.command != "plan")
        return std::nullopt;
    static constexpr std::array kModes{"plan", "apply", "undo", "link"};
    return std::ranges::count(kModes, report.command) > 0 ? std::optional{report.command}
                                                          : std::nullopt;
}

std::string render_metrics(Report const& report, Surroundings const& surroundings)
{
    Gauges gauges{metrics_mode(report).value()};
    gauges.family("build_info").Add({{"version", report.version}}).Set(1);
    add_run(gauges, report, surroundings);
    add_database(gauges, report);
    add_changes(gauges, report);
    // An undo or link looks at a few customers only, so its drift says nothing about all of them.
    if (report.command == "plan" || report.command == "apply") {
        add_drift(gauges, report);
        add_guards(gauges, report);
    }
    add_waivers(gauges, report, surroundings);
    return gauges.text();
}

std::optional<sys_seconds> last_success_in(std::string_view exposition, std::string_view mode)
{
    auto const sample =
        fmt::format("\n{}last_success_timestamp_seconds{{mode=\"{}\"}} ", kMetricPrefix, mode);
    auto const found = exposition.find(sample);
    if (found == exposition.npos)
        return std::nullopt;
    auto const digits = exposition.substr(found + sample.size());
    double value = 0;
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    // Ignores a time that no version of this program can have written.
    if (read.ec != std::errc{} || !(value >= 0 && value < 1e11))
        return std::nullopt;
    return sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(value)}};
}

}  // namespace tracking::job
