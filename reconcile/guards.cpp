#include "reconcile/guards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tracking::reconcile {

namespace {

std::size_t base_of(GuardedKind kind, Counts const& counts)
{
    return kind == GuardedKind::Create ? counts.tenants : counts.companies;
}

std::size_t limit_of(GuardLimit const& limit, std::size_t base)
{
    auto const share =
        static_cast<std::size_t>(std::floor(limit.ratio * static_cast<double>(base)));
    auto const allowed = std::max(share, limit.floor);
    return limit.number > 0 ? std::min(allowed, limit.number) : allowed;
}

bool is_counted(Drift const& drift, GuardedKind kind)
{
    return drift.is_due() && guarded_kind_of(*drift.change) == kind;
}

void hold_back(Plan& plan, GuardVerdict const& verdict)
{
    for (auto& drift : plan.drift) {
        if (!is_counted(drift, verdict.kind))
            continue;
        drift.hold = Hold::Guard;
        drift.hold_reason = fmt::format("guard: {} changes of the kind {}, {} are the limit",
                                        verdict.due, name_of(verdict.kind), verdict.limit);
    }
}

}  // namespace

std::string_view name_of(GuardedKind kind)
{
    switch (kind) {
        case GuardedKind::Create:
            return "create";
        case GuardedKind::Change:
            return "change";
        case GuardedKind::Cleanup:
            return "cleanup";
    }
    return "unknown";
}

GuardedKind guarded_kind_of(models::Change const& change)
{
    if (auto const* const restore = models::as<models::Restore>(change)) {
        if (restore->has_removed_company)
            return GuardedKind::Create;
        return restore->has_made_company || restore->was_inactive == true ? GuardedKind::Cleanup
                                                                          : GuardedKind::Change;
    }
    if (models::as<models::CreateCustomer>(change))
        return GuardedKind::Create;
    if (models::is_clean_up(change))
        return GuardedKind::Cleanup;
    return GuardedKind::Change;
}

GuardLimit const& Guards::of(GuardedKind kind) const
{
    switch (kind) {
        case GuardedKind::Create:
            return create;
        case GuardedKind::Change:
            return change;
        case GuardedKind::Cleanup:
            return cleanup;
    }
    return cleanup;
}

std::vector<GuardVerdict> guard(Plan& plan, Guards const& guards,
                                std::span<Allowance const> allowances)
{
    std::vector<GuardVerdict> verdicts;
    for (auto const kind : kGuardedKinds) {
        GuardVerdict verdict{.kind = kind, .base = base_of(kind, plan.counts)};
        verdict.due = static_cast<std::size_t>(std::ranges::count_if(
            plan.drift, [&](Drift const& drift) { return is_counted(drift, kind); }));
        verdict.limit = limit_of(guards.of(kind), verdict.base);
        verdict.is_allowed = std::ranges::any_of(allowances, [&](Allowance const& allowance) {
            return allowance.kind == kind && allowance.count == verdict.due;
        });
        if (verdict.holds_back())
            hold_back(plan, verdict);
        verdicts.push_back(verdict);
    }
    return verdicts;
}

}  // namespace tracking::reconcile
