#include "job/document/document_items.hpp"

#include "job/document/document_entry.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/overview.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace tracking::job {

namespace {

using reconcile::Drift;
using reconcile::DriftKind;
using reconcile::Restraint;

std::string first_due(std::span<Drift const> drift, Report const& report)
{
    Drift const* first = nullptr;
    for (auto const& one : drift) {
        if (one.restraint == Restraint::Grace && one.due_in &&
            (!first || one.due_in < first->due_in))
            first = &one;
    }
    return first ? due_text(*first, report) : std::string{};
}

/// `9 to apply, 2 in grace (first due 2026-10-04 02:00:00 UTC), 1 waived`
std::string summary_of(DriftTally const& tally, std::string_view first_due)
{
    std::vector<std::string> parts;
    if (tally.due > 0)
        parts.push_back(fmt::format("{} to apply", tally.due));
    for (auto const& [restraint, count] : tally.held_by) {
        auto part = fmt::format("{} {}", count, reconcile::row_of(restraint).participle);
        if (restraint == Restraint::Grace && !first_due.empty())
            part += fmt::format(" (first {})", first_due);
        parts.push_back(std::move(part));
    }
    if (tally.undecided > 0)
        parts.push_back(fmt::format("{} for a person", tally.undecided));
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// A clean-up that a person must not overlook: it will be done, or waits only for a guard.
bool is_clean_up_at_hand(Drift const& drift)
{
    return reconcile::row_of(drift.kind).remedy == reconcile::Remedy::CleanUp && drift.change &&
           (drift.is_due() || drift.restraint == Restraint::Guard);
}

/// Where a kind stands in the lists: clean-ups, what a person decides, everything else.
int place_of(DriftKind kind)
{
    switch (reconcile::row_of(kind).remedy) {
        case reconcile::Remedy::CleanUp:
            return 0;
        case reconcile::Remedy::Person:
            return 1;
        default:
            return 2;
    }
}

/// How many of each can be listed where they share the room. What a small one leaves is the
/// others'.
std::size_t fair_share(std::vector<std::size_t> counts, std::size_t room)
{
    std::ranges::sort(counts);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        auto const share = room / (counts.size() - i);
        if (counts[i] > share)
            return share;
        room -= counts[i];
    }
    return std::numeric_limits<std::size_t>::max();
}

bool takes_away(std::string_view kind_of_change)
{
    auto const change = models::blank_change(kind_of_change);
    return change && effect_of(*change) == models::Effect::TakesAway;
}

}  // namespace

ItemLists::ItemLists(Report const& report, ListLimit const& limit)
    : report_{report},
      fates_{fates_of(report)},
      receipts_{receipts_by_drift(report)},
      each_{limit.each == 0 ? std::numeric_limits<std::size_t>::max() : limit.each},
      left_{limit.in_all == 0 ? std::numeric_limits<std::size_t>::max() : limit.in_all},
      of_a_kind_{left_}
{}

bool ItemLists::has_to_be_listed(Drift const& drift) const
{
    bool const lists_kinds_whole = each_ == std::numeric_limits<std::size_t>::max();
    return is_clean_up_at_hand(drift) || (lists_kinds_whole && fate_of(drift) == Fate::Undecided);
}

void ItemLists::share_room_between(std::vector<std::span<Drift const>> const& kinds,
                                   std::size_t others)
{
    auto room = left_;
    std::vector<std::size_t> counts{others};
    for (auto const& items : kinds) {
        auto const fixed = static_cast<std::size_t>(
            std::ranges::count_if(items, [&](Drift const& one) { return has_to_be_listed(one); }));
        room -= std::min(room, fixed);
        counts.push_back(items.size() - fixed);
    }
    of_a_kind_ = fair_share(std::move(counts), room);
}

/// How many of `count` items are listed. Takes them off what is left for the document.
std::size_t ItemLists::share_of(std::size_t count, std::size_t at_least)
{
    auto const share =
        std::max(std::min({count, each_, left_, at_least + std::min(count, of_a_kind_)}), at_least);
    left_ -= std::min(left_, share);
    return share;
}

Section ItemLists::section(std::string title, Tone tone, Range range, auto const& entry)
{
    Section section{.title = std::move(title), .tone = tone, .count = range.items + range.unlisted};
    auto const shown = std::min(share_of(section.count, range.at_least), range.items);
    section.entries.reserve(shown);
    for (std::size_t i = 0; i < shown; ++i)
        section.entries.push_back(entry(i));
    return section;
}

Section ItemLists::section_of(reconcile::Plan const& plan, std::span<Drift const> items,
                              std::span<Unlisted const> unlisted)
{
    auto const kind = items.front().kind;
    DriftTally tally;
    std::vector<Drift const*> in_order;
    for (auto const& one : items) {
        tally.add(one);
        in_order.push_back(&one);
    }
    for (auto const& one : unlisted) {
        if (one.drift == kind)
            tally.add(one.count, one.restraint);
    }
    for (auto const& one : plan.counted) {
        if (one.kind == kind)
            tally.add(one.count, one.restraint);
    }
    auto const rest = std::stable_partition(
        in_order.begin(), in_order.end(), [&](auto const* one) { return has_to_be_listed(*one); });
    auto const at_least = static_cast<std::size_t>(rest - in_order.begin());
    Range const range{items.size(), at_least, tally.found - items.size()};
    auto made = section(std::string{name_of(kind)}, Tone::Bold, range, [&](std::size_t i) {
        auto const& one = *in_order[i];
        return entry_of(one, fate_of(one), report_, plan.is_new(one).value_or(false));
    });
    made.summary = summary_of(tally, first_due(items, report_));
    if (tally.undecided > 0)
        made.advice = reconcile::row_of(kind).advice;
    return made;
}

std::vector<Section> ItemLists::drift(reconcile::Plan const& plan,
                                      std::span<Unlisted const> unlisted)
{
    std::vector<std::span<Drift const>> kinds;
    for (std::span<Drift const> rest{plan.drift}; !rest.empty();) {
        auto const kind = rest.front().kind;
        auto const end = std::ranges::find_if(rest, [&](auto const& d) { return d.kind != kind; });
        kinds.push_back(rest.first(static_cast<std::size_t>(end - rest.begin())));
        rest = rest.subspan(kinds.back().size());
    }
    std::ranges::stable_sort(kinds, {},
                             [](auto const& items) { return place_of(items.front().kind); });
    share_room_between(kinds, plan.left_alone.size());
    auto sections = models::each_of(
        kinds, [&](auto const& items) { return section_of(plan, items, unlisted); });
    of_a_kind_ = left_;
    if (auto const& alone = plan.left_alone; !alone.empty())
        sections.push_back(section("left alone", Tone::Bold, {alone.size()}, [&](std::size_t i) {
            return entry_of(alone[i], fate_of(alone[i]), report_, false);
        }));
    return sections;
}

/// How many of the unlisted changes belong.
std::size_t ItemLists::unlisted(auto const& belongs) const
{
    std::size_t sum = 0;
    for (auto const& one : report_.unlisted)
        sum += belongs(one) ? one.count : 0;
    return sum;
}

/// Adds the changes that belong as one section; adds none where no change does.
void ItemLists::add_results(std::vector<Section>& sections, std::string title, Tone tone,
                            std::size_t unlisted, auto const& belongs)
{
    auto const& plan = *report_.plan;
    auto const& drift = plan.drift;
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < drift.size(); ++i) {
        if (drift[i].change && belongs(i))
            indices.push_back(i);
    }
    if (indices.size() + unlisted == 0)
        return;
    auto const rest = std::stable_partition(indices.begin(), indices.end(), [&](auto const i) {
        return is_clean_up_at_hand(drift[i]);
    });
    Range const range{indices.size(), static_cast<std::size_t>(rest - indices.begin()), unlisted};
    sections.push_back(section(std::move(title), tone, range, [&](std::size_t at) {
        auto const i = indices[at];
        bool const is_new = plan.is_new(drift[i]).value_or(false);
        return receipts_[i] ? entry_of(drift[i], fates_[i], *receipts_[i], is_new)
                            : entry_of(drift[i], fates_[i], report_, is_new);
    }));
}

void ItemLists::add_trouble(std::vector<Section>& sections)
{
    auto const ended_as = [&](Fate wanted) {
        return [&, wanted](std::size_t i) { return fates_[i] == wanted; };
    };
    add_results(sections, "Failed", Tone::Bad, 0, ended_as(Fate::Failed));
    add_results(sections, "Stale: no longer as planned, left alone", Tone::Caution, 0,
                ended_as(Fate::Stale));
    auto const is_untried = [](Unlisted const& one) { return one.is_due() && !one.outcome; };
    add_results(sections, "Not reached: the run ended before", Tone::Bad, unlisted(is_untried),
                ended_as(Fate::NotReached));
}

std::vector<Section> ItemLists::rehearsal()
{
    std::vector<Section> sections;
    add_trouble(sections);
    return sections;
}

std::vector<Section> ItemLists::results()
{
    std::vector<Section> sections;
    add_trouble(sections);
    auto const is_kept = [&](std::size_t i) {
        return report_.undoes && fates_[i] == Fate::Applied && receipts_[i] &&
               !receipts_[i]->reason.empty();
    };
    add_results(sections, "Kept: touched since, or referred to", Tone::Caution, 0, is_kept);
    auto kinds = tally_changes(report_);
    std::stable_partition(kinds.begin(), kinds.end(),
                          [](auto const& one) { return takes_away(one.kind); });
    of_a_kind_ = fair_share(
        models::each_of(kinds, [](auto const& named) { return named.tally.due; }), left_);
    for (auto const& named : kinds) {
        auto const is_done = [&](Unlisted const& one) {
            return one.change == named.kind && one.outcome;
        };
        add_results(sections, fmt::format("Done: {}", named.kind), Tone::Good, unlisted(is_done),
                    [&](std::size_t i) {
                        return name_of(*report_.plan->drift[i].change) == named.kind &&
                               !is_kept(i) &&
                               (fates_[i] == Fate::Applied || fates_[i] == Fate::AlreadyPresent);
                    });
    }
    of_a_kind_ = left_;
    return sections;
}

std::optional<Section> ItemLists::stale()
{
    auto const& stale = report_.stale;
    if (stale.empty())
        return std::nullopt;
    return section("No longer valid of the plan file", Tone::Caution, {stale.size()},
                   [&](std::size_t i) { return entry_of(stale[i]); });
}

Remarks ItemLists::remarks(std::vector<std::string> const& all)
{
    Remarks remarks{.count = all.size(), .texts = {}};
    for (auto const& remark : std::span{all}.first(share_of(all.size(), 0)))
        remarks.texts.push_back(sentence(remark));
    return remarks;
}

}  // namespace tracking::job
