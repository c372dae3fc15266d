#pragma once

#include "models/values/change.hpp"
#include "reconcile/plan/plan.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace tracking::reconcile {

/// What became of one drift's change.
struct Result
{
    std::size_t drift;  ///< index into Plan::drift
    models::Receipt receipt;
};

/// Filled as batches commit, so that it is true also when apply() is left by an exception.
struct Applied
{
    std::vector<Result> results;  ///< in the order in which they were written
    std::size_t transactions = 0;
    std::size_t rollbacks = 0;
};

/// Called after each batch that ended well, with how many of the due changes are done.
using Progress = std::function<void(std::size_t done, std::size_t due)>;

/// Writes the due changes of the plan, adoptions before creates before repairs before clean-ups, in
/// batches of one kind with at most `batch_size` (1 or more) changes. A batch that fails is split
/// in halves until the culprit stands alone; its outcome is Failed and all others are written.
/// @throws models::ConnectionLost: what was committed until then stands in `applied`
void apply(Plan const& plan, models::ChangeSink& sink, std::size_t batch_size, Applied& applied,
           Progress const& progress);

}  // namespace tracking::reconcile
