#pragma once

#include "job/report/report.hpp"
#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "reconcile/policy/drift.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace tracking::job {

// The counts of a report, made in one place so that all formats agree.

/// What became of a difference, or will become of it.
enum class Fate
{
    Applied,
    AlreadyPresent,
    Stale,
    Failed,
    NotReached,  ///< due, but the run ended before its turn
    Due,         ///< would be applied
    Rehearsed,   ///< tried with success, and taken back
    Held,
    Undecided,  ///< no change and no restraint: a person has to look
};

struct FateRow
{
    Fate fate;
    std::string_view name;   ///< one word, the same in every format
    std::string_view words;  ///< for people
    std::string_view sign;   ///< so that it can be told without colour
};

/// In the order of the enumerators.
inline constexpr std::array kFateTable{
    FateRow{Fate::Applied, "applied", "applied", "✓"},
    FateRow{Fate::AlreadyPresent, "already_present", "already there", "="},
    FateRow{Fate::Stale, "stale", "stale", "≠"},
    FateRow{Fate::Failed, "failed", "failed", "✗"},
    FateRow{Fate::NotReached, "not_reached", "not reached", "–"},
    FateRow{Fate::Due, "due", "to apply", "→"},
    FateRow{Fate::Rehearsed, "rehearsed", "rehearsed", "○"},
    FateRow{Fate::Held, "held", "held back", "‖"},
    FateRow{Fate::Undecided, "undecided", "for a person", "?"},
};

constexpr FateRow const& row_of(Fate fate)
{
    return kFateTable[static_cast<std::size_t>(fate)];
}

constexpr std::string_view name_of(Fate fate)
{
    return row_of(fate).name;
}

/// The fate of drift that no run has tried to remove.
Fate fate_of(reconcile::Drift const& drift);

/// The fate of each drift of the plan, by the receipts.
std::vector<Fate> fates_of(Report const& report);

/// An item as a form lists it. The receipt is null where there is none.
struct ListedItem
{
    reconcile::Drift const& drift;
    Fate fate;
    models::Receipt const* receipt;
};

/// Visits the items of the plan for a form that lists all of them. Those of a past run are read
/// from the journal.
void visit_items(Report const& report, std::function<void(ListedItem const&)> const& visit);

/// How many items of each kind have each fate. Kinds that were not found are left out.
using FateTallies = std::map<reconcile::DriftKind, std::map<Fate, std::size_t>>;
FateTallies tally_fates(Report const& report);

DriftTallies tally_drift(reconcile::Plan const& plan);

/// The drift that was found: by the plan's items, or as a past run itself has counted it.
/// @pre the report has a plan
DriftTallies found_drift(Report const& report);

/// The drift that is left, likewise; nothing where nothing was read again.
std::optional<DriftTallies> left_drift(Report const& report);

DriftTally sum_of(DriftTallies const& tallies);

/// Every kind of change, in the order of application.
std::vector<NamedChangeTally> tally_changes(Report const& report);
ChangeTally sum_of(std::vector<NamedChangeTally> const& tallies);

/// The receipt of each drift of the plan; null where there is none.
std::vector<models::Receipt const*> receipts_by_drift(Report const& report);

}  // namespace tracking::job
