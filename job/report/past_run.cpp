#include "job/report/past_run.hpp"

#include "job/report/past_change.hpp"
#include "job/report/past_counts.hpp"
#include "job/report/tally.hpp"
#include "job/text/json_at.hpp"

#include "models/rules/json_text.hpp"
#include "reconcile/guard/guards.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

namespace tracking::job {

namespace {

namespace json = boost::json;
using reconcile::DriftKind;

json::value parsed(std::string const& text)
{
    return models::read_json(text).value;
}

/// The ending that the run's own report had. A run without one was killed.
Ending ending_from(models::PastRun const& run)
{
    if (run.outcome == "declined" || (run.outcome.empty() && run.has_lease))
        return Ending::Ok;
    auto const* const found = std::ranges::find(kEndings, run.outcome, &EndingRow::name);
    return found == kEndings.end() ? Ending::Failed : found->ending;
}

void tell_ending(Report& report, models::PastRun const& run)
{
    report.told = ending_from(run);
    if (run.was_killed())
        report.words = EndingWords{"it was killed, or lost its database", "", ""};
    else if (run.outcome.empty())
        report.words = EndingWords{"it is still at work", "", ""};
    if (run.outcome == "declined")
        report.dry_run_reason = "not confirmed";
    // A run that was to write has read both sides once more.
    bool const is_over = run.outcome == "declined" || *report.told == Ending::Refused ||
                         *report.told == Ending::Stale;
    report.ended_early = is_over && report.counted && !report.counted->left;
}

/// Adds a run's changes to its report: as items, or only counted.
class PastItems
{
public:
    PastItems(Report& report, std::size_t most) : report_{report}, most_{most} {}

    void add(models::PastChange const& past)
    {
        auto item = item_of(past);
        if (!item)
            report_.plan->remarks.push_back(
                fmt::format("{} of company {} ({}): this program knows no such change", past.change,
                            past.company.str(), past.outcome));
        else if (has_to_be_listed(*item))
            list(*std::move(item));
        else
            count(*item);
    }

private:
    bool has_to_be_listed(PastItem const& item)
    {
        auto const& change = *item.drift.change;
        return !went_well(item.receipt) ||
               (most_ > 0 && effect_of(change) == models::Effect::TakesAway) ||
               ++listed_[{item.drift.kind, change.index()}] <= most_;
    }

    void list(PastItem item)
    {
        auto& drift = report_.plan->drift;
        report_.applied.results.push_back({drift.size(), std::move(item.receipt)});
        drift.push_back(std::move(item.drift));
    }

    void count(PastItem const& item)
    {
        auto const& change = *item.drift.change;
        job::count(report_.unlisted, {.drift = item.drift.kind,
                                      .change = name_of(change),
                                      .guarded = reconcile::guarded_kind_of(change),
                                      .outcome = item.receipt.outcome,
                                      .count = 1,
                                      .rows = item.receipt.rows});
    }

    Report& report_;
    std::size_t most_;
    std::map<std::pair<DriftKind, std::size_t>, std::size_t> listed_;  ///< by kind, and by change
};

}  // namespace

std::optional<std::chrono::sys_seconds> time_from(std::string const& stamp)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (std::sscanf(stamp.c_str(), "%d-%u-%uT%d:%d:%dZ", &year, &month, &day, &hour, &minute,
                    &second) != 6)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
}

bool went_well(models::Receipt const& receipt)
{
    return receipt.reason.empty() && (receipt.outcome == models::Outcome::Applied ||
                                      receipt.outcome == models::Outcome::AlreadyPresent);
}

std::optional<PastItem> item_of(models::PastChange const& past)
{
    auto const before = parsed(past.before);
    auto const after = parsed(past.after);
    auto one = told(past, before, after);
    if (!one)
        return std::nullopt;
    auto name = text_at(before, "/company/name");
    if (name.empty())
        name = text_at(after, "/company/name");
    bool const has_tenant = past.tenant != models::TenantId{};
    return PastItem{.drift = {.kind = one->kind,
                              .tenant = has_tenant ? std::optional{past.tenant} : std::nullopt,
                              .tenant_name = has_tenant ? name : std::string{},
                              .company = past.company,
                              .company_name = std::move(name),
                              .detail = {},
                              .change = std::move(one->change)},
                    .receipt = {.outcome = models::outcome_named(past.outcome),
                                .reason = past.reason,
                                .sqlstate = past.sqlstate,
                                .rows = rows_from(at(after, "/rows"))}};
}

std::string actor_of(models::PastRun const& run)
{
    return run.login.empty() ? run.executed_by
                             : fmt::format("{} (login {})", run.executed_by, run.login);
}

std::string ending_of(models::PastRun const& run)
{
    if (!run.outcome.empty())
        return run.outcome;
    return run.has_lease ? "running" : "killed";
}

reconcile::Selection selection_of(models::PastRun const& run)
{
    auto const allowances = parsed(run.allowances);
    return {.only = texts_at(allowances, "/selection/only"),
            .except = texts_at(allowances, "/selection/except")};
}

std::string allowed_by(models::PastRun const& run)
{
    if (selection_of(run).is_empty())
        return run.allowances;
    auto allowances = parsed(run.allowances);
    auto& members = allowances.as_object();
    members.erase("selection");
    return members.empty() ? std::string{} : models::json_text(allowances);
}

std::optional<std::size_t> left_by(models::PastRun const& run)
{
    auto const counts = parsed(run.counts);
    auto const left = drift_from(at(counts, "/residual"));
    if (!left || at(counts, "/notes_drift") == json::value(false))
        return std::nullopt;
    return sum_of(*left).found;
}

std::size_t held_by(models::PastRun const& run)
{
    auto const kinds = at(parsed(run.counts), "/drift");
    std::size_t held = 0;
    if (!kinds.is_object())
        return held;
    for (auto const& kind : kinds.get_object()) {
        auto const held_by = at(kind.value(), "/held");
        if (!held_by.is_object())
            continue;
        for (auto const& one : held_by.get_object())
            held += count_at(one.value(), "");
    }
    return held;
}

void tell(Report& report, models::PastRun const& run, VisitChanges const& visit_changes,
          std::size_t most)
{
    report.run = run.id;
    report.undoes = run.undoes;
    report.server_time = run.started;
    report.took = run.duration;
    report.plan.emplace();
    tell_counts(report, parsed(run.counts));
    tell_ending(report, run);
    report.applied = {};
    report.unlisted.clear();
    auto const changes = run.applied + run.failed + run.others;
    report.plan->drift.reserve(std::min(changes, most));
    report.applied.results.reserve(std::min(changes, most));
    PastItems items{report, most};
    visit_changes([&](auto const& change) { items.add(change); });
    auto& remarks = report.plan->remarks;
    remarks.push_back(
        fmt::format("the run was {} by {} on {}, version {}; it {}",
                    run.undoes ? "an undo of run " + run.undoes->str() : "of the mode " + run.mode,
                    actor_of(run), run.host, run.version,
                    run.was_killed()      ? "was killed, or lost its database"
                    : run.outcome.empty() ? "is at work"
                                          : "ended as " + run.outcome));
    if (report.counted && sum_of(report.counted->found).found > changes)
        remarks.push_back(
            "the journal keeps what a run has changed item by item, and all else as counts");
    report.selection = selection_of(run);
    if (auto const allowed = allowed_by(run); !allowed.empty())
        remarks.push_back("allowed by a person: " + allowed);
}

}  // namespace tracking::job
