#include "job/report/tally.hpp"

#include "models/values/enum_table.hpp"
#include "models/values/lists.hpp"

#include <algorithm>
#include <iterator>

namespace tracking::job {

namespace {

using reconcile::Drift;

static_assert(models::has_row_for_each(kFateTable, &FateRow::fate, Fate::Undecided));

/// With zeros.
NamedChangeTally empty_tally(models::Change const& change)
{
    NamedChangeTally named{name_of(change), {}};
    for (auto const outcome : kChangeOutcomes)
        named.tally.outcomes[outcome] = 0;
    return named;
}

Fate fate_of(models::Outcome outcome)
{
    switch (outcome) {
        case models::Outcome::Applied:
            return Fate::Applied;
        case models::Outcome::AlreadyPresent:
            return Fate::AlreadyPresent;
        case models::Outcome::Stale:
            return Fate::Stale;
        case models::Outcome::Failed:
            return Fate::Failed;
        case models::Outcome::Rehearsed:
            return Fate::Rehearsed;
    }
    return Fate::Failed;
}

/// The fate of what has no receipt, in this report.
Fate untried(Fate fate, Report const& report)
{
    return fate == Fate::Due && report.has_begun() ? Fate::NotReached : fate;
}

Fate fate_of(Unlisted const& one, Report const& report)
{
    if (one.outcome)
        return fate_of(*one.outcome);
    return untried(one.is_due() ? Fate::Due : Fate::Held, report);
}

}  // namespace

Fate fate_of(Drift const& drift)
{
    if (drift.restraint != reconcile::Restraint::None ||
        drift.kind == reconcile::DriftKind::Ignored)
        return Fate::Held;
    return drift.change ? Fate::Due : Fate::Undecided;
}

std::vector<Fate> fates_of(Report const& report)
{
    std::vector<Fate> fates;
    if (!report.plan)
        return fates;
    fates.reserve(report.plan->drift.size());
    for (auto const& drift : report.plan->drift)
        fates.push_back(untried(fate_of(drift), report));
    for (auto const& [index, receipt] : report.applied.results)
        fates.at(index) = fate_of(receipt.outcome);
    return fates;
}

void visit_items(Report const& report, std::function<void(ListedItem const&)> const& visit)
{
    if (report.all_items)
        return report.all_items([&](Drift const& drift, models::Receipt const* receipt) {
            auto const fate = receipt ? fate_of(receipt->outcome) : untried(fate_of(drift), report);
            visit({drift, fate, receipt});
        });
    auto const fates = fates_of(report);
    auto const receipts = receipts_by_drift(report);
    for (std::size_t i = 0; i < fates.size(); ++i)
        visit({report.plan->drift[i], fates[i], receipts[i]});
}

FateTallies tally_fates(Report const& report)
{
    FateTallies tallies;
    auto const fates = fates_of(report);
    for (std::size_t i = 0; i < fates.size(); ++i)
        ++tallies[report.plan->drift[i].kind][fates[i]];
    for (auto const& one : report.unlisted)
        tallies[one.drift][fate_of(one, report)] += one.count;
    return tallies;
}

std::size_t DriftTally::held() const
{
    return found - due - undecided;
}

void DriftTally::add(Drift const& drift)
{
    if (drift.restraint != reconcile::Restraint::None || drift.change)
        return add(1, drift.restraint);
    ++found;
    ++undecided;
}

void DriftTally::add(std::size_t changes, reconcile::Restraint restraint)
{
    found += changes;
    (restraint == reconcile::Restraint::None ? due : held_by[restraint]) += changes;
}

DriftTally& DriftTally::operator+=(DriftTally const& other)
{
    found += other.found;
    due += other.due;
    undecided += other.undecided;
    for (auto const& [restraint, count] : other.held_by)
        held_by[restraint] += count;
    return *this;
}

DriftTallies tally_drift(reconcile::Plan const& plan)
{
    DriftTallies tallies;
    for (auto const kind : reconcile::kDriftKinds) {
        for (auto const restraint : kRestraints)
            tallies[kind].held_by[restraint] = 0;
    }
    for (auto const& drift : plan.drift) {
        auto const [tally, is_new] = tallies.try_emplace(drift.kind);
        if (is_new) {
            for (auto const restraint : kRestraints)
                tally->second.held_by[restraint] = 0;
        }
        tally->second.add(drift);
    }
    for (auto const& one : plan.counted)
        tallies[one.kind].add(one.count, one.restraint);
    return tallies;
}

void count(std::vector<Unlisted>& all, Unlisted const& one)
{
    auto const found = std::ranges::find_if(all, [&](Unlisted const& of) {
        return of.drift == one.drift && of.change == one.change && of.guarded == one.guarded &&
               of.restraint == one.restraint && of.outcome == one.outcome;
    });
    if (found == all.end()) {
        all.push_back(one);
        return;
    }
    found->count += one.count;
    found->rows += one.rows;
}

DriftTallies found_drift(Report const& report)
{
    if (report.counted)
        return report.counted->found;
    auto tallies = tally_drift(*report.plan);
    for (auto const& one : report.unlisted)
        tallies[one.drift].add(one.count, one.restraint);
    return tallies;
}

std::optional<DriftTallies> left_drift(Report const& report)
{
    if (report.counted)
        return report.counted->left;
    return report.residual ? std::optional{tally_drift(*report.residual)} : std::nullopt;
}

DriftTally sum_of(DriftTallies const& tallies)
{
    DriftTally sum;
    for (auto const& [kind, tally] : tallies)
        sum += tally;
    return sum;
}

std::size_t ChangeTally::not_reached() const
{
    auto rest = due;
    for (auto const& [outcome, count] : outcomes)
        rest -= count;
    return rest;
}

ChangeTally& ChangeTally::operator+=(ChangeTally const& other)
{
    due += other.due;
    for (auto const& [outcome, count] : other.outcomes)
        outcomes[outcome] += count;
    rows += other.rows;
    return *this;
}

std::vector<NamedChangeTally> tally_changes(Report const& report)
{
    if (report.counted)
        return report.counted->changes;
    auto tallies = models::each_of(models::blank_changes(), empty_tally);
    if (!report.plan)
        return tallies;
    for (auto const& stale : report.stale) {
        auto& tally = tallies[stale.expected.change->index()].tally;
        ++tally.due;
        ++tally.outcomes[models::Outcome::Stale];
    }
    for (auto const& drift : report.plan->drift) {
        if (drift.is_due())
            ++tallies[drift.change->index()].tally.due;
    }
    for (auto const& [index, receipt] : report.applied.results) {
        auto const& drift = report.plan->drift.at(index);
        auto& tally = tallies[drift.change->index()].tally;
        tally.due += drift.is_due() ? 0 : 1;
        ++tally.outcomes[receipt.outcome];
        tally.rows += receipt.rows;
    }
    for (auto const& one : report.unlisted) {
        auto& tally = std::ranges::find(tallies, one.change, &NamedChangeTally::kind)->tally;
        tally.due += one.is_due() ? one.count : 0;
        if (one.outcome)
            tally.outcomes[*one.outcome] += one.count;
        tally.rows += one.rows;
    }
    return tallies;
}

ChangeTally sum_of(std::vector<NamedChangeTally> const& tallies)
{
    ChangeTally sum;
    for (auto const& [kind, tally] : tallies)
        sum += tally;
    return sum;
}

std::vector<models::Receipt const*> receipts_by_drift(Report const& report)
{
    std::vector<models::Receipt const*> receipts(report.plan ? report.plan->drift.size() : 0);
    for (auto const& [index, receipt] : report.applied.results)
        receipts.at(index) = &receipt;
    return receipts;
}

}  // namespace tracking::job
