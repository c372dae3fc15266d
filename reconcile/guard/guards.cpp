#include "reconcile/guard/guards.hpp"

#include "models/values/enum_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace tracking::reconcile {

namespace {

static_assert(models::has_row_for_each(kGuardTable, &GuardRow::kind, GuardedKind::Cleanup));

std::size_t base_of(GuardedKind kind, Counts const& counts)
{
    return row_of(kind).base == GuardBase::Tenants ? counts.tenants : counts.companies;
}

std::size_t limit_of(GuardLimit const& limit, std::size_t base)
{
    auto const share =
        static_cast<std::size_t>(std::floor(limit.ratio * static_cast<double>(base)));
    auto const allowed = std::max(share, limit.floor);
    return limit.number > 0 ? std::min(allowed, limit.number) : allowed;
}

bool is_due(Drift const& drift, GuardedKind kind)
{
    return drift.is_due() && guarded_kind_of(*drift.change) == kind;
}

/// How many changes of the kind are listed, of those that pass.
std::size_t count(std::span<Drift const> drift, GuardedKind kind, auto const& passes)
{
    return static_cast<std::size_t>(std::ranges::count_if(drift, [&](Drift const& one) {
        return one.change && guarded_kind_of(*one.change) == kind && passes(one);
    }));
}

GuardedKind guarded_kind_of(models::Effect effect)
{
    switch (effect) {
        case models::Effect::Makes:
            return GuardedKind::Create;
        case models::Effect::TakesAway:
            return GuardedKind::Cleanup;
        case models::Effect::Changes:
            break;
    }
    return GuardedKind::Change;
}

bool is_due(CountedDrift const& drift, GuardedKind kind)
{
    return drift.is_due() && guarded_kind_of(drift.effect) == kind;
}

std::size_t count_due(Plan const& plan, GuardedKind kind)
{
    auto due = count(plan.drift, kind, [](Drift const& drift) { return drift.is_due(); });
    for (auto const& one : plan.counted)
        due += is_due(one, kind) ? one.count : 0;
    return due;
}

bool is_allowed(GuardVerdict const& verdict, std::span<Allowance const> allowances)
{
    return std::ranges::any_of(allowances, [&](Allowance const& allowance) {
        return allowance.kind == verdict.kind && allowance.count == verdict.looked;
    });
}

void hold_back(Plan& plan, GuardVerdict const& verdict)
{
    hold_back(plan.drift, verdict);
    for (auto& one : plan.counted) {
        if (is_due(one, verdict.kind))
            one.restraint = Restraint::Guard;
    }
}

/// A customer whose name or address is another's until a change that a guard holds back: it would
/// not be made as planned.
void hold_back_takers(Plan& plan)
{
    std::unordered_set<models::TenantId> held;
    for (auto const& drift : plan.drift)
        if (drift.change && drift.restraint == Restraint::Guard)
            held.insert(models::tenant_of(*drift.change));
    std::unordered_set<models::TenantId> takers;
    for (auto const& tie : plan.ties)
        if (tie.takes && held.contains(tie.other))
            takers.insert(tie.one);
    for (auto& drift : plan.drift) {
        if (!drift.is_due() || !models::as<models::CreateCustomer>(*drift.change) ||
            !takers.contains(models::tenant_of(*drift.change)))
            continue;
        drift.restraint = Restraint::Guard;
        drift.restraint_reason =
            "guard: its name or address is another customer's, whose change is held back";
    }
}

}  // namespace

GuardedKind guarded_kind_of(models::Change const& change)
{
    // An undo that makes a company inactive again counts as a clean-up too.
    auto const* const restore = models::as<models::Restore>(change);
    return restore && restore->was_inactive == true ? GuardedKind::Cleanup
                                                    : guarded_kind_of(models::effect_of(change));
}

std::vector<GuardVerdict> guard(Plan& plan, Guards const& guards,
                                std::span<Allowance const> allowances,
                                std::vector<Drift> const* looked_at)
{
    std::vector<GuardVerdict> verdicts;
    for (auto const& row : kGuardTable) {
        auto const kind = row.kind;
        GuardVerdict verdict{.kind = kind, .base = base_of(kind, plan.counts)};
        verdict.left_out = count(plan.drift, kind, [](Drift const& drift) {
            return drift.restraint == Restraint::Selection;
        });
        verdict.due = count_due(plan, kind) + verdict.left_out;
        verdict.limit = limit_of(guards.of(kind), verdict.base);
        verdict.looked =
            looked_at ? count(*looked_at, kind, [](Drift const&) { return true; }) : verdict.due;
        verdict.is_allowed = is_allowed(verdict, allowances);
        if (verdict.holds_back())
            hold_back(plan, verdict);
        verdicts.push_back(verdict);
    }
    hold_back_takers(plan);
    return verdicts;
}

std::vector<GuardVerdict> guard(std::map<GuardedKind, std::size_t> const& due, Counts const& counts,
                                Guards const& guards, std::span<Allowance const> allowances)
{
    std::vector<GuardVerdict> verdicts;
    for (auto const& row : kGuardTable) {
        auto const found = due.find(row.kind);
        GuardVerdict verdict{.kind = row.kind, .base = base_of(row.kind, counts)};
        verdict.due = verdict.looked = found == due.end() ? 0 : found->second;
        verdict.limit = limit_of(guards.of(row.kind), verdict.base);
        verdict.is_allowed = is_allowed(verdict, allowances);
        verdicts.push_back(verdict);
    }
    return verdicts;
}

void hold_back(std::span<Drift> drift, GuardVerdict const& verdict)
{
    for (auto& one : drift) {
        if (!is_due(one, verdict.kind))
            continue;
        one.restraint = Restraint::Guard;
        one.restraint_reason = fmt::format("guard: {} changes of the kind {}, {} are the limit",
                                           verdict.due, name_of(verdict.kind), verdict.limit);
    }
}

std::vector<std::string> objections_to(std::span<Allowance const> allowances,
                                       std::span<GuardVerdict const> verdicts)
{
    std::vector<std::string> objections;
    for (auto const& [kind, count] : allowances) {
        auto const verdict = std::ranges::find(verdicts, kind, &GuardVerdict::kind);
        if (verdict == verdicts.end())
            continue;
        if (verdict->looked <= verdict->limit)
            objections.push_back(fmt::format(
                "--allow {}={}: this guard has not tripped ({} changes of the kind, {} are the "
                "limit); leave the option out",
                name_of(kind), count, verdict->looked, verdict->limit));
        else if (verdict->looked != count)
            objections.push_back(fmt::format(
                "--allow {0}={1}: there are {2} changes of the kind; where just these are right, "
                "say --allow {0}={2}",
                name_of(kind), count, verdict->looked));
    }
    return objections;
}

}  // namespace tracking::reconcile
