#pragma once

#include "reconcile/undo/undo.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tracking::reconcile::builders {

/// What a run did, and what other runs have taken back of it since.
struct PastChanges
{
    std::vector<models::PastChange> changes;  ///< in the order in which they were applied
    std::vector<PastChanges> undoers{};       ///< of the runs that undo this one, oldest first
};

/// Gives the changes their run and their moments, as the journal has them.
inline UndoneRun collect(PastChanges const& past, std::vector<models::PastChange>& all,
                         std::uint8_t& runs)
{
    models::UuidBytes id{};
    id.back() = ++runs;
    UndoneRun run{.run = models::RunId{id}};
    for (auto change : past.changes) {
        change.run = run.run;
        change.moment = static_cast<std::int64_t>(all.size());
        all.push_back(std::move(change));
    }
    for (auto const& undoer : past.undoers)
        run.undoers.push_back(collect(undoer, all, runs));
    return run;
}

/// What Inverse makes of them.
inline std::vector<Drift> inverse_of(PastChanges const& past, Policy const& policy)
{
    std::vector<models::PastChange> all;
    std::uint8_t runs = 0;
    Inverse inverse{collect(past, all, runs), policy};
    std::ranges::stable_sort(all, {}, &models::PastChange::company);
    for (auto const& change : all)
        inverse.add(change);
    return std::move(inverse).drift();
}

}  // namespace tracking::reconcile::builders
