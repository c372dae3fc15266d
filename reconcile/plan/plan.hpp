#pragma once

#include "reconcile/policy/drift.hpp"
#include "reconcile/reading/remainder.hpp"
#include "reconcile/reading/state.hpp"

#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// How the drift differs from what a run had left, as that run noted it in the journal.
struct SinceRun
{
    std::chrono::sys_seconds ended;      ///< that run
    std::optional<models::RunId> run{};  ///< a person named it; nothing: it is the last one
    std::size_t fresh = 0;
    std::size_t gone = 0;
    std::size_t as_before = 0;
    bool tells_of_items = true;  ///< false: only the counts are known by now
    friend bool operator==(SinceRun const&, SinceRun const&) = default;
};

/// Two tenants whose changes depend on one another, since a name or an address passes between them:
/// one without the other would end otherwise.
struct Tie
{
    models::TenantId one;
    models::TenantId other;
    bool takes = false;  ///< one takes what the other gives away
};

/// How many items of one kind of drift a plan lists.
using Room = std::size_t;
inline constexpr Room kRoomForAll = std::numeric_limits<Room>::max();
inline constexpr Room kRoomForNone = 0;  ///< where only the counts are wanted

/// Drift that a plan only counts, in place of listing it: all that has these in common. It has a
/// change, and takes nobody's customer away.
struct CountedDrift
{
    DriftKind kind{};
    models::Effect effect{};  ///< of the changes
    Restraint restraint = Restraint::None;
    std::size_t count = 0;
    std::size_t unseen = 0;                 ///< those that no earlier run has seen
    std::size_t as_before = 0;              ///< those that the compared run had noted
    std::chrono::seconds oldest{0};         ///< since it was first seen
    std::chrono::seconds oldest_tenant{0};  ///< of `missing` only

    bool is_due() const { return restraint == Restraint::None; }
};

/// The drift and the changes that would remove it.
struct Plan
{
    Counts counts;
    std::vector<Drift> drift;            ///< by kind, tenant id, company id
    std::vector<CountedDrift> counted;   ///< beside `drift`, where there is no room for all of it
    std::vector<DriftKey> counted_keys;  ///< what that is remembered by
    std::vector<Drift> left_alone;       ///< tenants in scope whose customer says "ignore", by id
    std::vector<std::string> remarks;  ///< sentences: lapsed waivers, tags of former products, ...
    Remainder remainder;               ///< what it was made from; empty where that was not kept
    std::vector<Tie> ties;             ///< of due changes
    std::optional<SinceRun> since;     ///< empty: no run has noted its drift, or it is not asked
    bool is_in_doubt =
        false;  ///< what it was made from may lack rows, so it tells nothing for sure

    /// Whether that run had not noted this drift. Nothing where that is not known.
    std::optional<bool> is_new(Drift const& one) const
    {
        return since && since->tells_of_items ? std::optional{!one.seen || !one.seen->is_old}
                                              : std::nullopt;
    }

    /// Whether the job would change anything.
    bool has_due_changes() const;

    /// How many differences there are, listed or only counted.
    std::size_t size() const;
};

/// Sorts the drift, and lists of each kind only the first items. Further ones are only counted,
/// unless a person has to look at them.
void cut(Plan& plan, Room room);

/// Holds the change back, since a person has selected others.
void leave_out(Drift& drift);

}  // namespace tracking::reconcile
