#include "job/document/document.hpp"
#include "job/process/shown_text.hpp"

#include "job/document/document_items.hpp"
#include "job/document/trend.hpp"
#include "job/report/overview.hpp"
#include "job/report/wording.hpp"

#include "config/notation/shell_word.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tracking::job {

namespace {

struct Part
{
    std::size_t count;
    std::string_view what;
};

/// The counts as texts. Leaves out those that are zero.
std::vector<std::string> parts_of(std::vector<Part> const& parts)
{
    std::vector<std::string> texts;
    for (auto const& [count, what] : parts) {
        if (count > 0)
            texts.push_back(fmt::format("{} {}", count, what));
    }
    return texts;
}

/// `3 too young, 1 suspended`
std::string listed(std::vector<Part> const& parts)
{
    return fmt::format("{}", fmt::join(parts_of(parts), ", "));
}

std::string prefixed(std::string_view prefix, std::string const& text)
{
    return text.empty() ? text : fmt::format("{}{}", prefix, text);
}

/// Adds the field, unless its text is empty.
void add(std::vector<Field>& fields, std::string label, std::string text)
{
    if (!text.empty())
        fields.push_back({std::move(label), std::move(text)});
}

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

/// What an undo could not take back, in words.
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

std::string timing(Report const& report)
{
    std::vector<std::string> phases;
    for (auto const& phase : report.phases)
        phases.push_back(fmt::format("{} {:.1f}", phase.name, phase.duration.count()));
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
    std::vector<Part> parts;
    for (auto const reason : kRetryReasons)
        parts.push_back({retries[reason], name_of(reason)});
    auto const failures = retries.connection_failures;
    parts.push_back({failures, failures == 1 ? "connection failure" : "connection failures"});
    return listed(parts);
}

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

/// The first numbers that a person looks for.
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
    if (!report.undoes && report.knows_counts)
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
    if (report.is_dry_run)
        all.push_back({"DRY RUN",
                       fmt::format("nothing was written: {}", sentence(report.dry_run_reason)),
                       Tone::Caution});
    if (report.is_rehearsed)
        all.push_back(rehearsal(report));
    return all;
}

/// The sum of all tenants in scope. Empty where an older program did not count them.
std::string scope_of(reconcile::Counts const& counts)
{
    if (counts.in_scope == 0)
        return {};
    auto text = fmt::format(
        "{} = {}", counts.in_scope,
        fmt::join(parts_of({{counts.whole, "with a whole customer"},
                            {counts.differing, "that differ"},
                            {counts.left_alone, "left alone (their customer says \"ignore\")"},
                            {counts.unwatched, "of which only kinds that are off differ"}}),
                  " + "));
    return counts.is_complete()
               ? text
               : text + "; the sum is wrong, so some tenants were lost sight of: report this fault";
}

/// What to say where no drift was found.
std::string without_drift(reconcile::Counts const& counts)
{
    if (counts.whole == counts.in_scope)
        return "No drift: every tenant in scope has its customer.";
    return fmt::format("No drift, but only {} of {} tenants in scope have a whole customer.",
                       counts.whole, counts.in_scope);
}

std::vector<Field> counts_of(reconcile::Counts const& counts)
{
    std::vector<Field> fields;
    add(fields, "tenants",
        fmt::format("{}, of which {} linked to a customer", counts.tenants, counts.tracked));
    add(fields, "left out",
        listed({{counts.young, "too young"},
                {counts.suspended, "suspended"},
                {counts.excluded, "excluded"},
                {counts.other_product, "of another product"}}));
    add(fields, "in scope", scope_of(counts));
    add(fields, "companies",
        fmt::format("{} tagged or linked{}", counts.companies,
                    prefixed(", of which ",
                             listed({{counts.settled, "settled (inactive, no tenant)"},
                                     {counts.ignored, "to be ignored"},
                                     {counts.out_of_scope, "without tenant but out of scope"}}))));
    return fields;
}

Row drift_row(std::string_view name, DriftTally const& tally)
{
    return {name, {tally.found, tally.due, tally.held(), tally.undecided}};
}

/// One row for each kind of drift that was found.
Table drift_table(DriftTallies const& tallies)
{
    Table table{"Drift",
                {{"found", Tone::Bold},
                 {"apply", Tone::Good},
                 {"held", Tone::Caution},
                 {"person", Tone::Caution}},
                {}};
    auto const all = sum_of(tallies);
    if (all.found == 0)
        return table;
    for (auto const& [kind, tally] : tallies) {
        if (tally.found == 0)
            continue;
        auto row = drift_row(name_of(kind), tally);
        row.meaning = reconcile::row_of(kind).meaning;
        if (tally.undecided > 0)
            row.advice = reconcile::row_of(kind).advice;
        table.rows.push_back(std::move(row));
    }
    table.rows.push_back(drift_row("all", all));
    return table;
}

/// As drift_table(), of a saved plan: what the reading found beside it is not known.
Table saved_table(DriftTallies const& tallies)
{
    auto table = drift_table(tallies);
    table.columns = {{"saved", Tone::Bold}, {"apply", Tone::Good}, {"held", Tone::Caution}};
    for (auto& row : table.rows)
        row.counts.pop_back();
    return table;
}

Row change_row(std::string_view name, ChangeTally const& tally)
{
    using models::Outcome;
    auto const& outcomes = tally.outcomes;
    return {name,
            {tally.due, outcomes.at(Outcome::Applied), outcomes.at(Outcome::AlreadyPresent),
             outcomes.at(Outcome::Stale), outcomes.at(Outcome::Failed), tally.not_reached()}};
}

/// One row for each kind of change that was due, with what became of the changes.
Table change_table(std::vector<NamedChangeTally> const& tallies)
{
    Table table{"Changes",
                {{"due", Tone::Bold},
                 {"applied", Tone::Good},
                 {"already there", Tone::Good},
                 {"stale", Tone::Caution},
                 {"failed", Tone::Bad},
                 {"not reached", Tone::Bad}},
                {}};
    for (auto const& [kind, tally] : tallies) {
        if (tally.due > 0)
            table.rows.push_back(change_row(kind, tally));
    }
    table.rows.push_back(change_row("all", sum_of(tallies)));
    return table;
}

/// Contacts whose e-mail address has no type. This is no drift, since it concerns no tenant.
std::string contacts_without_type(Report const& report)
{
    auto const made = [](std::size_t count) {
        return fmt::format("{} of this job without a type of the e-mail address",
                           counted(count, "contact", "contacts"));
    };
    if (!report.has_begun())
        return fmt::format("{}: apply gives it \"work\"", made(report.untyped_contacts));
    auto const given = fmt::format("\"work\" was given to {}",
                                   counted(report.typed_contacts, "contact", "contacts"));
    return report.untyped_contacts > 0 ? fmt::format("{}: {}", made(report.untyped_contacts), given)
                                       : given + ", whose e-mail address had no type";
}

std::string written(Report const& report, models::RowsWritten const& rows)
{
    auto const& applied = report.applied;
    // A run counts a transaction or rollback for its results. Without any, they are from the
    // journal.
    bool const is_past = !applied.results.empty() && applied.transactions + applied.rollbacks == 0;
    return fmt::format(
        "Written: {}, {}, {}{}.", counted(rows.companies, "company", "companies"),
        counted(rows.contacts, "contact", "contacts"), counted(rows.tags, "tag", "tags"),
        is_past ? ""
                : fmt::format(" in {}; {}",
                              counted(applied.transactions, "transaction", "transactions"),
                              counted(applied.rollbacks, "rollback", "rollbacks")));
}

/// A guard counts the whole plan, so that no selection slips past it.
std::string not_selected(reconcile::GuardVerdict const& verdict)
{
    return verdict.left_out > 0 && verdict.left_out < verdict.due
               ? fmt::format("{} of them are not selected. ", verdict.left_out)
               : std::string{};
}

/// The guards that tripped.
std::vector<Notice> guards(Report const& report)
{
    std::vector<Notice> all;
    for (auto const& verdict : report.guards) {
        if (verdict.is_tripped())
            all.push_back(
                {verdict.is_allowed ? "ALLOWED" : "GUARD",
                 fmt::format("{0}: {1} are due, the limit is {2} (of {3}; guard.{0}-ratio, -floor, "
                             "-number). {4}{5}",
                             reconcile::name_of(verdict.kind), verdict.due, verdict.limit,
                             verdict.base, not_selected(verdict),
                             verdict.is_allowed     ? "A person has allowed this plan."
                             : verdict.holds_back() ? "All of them are held back."
                                                    : "None of them is selected."),
                 Tone::Caution});
    }
    return all;
}

std::optional<Step> allowance(Report const& report)
{
    std::string allow;
    for (auto const& verdict : report.guards) {
        if (verdict.holds_back())
            allow +=
                fmt::format(" --allow {}={}", reconcile::name_of(verdict.kind), verdict.looked);
    }
    if (allow.empty())
        return std::nullopt;
    if (report.undoes)
        return Step{"Look at them, and where they are right allow just this undo",
                    {fmt::format("customer-reconcile undo {} --yes{} --reason \"...\"",
                                 report.undoes->str(), allow)}};
    Step step{"Look at them, and where they are right allow just this plan", {}};
    if (report.plan_file.empty())
        step.commands.push_back("customer-reconcile plan --out plan.json" +
                                selection_flags(report.selection));
    step.commands.push_back(fmt::format(
        "customer-reconcile apply {}{}{} --reason \"...\"",
        report.plan_file.empty() ? "plan.json" : config::shell_word(report.plan_file),
        report.command == "apply" && !report.plan_file.empty() ? selection_flags(report.selection)
                                                               : std::string{},
        allow));
    return step;
}

std::string left_by(Report const& report)
{
    if (report.proof && report.proof->reach == ProofReach::Touched)
        return fmt::format(
            "Left, by a fresh read of the {} tenants and companies that were not in "
            "order:",
            report.proof->items);
    return "Left, by a fresh read:";
}

Left what_is_left(Report const& report, ItemLists& lists)
{
    if (report.counted && report.counted->left) {
        auto table = drift_table(*report.counted->left);
        return {table.rows.empty() ? "Left, as the run found: nothing." : "Left, as the run found:",
                table.rows.empty() ? Tone::Good : Tone::Bold,
                std::move(table),
                {}};
    }
    if (!report.residual)
        return {
            "What is left is not known: the databases were not read again.", Tone::Plain, {}, {}};
    if (report.residual->drift.empty())
        return {"Left: nothing.", Tone::Good, {}, lists.drift(*report.residual)};
    return {left_by(report), Tone::Bold, drift_table(tally_drift(*report.residual)),
            lists.drift(*report.residual)};
}

Notice convergence(Report const& report)
{
    if (report.undoes && left_drift(report))
        return report.has_remainder()
                   ? Notice{"undone",
                            what_it_left(report) + "; the items say what was left, and why",
                            Tone::Caution}
                   : Notice{"undone", "yes", Tone::Good};
    auto const converged = report.converged();
    if (!converged)
        return {"converged", "unknown", Tone::Caution};
    if (*converged)
        return {"converged", "yes", Tone::Good};
    auto const all = sum_of(tally_changes(report));
    auto const left = left_drift(report);
    auto const held = left ? sum_of(*left).held_by.at(reconcile::Restraint::Guard) : 0;
    auto const reasons = listed({{all.outcomes.at(models::Outcome::Failed), "failed"},
                                 {all.outcomes.at(models::Outcome::Stale), "stale"},
                                 {held, "held by a guard"},
                                 {left_out_by_selection(report), "not selected"},
                                 {all.not_reached(), "not reached"}});
    return {"converged", "no" + (reasons.empty() ? "" : " (" + reasons + ")"), Tone::Bad};
}

/// The command that applies the plan of the report.
std::string apply_command(Report const& report)
{
    return "customer-reconcile apply" +
           (report.plan_file.empty() ? "" : " " + config::shell_word(report.plan_file));
}

Step next_step(Report const& report, std::size_t due, std::size_t guarded)
{
    if (due + guarded == 0)
        return {.text = "Nothing to do.", .tone = Tone::Good};
    if (report.command != "apply" && !report.plan_file.empty())
        return {counted(due + guarded, "change", "changes") + " saved",
                {apply_command(report)},
                Tone::Bold};
    if (due == 0)
        return {.text = counted(guarded, "change is", "changes are") + " held by a guard.",
                .tone = Tone::Caution};
    auto const changes = counted(due, "change", "changes");
    if (report.undoes)
        return {changes + " would take it back",
                {fmt::format("customer-reconcile undo {} --yes", report.undoes->str())},
                Tone::Bold};
    if (report.command == "plan")
        return {changes + " would be applied",
                {apply_command(report) + selection_flags(report.selection)},
                Tone::Bold};
    return {.text = report.is_dry_run ? fmt::format("Dry run: {} would be applied.", changes)
                                      : changes + " to apply.",
            .tone = Tone::Bold};
}

/// What a person can do about an unwanted ending.
std::optional<Step> remedy(Report const& report)
{
    if (report.words)
        return Step{report.words->remedy, {report.words->command}};
    switch (report.outcome) {
        case Ending::Failed:
        case Ending::Partial:
            if (report.undoes && report.has_begun())
                return Step{
                    "The same command takes back what nothing stands against any more",
                    {fmt::format("customer-reconcile undo {} --yes", report.undoes->str())}};
            if (report.has_begun())
                return Step{"Correct what failed: the next apply tries it again",
                            {"customer-reconcile apply"}};
            [[fallthrough]];
        case Ending::Data:
        case Ending::Unavailable:
        case Ending::Denied:
            return Step{"See what is missing, check by check", {"customer-reconcile doctor"}};
        case Ending::Stale:
            return Step{"Make a new plan, and look at it",
                        {"customer-reconcile plan --out plan.json"}};
        case Ending::Interrupted:
            return Step{"The next run does what this one did not reach."};
        case Ending::Busy:
            return Step{"Run it again when the other run has ended."};
        default:
            return std::nullopt;
    }
}

std::vector<Step> closing(Report const& report)
{
    std::vector<Step> steps;
    if (report.told)
        return steps;
    if (auto step = remedy(report))
        steps.push_back(*std::move(step));
    if (!report.plan)
        return steps;
    if (report.pruned_runs > 0)
        steps.push_back({.text = fmt::format("The journal forgot {} older than journal.retention.",
                                             counted(report.pruned_runs, "run", "runs"))});
    auto const left = left_drift(report);
    auto const tally = sum_of(left ? *left : found_drift(report));
    if (tally.undecided > 0)
        steps.push_back({counted(tally.undecided, "item waits for", "items wait for") + " a person",
                         {"customer-reconcile explain TENANT|COMPANY"}});
    if (!report.has_begun())
        steps.push_back(
            next_step(report, tally.due, tally.held_by.at(reconcile::Restraint::Guard)));
    return steps;
}

void add_plan(Document& document, Report const& report, ItemLists lists)
{
    auto const& plan = *report.plan;
    document.sizes = sizes(report);
    auto const found = found_drift(report);
    if (report.knows_counts)
        document.counts = counts_of(plan.counts);
    if (report.untyped_contacts > 0 || report.typed_contacts > 0)
        add(document.counts, "contacts", contacts_without_type(report));
    if (sum_of(found).found == 0)
        document.in_sync = report.knows_counts ? without_drift(plan.counts)
                           : report.told       ? "The journal has no change of this run."
                                               : "The plan file holds no change.";
    document.drift = report.knows_counts || report.told ? drift_table(found) : saved_table(found);
    if (report.has_begun() && sum_of(tally_drift(plan)).found + report.unlisted.size() > 0) {
        auto const changes = tally_changes(report);
        document.changes = change_table(changes);
        document.written = written(report, sum_of(changes).rows);
    }
    document.guards = guards(report);
    if (!report.told)
        document.allowance = allowance(report);
    document.stale = lists.stale();
    if (report.has_begun()) {
        document.sections = lists.results();
        document.left = what_is_left(report, lists);
        document.convergence = convergence(report);
    } else {
        if (report.is_rehearsed)
            document.sections = lists.rehearsal();
        std::ranges::move(lists.drift(plan, report.unlisted),
                          std::back_inserter(document.sections));
    }
    document.remarks = lists.remarks(plan.remarks);
    if (can_select(report))
        document.selecting = apply_command(report);
}

/// Gives each command the options that it has to repeat.
void complete_commands(Document& document, RepeatedOptions const& repeated)
{
    auto const commands = [&](auto& one) {
        for (auto& command : one.commands)
            command = repeated.complete(std::move(command));
    };
    auto const facts = [&](std::vector<Section>& sections) {
        for (auto& section : sections)
            for (auto& entry : section.entries)
                for (auto& fact : entry.facts)
                    if (fact.is_command)
                        fact.text = repeated.complete(std::move(fact.text));
    };
    std::ranges::for_each(document.notices, commands);
    std::ranges::for_each(document.guards, commands);
    std::ranges::for_each(document.closing, commands);
    if (document.allowance)
        commands(*document.allowance);
    facts(document.sections);
    if (document.left)
        facts(document.left->sections);
    document.selecting = repeated.complete(std::move(document.selecting));
}

}  // namespace

std::string meaning_of(Report const& report)
{
    return report.words ? report.words->meaning : std::string{meaning_of(report.ending())};
}

Document document_of(Report const& report, ListLimit const& limit)
{
    Document document{
        .program = fmt::format("customer-reconcile {} {}", report.version, report.command),
        .verdict = verdict(report),
        .tone = tone_of(report.ending()),
        .place = place(report),
        .origin = origin(report),
        .notices = notices(report),
        .closing = closing(report)};
    if (report.plan)
        add_plan(document, report, {report, limit});
    complete_commands(document, report.repeated);
    return document;
}

std::string rest_of(std::size_t count, std::size_t shown)
{
    return shown < count ? fmt::format("... and {} more; all of them are in --report FILE.json",
                                       count - shown)
                         : std::string{};
}

}  // namespace tracking::job
