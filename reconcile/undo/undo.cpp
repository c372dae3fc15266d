#include "reconcile/undo/undo.hpp"

#include "reconcile/undo/company_history.hpp"
#include "reconcile/undo/images.hpp"

#include "models/rules/json_text.hpp"
#include "models/values/change_sink.hpp"

#include <algorithm>
#include <map>
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

using DefinitionsByRun = std::map<models::RunId, Definitions>;
using OfCompany = std::vector<models::PastChange>;

/// The definitions of a run without those that its undoers have taken back.
Definitions standing_definitions(UndoneRun const& run, DefinitionsByRun const& all)
{
    auto const own = all.find(run.run);
    auto standing = own == all.end() ? Definitions{} : own->second;
    for (auto const& undoer : run.undoers)
        standing.subtract(standing_definitions(undoer, all));
    return standing;
}

/// What still stands of this run's changes of the company; nothing: it did not change it.
std::optional<CompanyHistory> standing(UndoneRun const& run, OfCompany const& changes,
                                       DefinitionsByRun& definitions)
{
    std::optional<CompanyHistory> history;
    for (auto const& change : changes) {
        if (change.run != run.run)
            continue;
        if (!history)
            history.emplace(change);
        history->add(change, definitions[run.run]);
    }
    for (auto const& undoer : run.undoers) {
        if (auto const undone = standing(undoer, changes, definitions); undone && history)
            history->subtract(*undone);
    }
    return history;
}

/// Calls `visit` with what was applied to each company, and holds that of one company at a time.
void visit_companies(Inverse::Changes const& changes, auto const& visit)
{
    OfCompany of_company;
    changes([&](models::PastChange const& past) {
        if (past.outcome != models::name_of(models::Outcome::Applied))
            return;
        if (!of_company.empty() && of_company.front().company != past.company) {
            visit(of_company);
            of_company.clear();
        }
        of_company.push_back(past);
    });
    if (!of_company.empty())
        visit(of_company);
}

/// Calls `visit` with the history of each company of which something of the run still stands.
void visit_standing(UndoneRun const& run, Inverse::Changes const& changes,
                    DefinitionsByRun& definitions, auto const& visit)
{
    visit_companies(changes, [&](OfCompany const& of_company) {
        auto const history = standing(run, of_company, definitions);
        if (history && !history->is_taken_back())
            visit(of_company, *history);
    });
}

UndoReach reach_of(models::Restore const& restore)
{
    if (!restore.removed.empty())
        return UndoReach::PutsRowsBack;
    return restore.made.empty() ? UndoReach::Columns : UndoReach::RemovesRows;
}

}  // namespace

Inverse::Inverse(UndoneRun run, Policy const& policy, Changes const& changes)
    : run_{std::move(run)}, policy_{policy}
{
    DefinitionsByRun definitions;
    visit_standing(run_, changes, definitions,
                   [&](OfCompany const& of_company, CompanyHistory const& history) {
                       auto const first =
                           std::ranges::find(of_company, run_.run, &models::PastChange::run);
                       note(history.drift(policy_), {.moment = first->moment,
                                                     .company = first->company,
                                                     .guarded = std::nullopt,
                                                     .has_made_tags = history.has_made_tags()});
                   });
    std::ranges::sort(undoings_, std::ranges::greater{}, [](Undoing const& one) {
        return std::pair{one.moment, one.company};
    });
    standing_ = standing_definitions(run_, definitions);
    first_ = undoings_.size();
    bool holder_has_tags = false;
    for (std::size_t i = 0; i < undoings_.size(); ++i) {
        auto const& one = undoings_[i];
        if (!one.guarded)
            continue;
        first_ = std::min(first_, i);
        if (one.has_made_tags || !holder_has_tags)
            holder_ = i;
        holder_has_tags = holder_has_tags || one.has_made_tags;
    }
}

void Inverse::note(Drift const& drift, Undoing undoing)
{
    if (drift.change) {
        auto const& restore = *models::as<models::Restore>(*drift.change);
        undoing.guarded = guarded_kind_of(*drift.change);
        undoing.reach = reach_of(restore);
        if (!restore.removed.empty()) {
            auto const tags = texts_at(array_at(parsed(restore.removed), "tag_mappings"), "tag_id");
            put_back_tags_.insert(tags.begin(), tags.end());
        }
    }
    undoings_.push_back(undoing);
}

std::vector<Drift> Inverse::drift(std::span<std::size_t const> indices,
                                  Changes const& changes) const
{
    std::map<models::CompanyId, Drift> by_company;
    DefinitionsByRun definitions;
    visit_standing(run_, changes, definitions,
                   [&](OfCompany const& of_company, CompanyHistory const& history) {
                       by_company.emplace(of_company.front().company, history.drift(policy_));
                   });
    std::vector<Drift> all;
    all.reserve(indices.size());
    for (auto const i : indices) {
        auto& drift = all.emplace_back(std::move(by_company.at(undoings_[i].company)));
        if (drift.change)
            add_definitions(std::get<models::Boxed<models::Restore>>(*drift.change), i);
    }
    return all;
}

// A made one is removed with the last tag that the run attached, when nothing uses it any more. A
// removed one is put back with every tag that needs it, since any of them may be first.
void Inverse::add_definitions(models::Restore& restore, std::size_t index) const
{
    if (index == holder_) {
        for (auto const& [id, definition] : standing_.made)
            add_definition(restore.made, definition);
    }
    for (auto const& [id, definition] : standing_.removed) {
        if (has_tags_of(restore, id) || (index == first_ && !put_back_tags_.contains(id)))
            add_definition(restore.removed, definition);
    }
}

UndoReach Inverse::reach() const
{
    auto reach = UndoReach::Columns;
    for (auto const& one : undoings_)
        reach = std::max(reach, one.reach);
    bool const has_definitions = !standing_.made.empty() || !standing_.removed.empty();
    return first_ < undoings_.size() && has_definitions ? UndoReach::PutsRowsBack : reach;
}

}  // namespace tracking::reconcile
