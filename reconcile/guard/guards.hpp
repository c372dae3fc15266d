#pragma once

#include "reconcile/plan/plan.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Changes that are counted together against one limit.
enum class GuardedKind
{
    Create,
    Change,
    Cleanup
};

inline constexpr std::array kGuardedKinds{GuardedKind::Create, GuardedKind::Change,
                                          GuardedKind::Cleanup};

/// As configuration, `--allow` and reports write it: `create`, `change`, `cleanup`.
std::string_view name_of(GuardedKind kind);

GuardedKind guarded_kind_of(models::Change const& change);

/// How many changes of a kind one run may make. Up to `floor` the ratio is not asked.
struct GuardLimit
{
    std::size_t number = 0;  ///< at most that many; 0: no such limit
    double ratio = 0;        ///< of the tenants (creates) or of the customers (the others), 0 to 1
    std::size_t floor = 0;
};

struct Guards
{
    GuardLimit create{.ratio = 0.20, .floor = 100};
    GuardLimit change{.ratio = 0.20, .floor = 100};
    GuardLimit cleanup{.ratio = 0.05, .floor = 10};

    GuardLimit const& of(GuardedKind kind) const;
};

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
