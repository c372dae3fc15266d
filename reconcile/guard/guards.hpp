#pragma once

#include "reconcile/plan/plan.hpp"
#include "reconcile/policy/guard_limits.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tracking::reconcile {

GuardedKind guarded_kind_of(models::Change const& change);

/// A person's permission for the changes of a kind, by the count that the person has looked at:
/// that of the plan file, or of what is due where there is none.
struct Allowance
{
    GuardedKind kind{};
    std::size_t count = 0;
};

/// What one guard found. Tripped, and not allowed: all changes of the kind are held back.
struct GuardVerdict
{
    GuardedKind kind{};
    std::size_t due = 0;
    std::size_t limit = 0;
    std::size_t base = 0;    ///< what the ratio is of
    std::size_t looked = 0;  ///< what a person has looked at: no fewer than are due
    bool is_allowed = false;

    bool is_tripped() const { return due > limit; }
    bool holds_back() const { return is_tripped() && !is_allowed; }
};

/// Counts the due changes of each kind, and holds back those whose guard trips. The rest goes on.
/// An allowance counts only where its number is that of the changes in `looked_at` (a plan file's;
/// null: the due ones): of these some may have gone stale since.
std::vector<GuardVerdict> guard(Plan& plan, Guards const& guards,
                                std::span<Allowance const> allowances,
                                std::vector<Drift> const* looked_at = nullptr);

/// A sentence on each allowance that fits no verdict: another count, or no guard that would trip by
/// what the person has looked at.
std::vector<std::string> objections_to(std::span<Allowance const> allowances,
                                       std::span<GuardVerdict const> verdicts);

}  // namespace tracking::reconcile
