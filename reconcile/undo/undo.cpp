#include "reconcile/undo/undo.hpp"

#include "reconcile/undo/company_history.hpp"
#include "reconcile/undo/images.hpp"

#include <algorithm>
#include <map>

namespace tracking::reconcile {

namespace {

/// What still stands of the past changes of a run.
struct RunDeeds
{
    std::vector<CompanyHistory> companies;
    Definitions definitions;
};

RunDeeds standing(PastChanges const& past)
{
    RunDeeds run;
    auto& all = run.companies;
    std::map<models::CompanyId, std::size_t> of_company;
    for (auto const& change : past.changes) {
        if (change.outcome != models::name_of(models::Outcome::Applied))
            continue;
        auto const [found, is_new] = of_company.try_emplace(change.company, all.size());
        if (is_new)
            all.emplace_back(change);
        all[found->second].add(change, run.definitions);
    }
    for (auto const& undoer : past.undoers) {
        auto const undone = standing(undoer);
        run.definitions.subtract(undone.definitions);
        for (auto const& one : undone.companies) {
            if (auto const found = of_company.find(one.company()); found != of_company.end())
                all[found->second].subtract(one);
        }
    }
    std::erase_if(all, [](CompanyHistory const& one) { return one.is_taken_back(); });
    return run;
}

/// Gives each tag definition to the companies whose undo is to remove it or put it back. A made one
/// is removed with the last tag that the run attached, when nothing uses it any more. A removed one
/// is put back with every tag that needs it, since any of them may be first.
void place(Definitions const& definitions, std::vector<CompanyHistory>& in_order)
{
    std::vector<CompanyHistory*> undoable;
    for (auto& one : in_order) {
        if (one.can_be_undone())
            undoable.push_back(&one);
    }
    if (undoable.empty())
        return;
    auto const last = std::ranges::find_if(undoable.rbegin(), undoable.rend(),
                                           [](auto const* one) { return one->has_made_tags(); });
    auto* const holder = last == undoable.rend() ? undoable.back() : *last;
    for (auto const& [id, definition] : definitions.made)
        holder->add_made_definition(definition);
    for (auto const& [id, definition] : definitions.removed) {
        bool is_placed = false;
        for (auto* const one : undoable) {
            if (one->has_removed_tags_of(id)) {
                one->add_removed_definition(definition);
                is_placed = true;
            }
        }
        if (!is_placed)
            undoable.front()->add_removed_definition(definition);
    }
}

}  // namespace

std::vector<Drift> inverse_of(PastChanges const& past, Policy const& policy)
{
    auto run = standing(past);
    // What was done last is undone first.
    std::ranges::reverse(run.companies);
    place(run.definitions, run.companies);
    std::vector<Drift> drift;
    drift.reserve(run.companies.size());
    for (auto const& one : run.companies)
        drift.push_back(one.drift(policy));
    return drift;
}

UndoReach reach_of(std::span<Drift const> inverse)
{
    auto reach = UndoReach::Columns;
    for (auto const& drift : inverse) {
        auto const* const restore =
            drift.change ? models::as<models::Restore>(*drift.change) : nullptr;
        if (!restore)
            continue;
        if (!restore->removed.empty() || parsed(restore->made).contains("tag_definitions"))
            return UndoReach::PutsRowsBack;
        if (!restore->made.empty())
            reach = UndoReach::RemovesRows;
    }
    return reach;
}

}  // namespace tracking::reconcile
