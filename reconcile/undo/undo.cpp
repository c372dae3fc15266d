#include "reconcile/undo/undo.hpp"

#include "reconcile/undo/images.hpp"

#include "models/rules/json_text.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

namespace tracking::reconcile {

namespace {

void add_definition(models::Stored& rows, json::value const& definition)
{
    auto object = parsed(rows);
    add_rows(object, {{"tag_definitions", json::array{definition}}});
    rows = models::json_text(object);
}

bool has_tags_of(models::Restore const& restore, std::string const& definition)
{
    auto const tags = texts_at(array_at(parsed(restore.removed), "tag_mappings"), "tag_id");
    return std::ranges::find(tags, definition) != tags.end();
}

/// The definitions of a run without those that its undoers have taken back.
Definitions standing_definitions(UndoneRun const& run,
                                 std::map<models::RunId, Definitions> const& all)
{
    auto const own = all.find(run.run);
    auto standing = own == all.end() ? Definitions{} : own->second;
    for (auto const& undoer : run.undoers)
        standing.subtract(standing_definitions(undoer, all));
    return standing;
}

}  // namespace

Inverse::Inverse(UndoneRun run, Policy const& policy, std::size_t changes)
    : run_{std::move(run)}, policy_{policy}
{
    places_.reserve(changes);
    drift_.reserve(changes);
}

void Inverse::add(models::PastChange const& past)
{
    if (past.outcome != models::name_of(models::Outcome::Applied))
        return;
    if (!of_company_.empty() && of_company_.front().company != past.company)
        end_company();
    of_company_.push_back(past);
}

std::optional<CompanyHistory> Inverse::standing(UndoneRun const& run)
{
    std::optional<CompanyHistory> history;
    for (auto const& change : of_company_) {
        if (change.run != run.run)
            continue;
        if (!history)
            history.emplace(change);
        history->add(change, definitions_[run.run]);
    }
    for (auto const& undoer : run.undoers) {
        if (auto const undone = standing(undoer); undone && history)
            history->subtract(*undone);
    }
    return history;
}

void Inverse::end_company()
{
    auto const history = standing(run_);
    auto const first = std::ranges::find(of_company_, run_.run, &models::PastChange::run);
    if (history && !history->is_taken_back()) {
        places_.push_back({first->moment, first->company, history->has_made_tags(), drift_.size()});
        drift_.push_back(history->drift(policy_));
    }
    of_company_.clear();
}

std::vector<Drift> Inverse::drift() &&
{
    if (!of_company_.empty())
        end_company();
    sort();
    place_definitions();
    return std::move(drift_);
}

// What was done last is undone first. The drift is moved in place, cycle by cycle: a second vector
// would need as much memory again.
void Inverse::sort()
{
    std::ranges::sort(places_, std::ranges::greater{}, [](Place const& place) {
        return std::pair{place.moment, place.company};
    });
    for (std::size_t start = 0; start < places_.size(); ++start) {
        if (places_[start].drift == start)
            continue;
        auto first = std::move(drift_[start]);
        auto at = start;
        for (auto from = places_[at].drift; from != start; from = places_[at].drift) {
            drift_[at] = std::move(drift_[from]);
            places_[at].drift = at;
            at = from;
        }
        drift_[at] = std::move(first);
        places_[at].drift = at;
    }
}

// A made one is removed with the last tag that the run attached, when nothing uses it any more. A
// removed one is put back with every tag that needs it, since any of them may be first.
void Inverse::place_definitions()
{
    auto const definitions = standing_definitions(run_, definitions_);
    std::vector<Place> undoable;
    std::ranges::copy_if(places_, std::back_inserter(undoable), [&](Place const& place) {
        return drift_[place.drift].change.has_value();
    });
    if (undoable.empty())
        return;
    auto const restore_at = [&](Place const& place) -> models::Restore& {
        return std::get<models::Boxed<models::Restore>>(*drift_[place.drift].change);
    };
    auto const last =
        std::ranges::find_if(undoable.rbegin(), undoable.rend(), &Place::has_made_tags);
    auto& holder = restore_at(last == undoable.rend() ? undoable.back() : *last);
    for (auto const& [id, definition] : definitions.made)
        add_definition(holder.made, definition);
    for (auto const& [id, definition] : definitions.removed) {
        bool is_placed = false;
        for (auto const& place : undoable) {
            if (has_tags_of(restore_at(place), id)) {
                add_definition(restore_at(place).removed, definition);
                is_placed = true;
            }
        }
        if (!is_placed)
            add_definition(restore_at(undoable.front()).removed, definition);
    }
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
