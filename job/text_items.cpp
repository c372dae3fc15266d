#include "job/text_items.hpp"

#include "job/tally.hpp"
#include "job/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

namespace tracking::job {

namespace {

using models::Change;
using reconcile::Drift;
using reconcile::DriftKind;
using reconcile::Hold;

/// `+` makes something, `~` changes it, `-` takes it away, `.` waits, `!` is for a person.
char mark_of(Drift const& drift)
{
    if (drift.hold != Hold::None)
        return '.';
    if (!drift.change)
        return '!';
    if (std::holds_alternative<models::CreateCustomer>(*drift.change))
        return '+';
    return std::holds_alternative<models::CleanUp>(*drift.change) ? '-' : '~';
}

Tone tone_of(char mark)
{
    switch (mark) {
        case ' ':
            return Tone::Plain;
        case '.':
        case '!':
            return Tone::Caution;
        case 'x':
            return Tone::Bad;
        default:
            return Tone::Good;
    }
}

/// Prints one item: a mark, then lines that begin with a label. Ids stand before names: they are
/// all of one width, and a name that reads from right to left turns nothing but the end of a line.
class Item
{
public:
    Item(TextPage& page, char mark) : page_{page}, mark_{mark} {}

    template <class Id>
    void party(std::string_view label, Id const& id, std::string const& name)
    {
        field(label, fmt::format("{}  {}", page_.paint(Tone::Dim, id.str()), name));
    }

    void field(std::string_view label, std::string_view text)
    {
        auto const mark = page_.paint(tone_of(mark_), std::string_view{&mark_, 1});
        page_.paragraph(fmt::format("  {} {:<9}", mark, label), text);
        mark_ = ' ';
    }

    void field(std::string_view label, std::string_view text, Tone tone)
    {
        field(label, page_.paint(tone, text));
    }

private:
    TextPage& page_;
    char mark_;
};

Item print_parties(TextPage& page, Drift const& drift, char mark)
{
    Item item{page, mark};
    if (drift.tenant)
        item.party("tenant", *drift.tenant,
                   drift.kind == DriftKind::Orphaned ? "(gone)" : in_quotes(drift.tenant_name));
    if (drift.company)
        item.party("company", *drift.company, in_quotes(drift.company_name));
    return item;
}

/// When a hold ends by itself: `due 2026-10-01 02:00:03 UTC`, `due at the next run`; else empty.
std::string due_text(Drift const& drift, ListStyle const& style)
{
    if (!drift.due_in || !style.read_at)
        return {};
    if (drift.due_in->count() == 0)
        return "due at the next run";
    return "due " + utc_text(*style.read_at + *drift.due_in);
}

void print_item(TextPage& page, Drift const& drift, ListStyle const& style)
{
    auto item = print_parties(page, drift, mark_of(drift));
    if (!drift.detail.empty())
        item.field("seen", sentence(drift.detail));
    if (auto const age = age_of(drift); !age.empty())
        item.field("age", age);
    if (drift.change)
        item.field(drift.is_due() ? "will" : "would", describe(*drift.change));
    if (drift.hold == Hold::None)
        return;
    auto const due = due_text(drift, style);
    item.field("held", sentence(drift.hold_reason) + (due.empty() ? "" : "; " + due),
               Tone::Caution);
}

std::string with_sqlstate(models::Receipt const& receipt)
{
    auto const reason = sentence(receipt.reason);
    return receipt.sqlstate.empty() ? reason
                                    : fmt::format("SQLSTATE {}: {}", receipt.sqlstate, reason);
}

void print_result(TextPage& page, Drift const& drift, models::Receipt const& receipt)
{
    using models::Outcome;
    auto const outcome = receipt.outcome;
    auto item = print_parties(page, drift, outcome == Outcome::Failed ? 'x' : mark_of(drift));
    if (outcome == Outcome::Applied && !drift.company)
        item.field("company", company_of(*drift.change).str(), Tone::Dim);
    item.field(outcome == Outcome::Applied ? "did" : "planned", describe(*drift.change));
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
            if (!reason.empty())
                item.field("note", reason);
            break;
    }
}

/// At most the limit of them, and how many more there are.
template <class T>
void print_list(TextPage& page, std::span<T const> all, ListStyle const& style, auto const& print)
{
    auto const shown = style.limit == 0 ? all.size() : std::min(style.limit, all.size());
    for (auto const& one : all.first(shown))
        print(one);
    if (shown < all.size())
        page.paragraph("    ", fmt::format("... and {} more; all of them are in --report FILE.json",
                                           all.size() - shown));
}

std::string first_due(std::span<Drift const> drift, ListStyle const& style)
{
    Drift const* first = nullptr;
    for (auto const& one : drift) {
        if (one.hold == Hold::Grace && one.due_in && (!first || one.due_in < first->due_in))
            first = &one;
    }
    return first ? due_text(*first, style) : std::string{};
}

/// `9 to apply, 2 in grace (first due 2026-10-04 02:00:00 UTC), 1 waived`
std::string summary_of(DriftTally const& tally, std::string_view first_due)
{
    std::vector<std::string> parts;
    if (tally.due > 0)
        parts.push_back(fmt::format("{} to apply", tally.due));
    for (auto const& [hold, count] : tally.held_by) {
        auto part = fmt::format("{} {}", count, participle_of(hold));
        if (hold == Hold::Grace && !first_due.empty())
            part += fmt::format(" (first {})", first_due);
        parts.push_back(std::move(part));
    }
    if (tally.undecided > 0)
        parts.push_back(fmt::format("{} for a person", tally.undecided));
    return fmt::format("{}", fmt::join(parts, ", "));
}

void print_section_head(TextPage& page, std::span<Drift const> items, ListStyle const& style)
{
    auto const kind = items.front().kind;
    DriftTally tally;
    for (auto const& one : items)
        tally.add(one);
    page.gap();
    page.paragraph(page.paint(Tone::Bold, fmt::format("{} ({}): ", name_of(kind), tally.found)),
                   summary_of(tally, first_due(items, style)));
    if (auto const advice = advice_on(kind); tally.undecided > 0 && !advice.empty())
        page.paragraph("    ", page.paint(Tone::Dim, fmt::format("To do: {}.", advice)));
}

/// What became of the changes of one outcome (null: never tried), as one list.
void print_results(TextPage& page, Report const& report, ListStyle const& style,
                   std::string_view title, Tone tone, auto const& belongs)
{
    auto const& drift = report.plan->drift;
    auto const receipts = receipts_by_drift(report);
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < drift.size(); ++i) {
        if (drift[i].is_due() && belongs(*drift[i].change, receipts[i]))
            indices.push_back(i);
    }
    if (indices.empty())
        return;
    page.gap();
    page.line(page.paint(tone, fmt::format("{} ({})", title, indices.size())));
    print_list(page, std::span<std::size_t const>{indices}, style, [&](std::size_t i) {
        if (receipts[i])
            print_result(page, drift[i], *receipts[i]);
        else
            print_item(page, drift[i], style);
    });
}

auto ended_as(models::Outcome outcome)
{
    return [outcome](Change const&, models::Receipt const* receipt) {
        return receipt && receipt->outcome == outcome;
    };
}

}  // namespace

void print_drift(TextPage& page, reconcile::Plan const& plan, ListStyle const& style)
{
    if (plan.drift.empty())
        return;
    page.gap();
    page.line(page.paint(
        Tone::Dim, "Marks: + create, ~ change, - clean up, . held back, ! for a person to decide"));
    std::span<Drift const> rest{plan.drift};
    while (!rest.empty()) {
        auto const kind = rest.front().kind;
        auto const end = std::ranges::find_if(rest, [&](auto const& d) { return d.kind != kind; });
        auto const items = rest.first(static_cast<std::size_t>(end - rest.begin()));
        print_section_head(page, items, style);
        print_list(page, items, style, [&](Drift const& one) { print_item(page, one, style); });
        rest = rest.subspan(items.size());
    }
}

void print_trouble(TextPage& page, Report const& report, ListStyle const& style)
{
    print_results(page, report, style, "Failed", Tone::Bad, ended_as(models::Outcome::Failed));
    print_results(page, report, style, "Stale: no longer as planned, left alone", Tone::Caution,
                  ended_as(models::Outcome::Stale));
    print_results(page, report, style, "Not reached: the run ended before", Tone::Bad,
                  [](Change const&, models::Receipt const* receipt) { return !receipt; });
}

void print_done(TextPage& page, Report const& report, ListStyle const& style)
{
    for (auto const& named : tally_changes(report)) {
        print_results(page, report, style, fmt::format("Done: {}", named.kind), Tone::Good,
                      [&](Change const& change, models::Receipt const* receipt) {
                          return name_of(change) == named.kind && receipt &&
                                 (receipt->outcome == models::Outcome::Applied ||
                                  receipt->outcome == models::Outcome::AlreadyPresent);
                      });
    }
}

void print_remarks(TextPage& page, std::vector<std::string> const& remarks, ListStyle const& style)
{
    if (remarks.empty())
        return;
    page.gap();
    page.line(page.paint(Tone::Bold, fmt::format("Remarks ({})", remarks.size())));
    print_list(page, std::span{remarks}, style,
               [&](std::string const& remark) { page.paragraph("  * ", sentence(remark)); });
}

}  // namespace tracking::job
