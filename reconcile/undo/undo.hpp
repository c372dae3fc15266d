#pragma once

#include "models/values/past_change.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/undo/tag_definitions.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// A run, and those that have taken back something of it since.
struct UndoneRun
{
    models::RunId run;
    std::vector<UndoneRun> undoers{};  ///< oldest first
};

/// How far an inverse reaches. Each value includes those before it.
enum class UndoReach : std::uint8_t
{
    Columns,       ///< it changes columns of rows that stay
    RemovesRows,   ///< it removes rows that the run made
    PutsRowsBack,  ///< it puts removed rows back, or removes tag definitions
};

/// What is known of one company's undo without its images.
struct Undoing
{
    std::int64_t moment = 0;  ///< of the run's first change of the company
    models::CompanyId company;
    std::optional<GuardedKind> guarded;  ///< nothing: it cannot be undone
    UndoReach reach = UndoReach::Columns;
    bool has_made_tags = false;
};

/// Makes the changes that take back what still stands of a run: at most one Restore for each
/// company. Changes that wrote nothing (failed, stale, already present) are left out. Where the
/// images do not say enough, the drift has the reason in place of a Restore.
///
/// A run may have changed very many companies. So the changes are read twice: first all of them,
/// for the order and the counts, of which little is kept; then those of some companies, for what
/// has to be written. Pure.
class Inverse
{
public:
    /// Calls its argument with each change of these runs. All changes of a company follow one
    /// another, those of a run in the order in which they were applied.
    using Changes = std::function<void(std::function<void(models::PastChange const&)> const&)>;

    /// @param changes of all companies
    Inverse(UndoneRun run, Policy const& policy, Changes const& changes);

    /// In an order in which they can be applied: what was done last is undone first.
    std::span<Undoing const> undoings() const { return undoings_; }

    /// The drift of the undoings with these indices.
    /// @param changes of their companies
    std::vector<Drift> drift(std::span<std::size_t const> indices, Changes const& changes) const;

    UndoReach reach() const;

private:
    void note(Drift const& drift, Undoing undoing);
    /// Adds the tag definitions that the undo of this index is to remove or put back.
    void add_definitions(models::Restore& restore, std::size_t index) const;

    UndoneRun run_;
    Policy policy_;
    std::vector<Undoing> undoings_;
    Definitions standing_;                 ///< those of the run that nobody has taken back
    std::set<std::string> put_back_tags_;  ///< ids of definitions, of mappings that are put back
    std::size_t first_ = 0;                ///< the first one that can be undone
    std::size_t holder_ = 0;               ///< the one that removes definitions
};

}  // namespace tracking::reconcile
