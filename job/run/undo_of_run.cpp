#include "job/run/undo_of_run.hpp"

#include "job/databases/runs.hpp"
#include "job/report/past_run.hpp"
#include "models/values/lists.hpp"
#include "reconcile/undo/undoable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace tracking::job {

namespace {

using reconcile::Drift;
using reconcile::GuardedKind;

/// With their images, which are much larger than what is kept of them.
constexpr std::size_t kItemsAtOnce = 250;

/// The run with those that undo it, except undos that were wholly undone. Adds all of them to
/// `all`.
reconcile::UndoneRun with_undoers(models::RunId run, reconcile::UndoersOf const& undoers_of,
                                  std::vector<models::RunId>& all)
{
    reconcile::UndoneRun undone{.run = run};
    all.push_back(run);
    for (auto const& undoer : reconcile::standing_undoers_of(run, undoers_of))
        undone.undoers.push_back(with_undoers(undoer.id, undoers_of, all));
    return undone;
}

void for_each_portion(std::span<std::size_t const> indices, auto const& visit)
{
    for (; !indices.empty(); indices = indices.subspan(std::min(kItemsAtOnce, indices.size())))
        visit(indices.first(std::min(kItemsAtOnce, indices.size())));
}

Unlisted unlisted(GuardedKind kind)
{
    return {
        .drift = reconcile::DriftKind::Undone, .change = models::Restore::kName, .guarded = kind};
}

}  // namespace

UndoOfRun::UndoOfRun(Databases& databases, std::string const& run, reconcile::Policy const& policy)
    : databases_{databases}, history_{databases.facts.tenant, databases.connections.lease_time()}
{
    databases_.connections.look_up([&](auto& tx) { read_all(tx, run, policy); });
    done_.resize(inverse_->undoings().size());
}

void UndoOfRun::read_all(models::Transaction& tx, std::string const& name,
                         reconcile::Policy const& policy)
{
    run_ = run_named(tx, history_, name);
    auto const undoers_of = [&](models::RunId id) { return history_.undoers_of(tx, id); };
    if (auto const objection = reconcile::objection_to_undo(run_, undoers_of); !objection.empty())
        throw RunUnusable{objection};
    runs_.clear();
    auto undone = with_undoers(run_.id, undoers_of, runs_);
    inverse_.emplace(std::move(undone), policy,
                     [&](auto const& visit) { history_.visit_by_company(tx, runs_, visit); });
    remarks_.clear();
    for (auto const& undoer : reconcile::standing_undoers_of(run_.id, undoers_of))
        remarks_.push_back(
            fmt::format("what run {} has taken back of it already is left out", undoer.id.str()));
}

std::vector<reconcile::GuardVerdict> UndoOfRun::guard(
    reconcile::Counts const& counts, reconcile::Guards const& guards,
    std::span<reconcile::Allowance const> allowances)
{
    std::map<GuardedKind, std::size_t> due;
    for (auto const& one : inverse_->undoings()) {
        if (one.guarded)
            ++due[*one.guarded];
    }
    verdicts_ = reconcile::guard(due, counts, guards, allowances);
    return verdicts_;
}

bool UndoOfRun::is_held(GuardedKind kind) const
{
    return std::ranges::any_of(verdicts_, [&](reconcile::GuardVerdict const& verdict) {
        return verdict.kind == kind && verdict.holds_back();
    });
}

std::vector<Drift> UndoOfRun::read(Indices indices)
{
    auto const companies =
        models::each_of(indices, [&](std::size_t i) { return inverse_->undoings()[i].company; });
    auto drift = databases_.connections.look_up([&](auto& tx) {
        return inverse_->drift(indices, [&](auto const& visit) {
            history_.visit_by_company(tx, runs_, companies, visit);
        });
    });
    for (auto const& verdict : verdicts_) {
        if (verdict.holds_back())
            reconcile::hold_back(drift, verdict);
    }
    return drift;
}

std::vector<Drift> UndoOfRun::list(Report& report, std::size_t most)
{
    most_ = most;
    std::vector<std::size_t> indices;
    auto const undoings = inverse_->undoings();
    for (std::size_t i = 0; i < undoings.size(); ++i) {
        if (i < most || !undoings[i].guarded)
            indices.push_back(i);
        else
            ++untried_[*undoings[i].guarded];
    }
    std::vector<Drift> drift;
    drift.reserve(indices.size());
    for_each_portion(indices, [&](Indices portion) {
        std::ranges::move(read(portion), std::back_inserter(drift));
    });
    for (std::size_t at = 0; at < indices.size(); ++at)
        listed_.emplace(indices[at], at);
    count_unlisted(report);
    return drift;
}

void UndoOfRun::write(Run& run, Report& report, std::size_t batch_size)
{
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < done_.size(); ++i) {
        auto const& guarded = inverse_->undoings()[i].guarded;
        if (guarded && !is_held(*guarded))
            due.push_back(i);
    }
    if (due.empty())
        return;
    run.write_portions(due.size(), batch_size, [&](auto const& write) {
        for_each_portion(due, [&](Indices portion) {
            reconcile::Plan plan{.drift = read(portion)};
            reconcile::Applied applied;
            try {
                write(plan, applied);
            } catch (...) {
                take(report, portion, plan, applied);
                throw;
            }
            take(report, portion, plan, applied);
        });
    });
}

void UndoOfRun::take(Report& report, Indices indices, reconcile::Plan& portion,
                     reconcile::Applied const& applied)
{
    for (auto const& [at, receipt] : applied.results)
        take(report, indices[at], std::move(portion.drift[at]), receipt);
    report.applied.transactions += applied.transactions;
    report.applied.rollbacks += applied.rollbacks;
    count_unlisted(report);
}

void UndoOfRun::take(Report& report, std::size_t index, Drift drift, models::Receipt receipt)
{
    auto const kind = inverse_->undoings()[index].guarded.value();
    auto const is_well = went_well(receipt);
    if (is_well)
        done_[index] = {.outcome = receipt.outcome,
                        .is_done = true,
                        .companies = static_cast<std::uint16_t>(receipt.rows.companies),
                        .contacts = static_cast<std::uint16_t>(receipt.rows.contacts),
                        .tags = static_cast<std::uint16_t>(receipt.rows.tags)};
    else
        trouble_.emplace(index, receipt);
    auto listed = listed_.find(index);
    if (listed == listed_.end()) {
        --untried_[kind];
        if (is_well && listed_done_ >= most_) {
            auto one = unlisted(kind);
            one.outcome = receipt.outcome;
            one.count = 1;
            one.rows = receipt.rows;
            return count(tried_, one);
        }
        listed = listed_.emplace(index, report.plan->drift.size()).first;
        report.plan->drift.push_back(std::move(drift));
    }
    listed_done_ += is_well ? 1 : 0;
    report.applied.results.push_back({listed->second, std::move(receipt)});
}

void UndoOfRun::count_unlisted(Report& report) const
{
    report.unlisted = tried_;
    for (auto const& [kind, size] : untried_) {
        auto one = unlisted(kind);
        one.restraint = is_held(kind) ? reconcile::Restraint::Guard : reconcile::Restraint::None;
        one.count = size;
        if (size > 0)
            count(report.unlisted, one);
    }
}

void UndoOfRun::visit(VisitItem const& visit)
{
    std::vector<std::size_t> all(done_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    for_each_portion(all, [&](Indices portion) {
        auto const drift = read(portion);
        for (std::size_t at = 0; at < portion.size(); ++at) {
            auto const& done = done_[portion[at]];
            models::Receipt const well{.outcome = done.outcome,
                                       .reason = {},
                                       .sqlstate = {},
                                       .rows = {done.companies, done.contacts, done.tags}};
            auto const trouble = trouble_.find(portion[at]);
            visit(drift[at], trouble != trouble_.end() ? &trouble->second
                             : done.is_done            ? &well
                                                       : nullptr);
        }
    });
}

}  // namespace tracking::job
