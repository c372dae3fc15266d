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

/// What a run did, as the journal tells it.
struct Journal
{
    explicit Journal(PastChanges const& past) : run{collect(past, all, runs)}
    {
        std::ranges::stable_sort(all, {}, &models::PastChange::company);
    }

    /// The changes of these companies; none given: of all.
    Inverse::Changes changes(std::vector<models::CompanyId> companies = {}) const
    {
        return [this, companies = std::move(companies)](auto const& visit) {
            for (auto const& change : all)
                if (companies.empty() || std::ranges::count(companies, change.company) > 0)
                    visit(change);
        };
    }

    std::vector<models::PastChange> all;
    std::uint8_t runs = 0;
    UndoneRun run;
};

/// What Inverse makes of them, one company at a time.
inline std::vector<Drift> inverse_of(PastChanges const& past, Policy const& policy)
{
    Journal const journal{past};
    Inverse const inverse{journal.run, policy, journal.changes()};
    std::vector<Drift> drift;
    for (std::size_t i = 0; i < inverse.undoings().size(); ++i) {
        auto const changes = journal.changes({inverse.undoings()[i].company});
        drift.push_back(std::move(inverse.drift({&i, 1}, changes).front()));
    }
    return drift;
}

}  // namespace tracking::reconcile::builders
