#pragma once

#include "reconcile/plan/plan.hpp"
#include "reconcile/policy/guard_limits.hpp"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tracking::reconcile {

GuardedKind guarded_kind_of(models::Change const& change);

/// A person's permission for the changes of one kind. It holds for exactly the count that the
/// person has looked at: that of the plan file, or of the due changes where there is no file.
struct Allowance
{
    GuardedKind kind{};
    std::size_t count = 0;
};

/// What one guard found. Where it tripped and is not allowed, all changes of its kind are held
/// back.
struct GuardVerdict
{
    GuardedKind kind{};
    std::size_t due = 0;       ///< of the whole plan, whatever a person has selected of it
    std::size_t left_out = 0;  ///< those of `due` that are not selected
    std::size_t limit = 0;
    std::size_t base = 0;    ///< the number that the ratio applies to
    std::size_t looked = 0;  ///< changes that a person has looked at: at least `due`
    bool is_allowed = false;

    bool is_tripped() const { return due > limit; }
    bool holds_back() const { return is_tripped() && !is_allowed && left_out < due; }
};

/// Counts the due changes of each kind, and holds a kind back where its guard trips. The others
/// stay due, but for customers that would take a name or an address from one that is held back.
/// What a selection leaves out is counted as well: the guard asks whether the whole plan looks
/// right, and a part of a wrong plan is wrong too. An allowance counts only where its number is
/// that of the changes in `looked_at`. These are a plan file's, of which some may be stale by now;
/// null: the due changes.
std::vector<GuardVerdict> guard(Plan& plan, Guards const& guards,
                                std::span<Allowance const> allowances,
                                std::vector<Drift> const* looked_at = nullptr);

/// The same for changes that are only counted, all of which are due.
std::vector<GuardVerdict> guard(std::map<GuardedKind, std::size_t> const& due, Counts const& counts,
                                Guards const& guards, std::span<Allowance const> allowances);

/// Holds the due changes of the verdict's kind back.
void hold_back(std::span<Drift> drift, GuardVerdict const& verdict);

/// A sentence on each allowance that does not fit: its count is not that of the changes that the
/// person has looked at, or that many would not trip the guard.
std::vector<std::string> objections_to(std::span<Allowance const> allowances,
                                       std::span<GuardVerdict const> verdicts);

}  // namespace tracking::reconcile
