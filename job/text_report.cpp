#include "job/text_report.hpp"

#include "job/tally.hpp"
#include "job/terminal.hpp"
#include "job/text_items.hpp"
#include "job/text_tables.hpp"
#include "job/wording.hpp"

#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

namespace tracking::job {

namespace {

Tone tone_of(Outcome outcome)
{
    switch (outcome) {
        case Outcome::Ok:
            return Tone::Good;
        case Outcome::Drift:
        case Outcome::Refused:
        case Outcome::Partial:
        case Outcome::Stale:
        case Outcome::Interrupted:
        case Outcome::Busy:
            return Tone::Caution;
        default:
            return Tone::Bad;
    }
}

class TextReport
{
public:
    TextReport(Report const& report, TextStyle const& style)
        : report_{report},
          list_{.limit = style.list_limit, .read_at = report.server_time},
          page_{style.colors, style.width}
    {}

    std::string render() &&
    {
        print_heading();
        print_messages();
        if (report_.plan) {
            print_counts(report_.plan->counts);
            print_tables();
            print_guards();
            print_stale();
            if (has_begun())
                print_what_became();
            else
                print_drift(page_, *report_.plan, list_);
            print_remarks(page_, report_.plan->remarks, list_);
            print_closing();
        }
        return std::move(page_).take();
    }

private:
    /// An apply that has a run writes; before it, and without it, all there is is a plan.
    bool has_begun() const { return report_.run.has_value(); }

    void field(std::string_view label, std::string_view text)
    {
        if (!text.empty())
            page_.paragraph(fmt::format("  {:<13}", label), text);
    }

    void print_heading()
    {
        auto ending = fmt::format("{} (exit code {})", name_of(report_.outcome),
                                  static_cast<int>(report_.outcome));
        if (auto const meaning = meaning_of(report_.outcome); !meaning.empty())
            ending += fmt::format(": {}", meaning);
        page_.paragraph(page_.paint(Tone::Bold, fmt::format("customer-reconcile {} {}: ",
                                                            report_.version, report_.command)),
                        page_.paint(tone_of(report_.outcome), ending));
        print_databases();
        if (report_.management_tenant)
            field("management",
                  fmt::format("{} {}", in_quotes(report_.management_tenant_name),
                              page_.paint(Tone::Dim, report_.management_tenant->str())));
        if (report_.run)
            field("run", page_.paint(Tone::Dim, report_.run->str()));
        field(report_.server_time ? "read" : "took", timing());
        field("tried again", retries());
    }

    void print_databases()
    {
        auto const generation = report_.generation.empty()
                                    ? std::string{}
                                    : fmt::format(" ({} generation)", report_.generation);
        field("database", sentence(report_.management_database) + generation);
        if (report_.source_database != report_.management_database)
            field("tenants in", sentence(report_.source_database));
    }

    std::string timing() const
    {
        std::vector<std::string> phases;
        for (auto const& phase : report_.phases)
            phases.push_back(fmt::format("{} {:.1f}", phase.name, phase.duration.count()));
        auto text = fmt::format("{:.1f} s", report_.duration.count());
        if (!phases.empty())
            text += fmt::format(" ({})", fmt::join(phases, ", "));
        return report_.server_time
                   ? fmt::format("{}, took {}", utc_text(*report_.server_time), text)
                   : text;
    }

    std::string retries() const
    {
        std::vector<Part> parts;
        for (auto const reason : kRetryReasons)
            parts.push_back({report_.retries[reason], name_of(reason)});
        auto const failures = report_.retries.connection_failures;
        parts.push_back({failures, failures == 1 ? "connection failure" : "connection failures"});
        return listed(parts);
    }

    void print_messages()
    {
        if (report_.error.empty() && report_.warnings.empty() && report_.refusals.empty() &&
            !report_.is_dry_run)
            return;
        page_.gap();
        for (auto const& line : sentences(report_.error))
            page_.paragraph(page_.paint(Tone::Bad, "ERROR    "), line);
        for (auto const& refusal : report_.refusals)
            page_.paragraph(page_.paint(Tone::Bad, "REFUSED  "), sentence(refusal));
        for (auto const& warning : report_.warnings)
            page_.paragraph(page_.paint(Tone::Caution, "WARNING  "), sentence(warning));
        if (report_.is_dry_run)
            page_.paragraph(
                page_.paint(Tone::Caution, "DRY RUN  "),
                fmt::format("nothing was written: {}", sentence(report_.dry_run_reason)));
    }

    void print_counts(reconcile::Counts const& counts)
    {
        page_.gap();
        field("tenants",
              fmt::format("{}, of which {} linked to a customer", counts.tenants, counts.tracked));
        field("left out", listed({{counts.young, "too young"},
                                  {counts.suspended, "suspended"},
                                  {counts.excluded, "excluded"},
                                  {counts.other_product, "of another product"}}));
        field("companies",
              fmt::format(
                  "{} tagged or linked{}", counts.companies,
                  prefixed(", of which ", listed({{counts.settled, "settled (inactive, no tenant)"},
                                                  {counts.ignored, "to be ignored"}}))));
    }

    struct Part
    {
        std::size_t count;
        std::string_view what;
    };

    /// `3 too young, 1 suspended`; what there is none of is left out.
    static std::string listed(std::vector<Part> const& parts)
    {
        std::vector<std::string> texts;
        for (auto const& [count, what] : parts) {
            if (count > 0)
                texts.push_back(fmt::format("{} {}", count, what));
        }
        return fmt::format("{}", fmt::join(texts, ", "));
    }

    static std::string prefixed(std::string_view prefix, std::string const& text)
    {
        return text.empty() ? text : fmt::format("{}{}", prefix, text);
    }

    void print_tables()
    {
        page_.gap();
        if (report_.plan->drift.empty())
            page_.line(
                page_.paint(Tone::Good, "No drift: every tenant in scope has its customer."));
        else
            print_drift_table(page_, tally_drift(*report_.plan));
        if (!has_begun() || !report_.plan->has_due_changes())
            return;
        auto const changes = tally_changes(report_);
        auto const& rows = sum_of(changes).rows;
        page_.gap();
        print_change_table(page_, changes);
        page_.paragraph(
            "  ", fmt::format("Written: {}, {}, {} in {}; {}.",
                              counted(rows.companies, "company", "companies"),
                              counted(rows.contacts, "contact", "contacts"),
                              counted(rows.tags, "tag", "tags"),
                              counted(report_.applied.transactions, "transaction", "transactions"),
                              counted(report_.applied.rollbacks, "rollback", "rollbacks")));
    }

    /// Guards that tripped, with what allows just this.
    void print_guards()
    {
        std::string allow;
        for (auto const& verdict : report_.guards) {
            if (!verdict.is_tripped())
                continue;
            page_.gap();
            auto const name = reconcile::name_of(verdict.kind);
            page_.paragraph(
                page_.paint(Tone::Caution, verdict.is_allowed ? "ALLOWED  " : "GUARD    "),
                fmt::format("{0}: {1} are due, the limit is {2} (of {3}; guard.{0}-ratio, -floor, "
                            "-number). {4}",
                            name, verdict.due, verdict.limit, verdict.base,
                            verdict.is_allowed ? "A person has allowed this plan."
                                               : "All of them are held back."));
            if (verdict.holds_back())
                allow += fmt::format(" --allow {}={}", name, verdict.due);
        }
        if (allow.empty())
            return;
        page_.line("         Look at them, and where they are right allow just this plan:");
        page_.line("           customer-reconcile plan --out plan.json");
        page_.line(
            fmt::format("           customer-reconcile apply plan.json{} --reason \"...\"", allow));
    }

    void print_stale()
    {
        if (report_.stale.empty())
            return;
        page_.gap();
        page_.line(page_.paint(Tone::Caution, fmt::format("No longer valid of the plan file ({})",
                                                          report_.stale.size())));
        auto const shown = list_.limit == 0 ? report_.stale.size() : list_.limit;
        for (auto const& [expected, found] :
             std::span{report_.stale}.first(std::min(shown, report_.stale.size()))) {
            page_.paragraph("  ! expected ",
                            fmt::format("{} for tenant {}", describe(*expected.change),
                                        in_quotes(expected.tenant_name)));
            page_.paragraph("    found    ", sentence(found));
        }
    }

    void print_what_became()
    {
        print_trouble(page_, report_, list_);
        print_done(page_, report_, list_);
        page_.gap();
        if (!report_.residual) {
            page_.line("What is left is not known: the databases were not read again.");
        } else if (report_.residual->drift.empty()) {
            page_.line(page_.paint(Tone::Good, "Left: nothing."));
        } else {
            page_.line(page_.paint(Tone::Bold, "Left, by a fresh read:"));
            print_drift_table(page_, tally_drift(*report_.residual));
            print_drift(page_, *report_.residual, list_);
        }
    }

    void print_closing()
    {
        page_.gap();
        auto const& last = report_.residual ? *report_.residual : *report_.plan;
        auto const tally = sum_of(tally_drift(last));
        if (tally.undecided > 0)
            page_.paragraph(
                "", fmt::format("{} a person: customer-reconcile explain TENANT|COMPANY",
                                counted(tally.undecided, "item waits for", "items wait for")));
        if (has_begun())
            page_.line(convergence());
        else
            page_.line(next_step(tally.due, tally.held_by.at(reconcile::Hold::Guard)));
    }

    std::size_t held_by_guard() const
    {
        return sum_of(tally_drift(*report_.residual)).held_by.at(reconcile::Hold::Guard);
    }

    std::string convergence() const
    {
        auto const converged = report_.converged();
        if (!converged)
            return page_.paint(Tone::Caution, "converged: unknown");
        if (*converged)
            return page_.paint(Tone::Good, "converged: yes");
        auto const all = sum_of(tally_changes(report_));
        auto const reasons = listed({{all.outcomes.at(models::Outcome::Failed), "failed"},
                                     {all.outcomes.at(models::Outcome::Stale), "stale"},
                                     {held_by_guard(), "held by a guard"},
                                     {all.not_reached(), "not reached"}});
        return page_.paint(Tone::Bad,
                           "converged: no" + (reasons.empty() ? "" : " (" + reasons + ")"));
    }

    std::string next_step(std::size_t due, std::size_t guarded) const
    {
        if (due + guarded == 0)
            return page_.paint(Tone::Good, "Nothing to do.");
        if (report_.command == "plan" && !report_.plan_file.empty())
            return fmt::format("{} saved: customer-reconcile apply {}",
                               page_.paint(Tone::Bold, counted(due + guarded, "change", "changes")),
                               report_.plan_file);
        if (due == 0)
            return page_.paint(Tone::Caution,
                               counted(guarded, "change is", "changes are") + " held by a guard.");
        auto const changes = counted(due, "change", "changes");
        if (report_.command == "plan")
            return fmt::format("{} would be applied: customer-reconcile apply",
                               page_.paint(Tone::Bold, changes));
        if (report_.is_dry_run)
            return fmt::format("Dry run: {} would be applied.", page_.paint(Tone::Bold, changes));
        return fmt::format("{} to apply.", page_.paint(Tone::Bold, changes));
    }

    Report const& report_;
    ListStyle list_;
    TextPage page_;
};

}  // namespace

TextStyle style_for(config::Config const& config, int fd)
{
    return {.colors = wants_color(config.color, fd, config::process_environment()) ? Colors::On
                                                                                   : Colors::Off,
            .width = terminal_width(fd),
            .list_limit = static_cast<std::size_t>(config.list_limit)};
}

std::string render_text(Report const& report, TextStyle const& style)
{
    return TextReport{report, style}.render();
}

}  // namespace tracking::job
