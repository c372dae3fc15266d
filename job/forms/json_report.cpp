#include "job/forms/json_report.hpp"

#include "job/document/trend.hpp"
#include "job/forms/json_members.hpp"
#include "job/forms/json_values.hpp"
#include "job/report/overview.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "models/rules/json_text.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>

#include <map>
#include <ostream>
#include <sstream>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

std::vector<reconcile::Drift> const kNone;

/// Seconds with three decimals. A json::value would be written as 1.234E0.
std::string seconds(std::chrono::duration<double> duration)
{
    return fmt::format("{:.3f}", duration.count());
}

/// Adds the phases. Phases of one name are added up.
void add_phases(Members& members, std::vector<Phase> const& phases)
{
    std::map<std::string, std::chrono::duration<double>> sums;
    for (auto const& [name, duration] : phases)
        sums.try_emplace(name, 0).first->second += duration;
    std::vector<std::string> texts;
    texts.reserve(sums.size());
    for (auto const& [name, sum] : sums)
        texts.push_back(fmt::format("{}: {}", json::serialize(text(name)), seconds(sum)));
    members.raw("phases", fmt::format("{{{}}}", fmt::join(texts, ", ")));
}

void add_origin(Members& members, Report const& report)
{
    members.add("databases", {{"source", text_or_null(report.source_database)},
                              {"management", text_or_null(report.management_database)}});
    members.add("generation", text_or_null(report.generation));
    json::value management = nullptr;
    if (report.management_tenant)
        management = {{"id", report.management_tenant->str()},
                      {"name", text(report.management_tenant_name)}};
    members.add("management_tenant", management);
    members.add("run", report.is_idle ? nullptr : json::value_from(report.run));
    members.add("undoes", json::value_from(report.undoes));
    members.add("server_time", time_or_null(report.server_time));
    members.raw("duration_seconds", seconds(report.duration));
    add_phases(members, report.phases);
}

/// Adds null where the drift is not known.
void add_drift(Members& members, std::optional<DriftTallies> const& tallies)
{
    if (tallies)
        members.add_lines("drift", drift_object(*tallies));
    else
        members.add("drift", nullptr);
}

/// The drift that was found; nothing where that is not known, as of a saved plan.
std::optional<DriftTallies> known_drift(Report const& report)
{
    return report.plan && report.knows_counts ? std::optional{found_drift(report)} : std::nullopt;
}

/// Adds null where nothing was read, and the drift of the plan.
void add_counts(Members& members, std::optional<reconcile::Plan> const& plan,
                std::optional<DriftTallies> const& drift, Report const& report)
{
    bool const has_counts = plan && report.knows_counts;
    members.add("counts", has_counts ? json::value(counts_object(plan->counts)) : nullptr);
    add_drift(members, drift);
    members.add("remarks", plan ? texts(plan->remarks) : json::array{});
}

void add_plan(Members& members, Report const& report)
{
    auto const& plan = report.plan;
    add_counts(members, plan, known_drift(report), report);
    members.add_items("items", "item", [&](auto const& add) {
        visit_items(report, [&](ListedItem const& item) {
            add(item_object(item.drift, item.receipt, report, plan->is_new(item.drift)));
        });
    });
    members.add_items("left_alone", "left_alone", [&](auto const& add) {
        for (auto const& drift : plan ? plan->left_alone : kNone)
            add(item_object(drift, nullptr, report, {}));
    });
}

json::object guard_object(reconcile::GuardVerdict const& verdict)
{
    return {{"kind", reconcile::name_of(verdict.kind)},
            {"due", verdict.due},
            {"left_out", verdict.left_out},
            {"limit", verdict.limit},
            {"base", verdict.base},
            {"tripped", verdict.is_tripped()},
            {"allowed", verdict.is_allowed}};
}

json::object size_object(ChangeSize const& size)
{
    return {{"due", size.due}, {"held", size.held}, {"done", size.done}};
}

/// What the other forms say first.
json::value overview_value(Report const& report)
{
    if (!report.plan)
        return nullptr;
    auto const overview = overview_of(report);
    json::value since = nullptr;
    if (auto const& known = report.plan->since)
        since = {{"run", json::value_from(known->run)},
                 {"last_run_ended", models::utc_stamp(known->ended)},
                 {"new", known->fresh},
                 {"gone", known->gone},
                 {"as_before", known->as_before}};
    json::object object;
    for (auto const& row : reconcile::kGuardTable)
        object[row.name] = size_object(overview.of(row.kind));
    object["waiting"] = knows_what_waits(report) ? json::value(overview.waiting) : nullptr;
    object["in_doubt"] = report.plan->is_in_doubt;
    object["since_last_run"] = since;
    return object;
}

json::value selection_value(Report const& report)
{
    if (report.selection.is_empty())
        return nullptr;
    return {{"only", texts(report.selection.only)},
            {"except", texts(report.selection.except)},
            {"left_out", report.plan ? left_out_by_selection(report) : 0}};
}

void add_guards(Members& members, Report const& report)
{
    members.add("plan_file", text_or_null(report.plan_file));
    members.add("selection", selection_value(report));
    members.add("refusals", texts(report.refusals));
    members.add_elements("guards", [&](auto const& add) {
        for (auto const& verdict : report.guards)
            add(guard_object(verdict));
    });
    members.add_items("stale", "stale", [&](auto const& add) {
        for (auto const& stale : report.stale)
            add({{"expected", item_object(stale.expected, nullptr, report, {})},
                 {"found", text(describe(stale))}});
    });
}

void add_changes(Members& members, Report const& report)
{
    auto const tallies = tally_changes(report);
    members.add_lines("changes", changes_object(tallies));
    members.add("totals", change_tally_object(sum_of(tallies)));
    members.add("kept", report.kept());
    json::object retries;
    for (auto const& row : kRetryTable)
        retries[row.name] = report.retries[row.reason];
    members.add("retries", retries);
    members.add("connection_failures", report.retries.connection_failures);
    members.add("transactions", report.applied.transactions);
    members.add("rollbacks", report.applied.rollbacks);
}

void add_residual(Members& members, Report const& report)
{
    members.add("converged", json::value_from(report.converged()));
    json::value proof = nullptr;
    if (report.proof)
        proof = {{"reach", report.proof->reach == ProofReach::Full ? "full" : "touched"},
                 {"items", report.proof->items}};
    members.add("proof", proof);
    if (!left_drift(report)) {
        members.add("residual", nullptr);
        return;
    }
    auto const& plan = report.residual;
    auto residual = members.nested("residual");
    add_counts(residual, plan, left_drift(report), report);
    residual.add_items("items", "residual", [&](auto const& add) {
        for (auto const& drift : plan ? plan->drift : kNone)
            add(item_object(drift, nullptr, report, plan->is_new(drift)));
    });
    residual.close();
}

/// Adds how the command ended, and on which databases.
void add_opening(Members& members, Report const& report)
{
    members.add("format", "customer-reconcile/report");
    members.add("version", 1);
    members.add("program_version", text(report.version));
    members.add("command", text(report.command));
    members.add("outcome", text(name_of(report.ending())));
    members.add("exit_code", static_cast<int>(report.ending()));
    members.add("error", text_or_null(report.error));
    members.add("warnings", texts(report.warnings));
    members.add("dry_run",
                {{"active", report.is_dry_run()}, {"reason", text_or_null(report.dry_run_reason)}});
    members.add("rehearsed", report.is_rehearsed);
    add_origin(members, report);
}

void add_rest(Members& members, Report const& report)
{
    members.add("overview", overview_value(report));
    auto const runs = trend_of(report);
    members.add_elements("trend", [&](auto const& add) {
        for (std::size_t i = 0; i + 1 < runs.size(); ++i)  // the last one is the report
            add(trend_object(runs[i].drift));
    });
    add_guards(members, report);
    add_changes(members, report);
    members.add("pruned_runs", report.pruned_runs);
    members.add("untyped_contacts", report.untyped_contacts);
    members.add("typed_contacts", report.typed_contacts);
    add_plan(members, report);
    add_residual(members, report);
}

}  // namespace

void write_json(Report const& report, std::ostream& out)
{
    Members members{out};
    add_opening(members, report);
    add_rest(members, report);
    members.close();
    out << '\n';
}

void write_json_lines(Report const& report, std::ostream& out)
{
    Members opening{out, out};
    opening.add("line", "report");
    add_opening(opening, report);
    opening.close();
    out << '\n';
    std::ostringstream summary;
    Members members{summary, out};
    members.add("line", "summary");
    add_rest(members, report);
    members.close();
    out << summary.view() << '\n';
}

std::string render_counts(Report const& report)
{
    json::object counts;
    counts["counts"] = report.plan ? json::value(counts_object(report.plan->counts)) : nullptr;
    counts["drift"] = report.plan ? json::value(drift_object(found_drift(report))) : nullptr;
    counts["changes"] = changes_object(tally_changes(report));
    counts["overview"] = overview_value(report);
    counts["refusals"] = texts(report.refusals);
    counts["held_for_source"] = report.held_for_source;
    counts["converged"] = json::value_from(report.converged());
    json::array guards;
    for (auto const& verdict : report.guards)
        guards.push_back(guard_object(verdict));
    counts["guards"] = std::move(guards);
    counts["typed_contacts"] = report.typed_contacts;
    counts["residual"] =
        report.residual ? json::value(drift_object(tally_drift(*report.residual))) : nullptr;
    counts["notes_drift"] = report.notes_drift;
    return json::serialize(counts);
}

}  // namespace tracking::job
