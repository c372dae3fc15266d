#include "job/report/past_counts.hpp"

#include "job/report/past_run.hpp"
#include "job/text/json_at.hpp"

#include "models/values/described.hpp"
#include "reconcile/guard/guards.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::job {

namespace json = boost::json;

namespace {

/// Reads counts by the names of the members that hold them.
void read_members(auto& described, json::value const& counts)
{
    models::for_each_member(described, [&](std::string_view name, std::size_t& member) {
        member = count_at(counts, fmt::format("/{}", name));
    });
}

DriftTally drift_tally_from(json::value const& kind)
{
    DriftTally tally{.found = count_at(kind, "/found"),
                     .due = count_at(kind, "/due"),
                     .undecided = count_at(kind, "/undecided"),
                     .held_by = {}};
    for (auto const restraint : kRestraints)
        tally.held_by[restraint] = count_at(kind, fmt::format("/held/{}", name_of(restraint)));
    return tally;
}

}  // namespace

models::RowsWritten rows_from(json::value const& rows)
{
    models::RowsWritten written;
    read_members(written, rows);
    return written;
}

std::optional<DriftTallies> drift_from(json::value const& kinds)
{
    if (!kinds.is_object())
        return std::nullopt;
    DriftTallies tallies;
    for (auto const& row : reconcile::kDriftTable) {
        auto const tally = drift_tally_from(at(kinds, fmt::format("/{}", row.name)));
        if (is_drift(row) || tally.found > 0)
            tallies.emplace(row.kind, tally);
    }
    return tallies;
}

namespace {

std::vector<NamedChangeTally> changes_from(json::value const& kinds)
{
    auto tallies = tally_changes({});
    for (auto& [kind, tally] : tallies) {
        auto const one = at(kinds, fmt::format("/{}", kind));
        tally.due = count_at(one, "/due");
        for (auto const outcome : kChangeOutcomes)
            tally.outcomes[outcome] = count_at(one, fmt::format("/{}", name_of(outcome)));
        tally.rows = rows_from(at(one, "/rows"));
    }
    return tallies;
}

std::vector<reconcile::GuardVerdict> guards_from(json::value const& guards)
{
    std::vector<reconcile::GuardVerdict> verdicts;
    if (!guards.is_array())
        return verdicts;
    for (auto const& one : guards.get_array()) {
        auto const row =
            std::ranges::find(reconcile::kGuardTable, text_at(one, "/kind"),
                              [](reconcile::GuardRow const& guard) { return guard.name; });
        if (row == reconcile::kGuardTable.end())
            continue;
        auto const allowed = at(one, "/allowed");
        verdicts.push_back({.kind = row->kind,
                            .due = count_at(one, "/due"),
                            .left_out = count_at(one, "/left_out"),
                            .limit = count_at(one, "/limit"),
                            .base = count_at(one, "/base"),
                            .looked = count_at(one, "/due"),
                            .is_allowed = allowed.is_bool() && allowed.get_bool()});
    }
    return verdicts;
}

Overview overview_from(json::value const& noted)
{
    Overview overview;
    for (auto const& row : reconcile::kGuardTable) {
        auto const size = at(noted, fmt::format("/{}", row.name));
        overview.of(row.kind) = {.due = count_at(size, "/due"),
                                 .held = count_at(size, "/held"),
                                 .done = count_at(size, "/done")};
    }
    return overview;
}

/// Of runs that noted no overview: from their changes, and from the guards that held a kind back.
Overview overview_from(std::vector<NamedChangeTally> const& changes,
                       std::vector<reconcile::GuardVerdict> const& guards)
{
    Overview overview;
    for (auto const& [name, tally] : changes) {
        auto& size = overview.of(reconcile::guarded_kind_of(models::blank_change(name).value()));
        size.due += tally.due;
        size.done += tally.outcomes.at(models::Outcome::Applied);
    }
    for (auto const& verdict : guards) {
        if (verdict.holds_back())
            overview.of(verdict.kind).held = verdict.due;
    }
    return overview;
}

std::optional<reconcile::SinceRun> since_from(json::value const& since)
{
    auto const ended = time_from(text_at(since, "/last_run_ended"));
    if (!ended)
        return std::nullopt;
    return reconcile::SinceRun{.ended = *ended,
                               .fresh = count_at(since, "/new"),
                               .gone = count_at(since, "/gone"),
                               .as_before = count_at(since, "/as_before"),
                               .tells_of_items = false};
}

/// Runs that did not note it compared what they had refused.
bool was_in_doubt(json::value const& counts)
{
    auto const noted = at(counts, "/overview/in_doubt");
    return noted.is_bool() ? noted.get_bool()
                           : !texts_at(counts, "/refusals").empty() &&
                                 at(counts, "/overview/since_last_run").is_object();
}

/// Nothing where the run ended before it had a plan.
std::optional<Counted> counted_from(json::value const& counts,
                                    std::vector<reconcile::GuardVerdict> const& guards)
{
    auto found = drift_from(at(counts, "/drift"));
    if (!found)
        return std::nullopt;
    Counted counted{.found = std::move(*found),
                    .left = drift_from(at(counts, "/residual")),
                    .changes = changes_from(at(counts, "/changes")),
                    .overview = {},
                    .converged = std::nullopt};
    auto const overview = at(counts, "/overview");
    counted.overview =
        overview.is_object() ? overview_from(overview) : overview_from(counted.changes, guards);
    counted.overview.waiting = sum_of(counted.left ? *counted.left : counted.found).undecided;
    auto const converged = at(counts, "/converged");
    if (converged.is_bool())
        counted.converged = converged.get_bool();
    return counted;
}

}  // namespace

void tell_counts(Report& report, json::value const& counts)
{
    report.guards = guards_from(at(counts, "/guards"));
    report.refusals = texts_at(counts, "/refusals");
    report.held_for_source = count_at(counts, "/held_for_source");
    report.counted = counted_from(counts, report.guards);
    report.knows_counts = report.counted.has_value();
    read_members(report.plan->counts, at(counts, "/counts"));
    report.plan->is_in_doubt = was_in_doubt(counts);
    if (!report.plan->is_in_doubt)
        report.plan->since = since_from(at(counts, "/overview/since_last_run"));
    report.typed_contacts = count_at(counts, "/typed_contacts");
}

}  // namespace tracking::job
