#include "job/document/document_entry.hpp"

#include "job/process/shown_text.hpp"
#include "job/report/overview.hpp"
#include "job/report/wording.hpp"

#include "models/rules/utc.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

using reconcile::Drift;
using reconcile::DriftKind;
using reconcile::Restraint;

/// `+` makes something, `~` changes it, `-` takes it away, `.` waits, `!` is for a person.
char mark_of(Drift const& drift)
{
    if (drift.restraint != Restraint::None || drift.kind == DriftKind::Ignored)
        return '.';
    if (!drift.change)
        return '!';
    switch (effect_of(*drift.change)) {
        case models::Effect::Makes:
            return '+';
        case models::Effect::Changes:
            return '~';
        case models::Effect::TakesAway:
            return '-';
    }
    return '~';
}

/// Builds an entry. What the job does not know is left out.
class Item
{
public:
    Item(Drift const& drift, char mark, Fate fate)
        : entry_{.mark = mark, .kind = name_of(drift.kind), .fate = fate}
    {
        if (drift.tenant)
            entry_.tenant = {drift.tenant->str(), drift.kind == DriftKind::Orphaned
                                                      ? "(gone)"
                                                      : in_quotes(drift.tenant_name)};
        if (drift.company)
            entry_.company = {drift.company->str(), in_quotes(drift.company_name)};
        if (auto const* const group = reconcile::group_of(drift)) {
            name_all("tenant", group->tenants, drift.tenant);
            name_all("company", group->companies, drift.company);
        }
    }

    /// Marks the one whose id is this.
    void choose(std::string const& id, Choice choice)
    {
        for (auto* subject : {&entry_.tenant, &entry_.company})
            if (*subject && (*subject)->id == id)
                (*subject)->choice = choice;
    }

    void is_new(bool is_new) { entry_.is_new = is_new; }

    void company(models::CompanyId const& id) { entry_.company = {id.str(), ""}; }

    void field(std::string label, std::string text, Tone tone = Tone::Plain)
    {
        if (!text.empty())
            entry_.facts.push_back({std::move(label), std::move(text), tone});
    }

    void command(std::string label, std::string text)
    {
        entry_.facts.push_back({.label = std::move(label),
                                .text = std::move(text),
                                .tone = Tone::Plain,
                                .is_command = true});
    }

    Entry take() && { return std::move(entry_); }

private:
    /// Names the first of them, except the one that the entry is about.
    template <class Id>
    void name_all(std::string const& label, std::vector<reconcile::Named<Id>> const& all,
                  std::optional<Id> const& main)
    {
        for (auto const& [id, name] : models::first_of(all, kNamedOfGroup)) {
            if (id != main)
                field(label, fmt::format("{}  {}", id.str(), in_quotes(name)));
        }
        field(label, rest_of(all.size(), std::min(all.size(), kNamedOfGroup)));
    }

    Entry entry_;
};

/// The values before and after. Leaves out where the sentence before tells both, and repeats no id
/// that stands above.
void add_values(Item& item, models::Change const& change)
{
    for (auto const& [field, before, after] : values_of(change)) {
        if (!before.empty() && !after.empty() && !models::as<models::RenameCompany>(change))
            item.field(std::string{field},
                       before + " -> " + (field == "link" ? "the tenant's id" : after));
    }
}

/// What selecting the item does. What a plan file does not hold cannot be selected from it: when it
/// was made, that is what its own selection left out.
Choice choice_of(Drift const& drift, Report const& report)
{
    if (!drift.change || !can_select(report) || drift.restraint == Restraint::PlanFile)
        return Choice::No;
    if (drift.restraint == Restraint::Selection)
        return report.plan_file.empty() || report.command == "apply" ? Choice::Done : Choice::No;
    return drift.is_due() ? Choice::Done : Choice::Held;
}

std::string with_sqlstate(models::Receipt const& receipt)
{
    auto const reason = sentence(receipt.reason);
    return receipt.sqlstate.empty() ? reason
                                    : fmt::format("SQLSTATE {}: {}", receipt.sqlstate, reason);
}

}  // namespace

std::string due_text(Drift const& drift, Report const& report)
{
    if (!drift.due_in || !report.server_time)
        return {};
    if (drift.due_in->count() == 0)
        return "due at the next run";
    return "due " + models::utc_text(*report.server_time + *drift.due_in);
}

Entry entry_of(Drift const& drift, Fate fate, Report const& report, bool is_new)
{
    Item item{drift, mark_of(drift), fate};
    item.is_new(is_new);
    if (auto const choice = choice_of(drift, report); choice != Choice::No)
        item.choose(reconcile::item_id_of(drift), choice);
    item.field("seen", sentence(drift.detail));
    item.field("age", age_of(drift));
    if (drift.change) {
        item.field(drift.is_due() ? "will" : "would", describe(*drift.change));
        add_values(item, *drift.change);
    }
    for (auto& command : ways_out(drift))
        item.command("decide", std::move(command));
    if (drift.restraint != Restraint::None) {
        auto const due = due_text(drift, report);
        item.field("held", sentence(drift.restraint_reason) + (due.empty() ? "" : "; " + due),
                   Tone::Caution);
    }
    return std::move(item).take();
}

Entry entry_of(Drift const& drift, Fate fate, models::Receipt const& receipt, bool is_new)
{
    using models::Outcome;
    auto const outcome = receipt.outcome;
    Item item{drift, outcome == Outcome::Failed ? 'x' : mark_of(drift), fate};
    item.is_new(is_new);
    if (outcome == Outcome::Applied && !drift.company)
        item.company(company_of(*drift.change));
    item.field(outcome == Outcome::Applied ? "did" : "planned", describe(*drift.change));
    add_values(item, *drift.change);
    auto const reason = with_sqlstate(receipt);
    switch (outcome) {
        case Outcome::Failed:
            item.field("failed", reason, Tone::Bad);
            break;
        case Outcome::Stale:
            item.field("stale", reason, Tone::Caution);
            break;
        case Outcome::AlreadyPresent:
            item.field("found", reason.empty() ? "already done by somebody else" : reason);
            break;
        case Outcome::Applied:
        case Outcome::Rehearsed:
            item.field("note", reason);
            break;
    }
    return std::move(item).take();
}

Entry entry_of(reconcile::StaleChange const& stale)
{
    auto const& expected = stale.expected;
    Item item{expected, '!', Fate::Stale};
    item.field("expected", describe(*expected.change));
    item.field("found", sentence(describe(stale)));
    return std::move(item).take();
}

}  // namespace tracking::job
