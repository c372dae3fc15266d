#include "job/telemetry/report_log.hpp"

#include "job/process/shown_text.hpp"
#include "job/report/tally.hpp"

#include <fmt/format.h>

namespace tracking::job {

namespace {

std::int64_t number(std::size_t count)
{
    return static_cast<std::int64_t>(count);
}

/// A warning where a person should look; an error where the job itself failed.
Severity severity_of(Ending outcome)
{
    switch (outcome) {
        case Ending::Ok:
        case Ending::Drift:
            return Severity::Info;
        case Ending::Refused:
        case Ending::Partial:
        case Ending::Stale:
        case Ending::Interrupted:
        case Ending::Busy:
            return Severity::Warning;
        default:
            return Severity::Error;
    }
}

void add_reading(Event& event, Report const& report)
{
    event.fields.emplace_back("tenants", number(report.plan->counts.tenants));
    auto found = report.plan->drift.size();
    for (auto const& one : report.unlisted)
        found += one.count;
    event.fields.emplace_back("drift_found", number(found));
}

void add_changes(Event& event, Report const& report)
{
    auto const sum = sum_of(tally_changes(report));
    if (report.is_rehearsed)
        event.fields.emplace_back("rehearsed", std::string{"all of it was taken back"});
    event.fields.emplace_back("changes_due", number(sum.due));
    for (auto const& [outcome, count] : sum.outcomes)
        event.fields.emplace_back(name_of(outcome), number(count));
    event.fields.emplace_back("transactions", number(report.applied.transactions));
    event.fields.emplace_back("rollbacks", number(report.applied.rollbacks));
    event.fields.emplace_back("retries", number(report.retries.all()));
}

}  // namespace

Event start_event(Report const& report)
{
    return {.name = "start",
            .message = report.command + " begins",
            .fields = {{"command", report.command}, {"version", report.version}}};
}

Event change_event(reconcile::Drift const& drift, models::Receipt const& receipt)
{
    auto const& change = *drift.change;
    bool const failed = receipt.outcome == models::Outcome::Failed;
    Event event{.severity = failed ? Severity::Warning : Severity::Info,
                .name = "change",
                .message = fmt::format("{} {}", name_of(change), name_of(receipt.outcome)),
                .fields = {{"change", std::string{name_of(change)}},
                           {"outcome", std::string{name_of(receipt.outcome)}},
                           {"drift", std::string{name_of(drift.kind)}},
                           {"tenant", tenant_of(change).str()},
                           {"company", company_of(change).str()}}};
    if (!receipt.reason.empty())
        event.fields.emplace_back("reason", without_names(receipt.reason));
    if (!receipt.sqlstate.empty())
        event.fields.emplace_back("sqlstate", receipt.sqlstate);
    return event;
}

Event summary_event(Report const& report)
{
    Event event{.severity = severity_of(report.outcome),
                .name = "summary",
                .message = fmt::format("{} ended: {} (exit code {})", report.command,
                                       name_of(report.outcome), static_cast<int>(report.outcome)),
                .fields = {{"command", report.command},
                           {"outcome", std::string{name_of(report.outcome)}},
                           {"exit_code", static_cast<std::int64_t>(report.outcome)},
                           {"duration_seconds", report.duration.count()},
                           {"warnings", number(report.warnings.size())}}};
    if (report.plan) {
        if (!report.plan->is_in_doubt)
            add_reading(event, report);
        add_changes(event, report);
    }
    if (report.residual)
        event.fields.emplace_back("drift_left", number(report.residual->size()));
    return event;
}

void ChangeLog::catch_up()
{
    if (!logs_routine())
        return;
    auto const& results = applied_.results;
    for (; logged_ < results.size(); ++logged_) {
        auto const& [index, receipt] = results[logged_];
        log_event(change_event(plan_.drift.at(index), receipt));
    }
}

}  // namespace tracking::job
