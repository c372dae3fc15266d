#include "job/document/document_head.hpp"

#include "job/document/counted_parts.hpp"
#include "job/document/trend.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/overview.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "models/rules/utc.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace tracking::job {

Tone tone_of(Ending outcome)
{
    switch (outcome) {
        case Ending::Ok:
            return Tone::Good;
        case Ending::Drift:
        case Ending::Refused:
        case Ending::Partial:
        case Ending::Stale:
        case Ending::Interrupted:
        case Ending::Busy:
            return Tone::Caution;
        default:
            return Tone::Bad;
    }
}

std::string what_it_left(Report const& report)
{
    auto const outcomes = sum_of(tally_changes(report)).outcomes;
    auto const left = listed({{report.kept(), "kept"},
                              {outcomes.at(models::Outcome::Stale), "stale"},
                              {outcomes.at(models::Outcome::Failed), "failed"}});
    return "not all of it" + prefixed(": ", left);
}

std::string verdict(Report const& report)
{
    auto const left_out = report.plan ? left_out_by_selection(report) : 0;
    bool const is_undone_in_part = report.undoes && report.ending() == Ending::Partial;
    return fmt::format("{} (exit code {}){}{}", name_of(report.ending()),
                       static_cast<int>(report.ending()),
                       left_out > 0 ? fmt::format(" for the selection, {} left out", left_out) : "",
                       prefixed(": ", is_undone_in_part ? "taken back was " + what_it_left(report)
                                                        : std::string{meaning_of(report)}));
}

namespace {

std::string timing(Report const& report)
{
    auto const phases = models::each_of(report.phases, [](Phase const& phase) {
        return fmt::format("{} {:.1f}", phase.name, phase.duration.count());
    });
    auto text = fmt::format("{:.1f} s", report.duration.count());
    if (!phases.empty())
        text += fmt::format(" ({})", fmt::join(phases, ", "));
    return report.server_time
               ? fmt::format("{}, took {}", models::utc_text(*report.server_time), text)
               : text;
}

/// When the run that is shown began, and how long it took.
std::string past_timing(Report const& report)
{
    auto const began = models::utc_text(report.server_time.value());
    return report.took ? fmt::format("{}, took {:.1f} s", began, report.took->count()) : began;
}

std::string retries(Retries const& retries)
{
    auto parts = models::each_of(kRetryTable, [&](RetryRow const& row) {
        return Part{retries[row.reason], row.name};
    });
    auto const failures = retries.connection_failures;
    parts.push_back({failures, failures == 1 ? "connection failure" : "connection failures"});
    return listed(parts);
}

}  // namespace

std::vector<Field> place(Report const& report)
{
    std::vector<Field> fields;
    add(fields, "database",
        sentence(report.management_database) +
            (report.generation.empty() ? "" : fmt::format(" ({} generation)", report.generation)));
    if (report.source_database != report.management_database)
        add(fields, "tenants in", sentence(report.source_database));
    if (report.management_tenant)
        add(fields, "management",
            report.management_tenant_name.empty()
                ? report.management_tenant->str()  // of a saved plan
                : fmt::format("{} {}", in_quotes(report.management_tenant_name),
                              report.management_tenant->str()));
    return fields;
}

std::vector<Field> sizes(Report const& report)
{
    std::vector<Field> fields;
    auto const overview = overview_of(report);
    if (report.has_begun())
        add(fields, "done", done_text(overview));
    else
        add(fields, "to do", to_do_text(overview));
    if (auto const held = guarded_text(overview); !held.empty())
        add(fields, "held back", held + ": a guard or a refusal says why");
    add(fields, "selected", selection_text(report));
    add(fields, "compared", since_text(report));
    add(fields, "trend", trend_text(report));
    if (!report.undoes && knows_what_waits(report))
        add(fields, "person", waiting_text(overview));
    for (auto& field : fields)
        field.tone = Tone::Bold;
    return fields;
}

std::vector<Field> origin(Report const& report)
{
    std::vector<Field> fields;
    if (report.run && !report.is_idle)
        add(fields, "run", report.run->str());
    if (report.undoes)
        add(fields, "undoes", report.undoes->str());
    if (report.told)
        add(fields, "started", past_timing(report));
    else if (report.command == "show")
        add(fields, "made at", report.server_time ? models::utc_text(*report.server_time) : "");
    else
        add(fields, report.server_time ? "read" : "took", timing(report));
    add(fields, "tried again", retries(report.retries));
    return fields;
}

namespace {

Notice rehearsal(Report const& report)
{
    auto const all = sum_of(tally_changes(report));
    auto const failed = all.outcomes.at(models::Outcome::Failed);
    return {"TRIED",
            fmt::format("{} of {} would be applied, {} would fail. They were written under locks, "
                        "as a writer, and taken back: nothing is left of them.",
                        all.outcomes.at(models::Outcome::Rehearsed),
                        counted(all.due, "change", "changes"), failed),
            failed > 0 ? Tone::Bad : Tone::Good};
}

}  // namespace

std::vector<Notice> notices(Report const& report)
{
    std::vector<Notice> all;
    for (auto const& line : sentences(report.error))
        all.push_back({"ERROR", line, Tone::Bad});
    for (auto const& refusal : report.refusals) {
        auto lines = sentences(refusal);
        Notice notice{"REFUSED", lines.empty() ? "" : lines.front(), Tone::Bad};
        for (std::size_t i = 1; i < lines.size(); ++i)
            notice.commands.push_back(std::move(lines[i]));
        all.push_back(std::move(notice));
    }
    for (auto const& warning : report.warnings)
        all.push_back({"WARNING", sentence(warning), Tone::Caution});
    if (report.is_dry_run())
        all.push_back({"DRY RUN",
                       fmt::format("nothing was written: {}", sentence(report.dry_run_reason)),
                       Tone::Caution});
    if (report.is_rehearsed)
        all.push_back(rehearsal(report));
    return all;
}

}  // namespace tracking::job
