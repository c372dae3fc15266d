#pragma once

#include "models/values/past_change.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/undo/company_history.hpp"
#include "reconcile/undo/tag_definitions.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace tracking::reconcile {

/// A run, and those that have taken back something of it since.
struct UndoneRun
{
    models::RunId run;
    std::vector<UndoneRun> undoers{};  ///< oldest first
};

/// Makes the changes that take back what still stands of a run: at most one Restore for each
/// company. Changes that wrote nothing (failed, stale, already present) are left out. Where the
/// images do not say enough, the drift has the reason in place of a Restore. It holds the images of
/// one company at a time, since a run may have changed very many. Pure.
class Inverse
{
public:
    /// `changes`: about how many the run has written.
    Inverse(UndoneRun run, Policy const& policy, std::size_t changes = 0);

    /// Adds a change of one of these runs. All changes of a company follow one another, those of a
    /// run in the order in which they were applied.
    void add(models::PastChange const& past);

    /// The drift in an order in which it can be applied.
    std::vector<Drift> drift() &&;

private:
    /// What decides when a company is undone.
    struct Place
    {
        std::int64_t moment = 0;  ///< of the first change
        models::CompanyId company;
        bool has_made_tags = false;
        std::size_t drift = 0;  ///< its index
    };

    /// What still stands of this run's changes of the company; nothing: it did not change it.
    std::optional<CompanyHistory> standing(UndoneRun const& run);
    void end_company();
    void sort();
    /// Gives each tag definition to the companies whose undo is to remove it or put it back.
    void place_definitions();

    UndoneRun run_;
    Policy policy_;
    std::vector<models::PastChange> of_company_;  ///< of the company that is being read
    std::map<models::RunId, Definitions> definitions_;
    std::vector<Place> places_;
    std::vector<Drift> drift_;
};

/// How far an inverse reaches. Each value includes those before it.
enum class UndoReach
{
    Columns,       ///< it changes columns of rows that stay
    RemovesRows,   ///< it removes rows that the run made
    PutsRowsBack,  ///< it puts removed rows back, or removes tag definitions
};

UndoReach reach_of(std::span<Drift const> inverse);

}  // namespace tracking::reconcile
