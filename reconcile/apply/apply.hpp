#pragma once

#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "reconcile/plan/plan.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace tracking::reconcile {

/// What became of one drift's change.
struct Result
{
    std::size_t drift;  ///< index into Plan::drift
    models::Receipt receipt;
};

/// Filled as batches commit, so that it is true even where apply() throws.
struct Applied
{
    std::vector<Result> results;  ///< in the order in which they were written
    std::size_t transactions = 0;
    std::size_t rollbacks = 0;
};

/// Called after each batch that ended well, with how many of the due changes are done.
using Progress = std::function<void(std::size_t done, std::size_t due)>;

/// A batch ends where its changes write this much: rows can be large, and a transaction has to be
/// short.
inline constexpr std::size_t kBatchBytes = 2 << 20;

/// The number of changes at the beginning that make a batch: all, or those before kBatchBytes, and
/// at least one. `sizes` has the bytes of each.
std::size_t first_batch(std::span<std::size_t const> sizes);

/// Writes the due changes of the plan: first adoptions, then creates, repairs and clean-ups. A
/// batch holds changes of one kind, at most `batch_size` (1 or more). A batch that fails is split
/// in halves until the change that fails is alone. Its outcome is Failed, and all others are
/// written.
/// @throws models::ConnectionLost: `applied` holds what was committed until then
void apply(Plan const& plan, models::ChangeSink& sink, std::size_t batch_size, Applied& applied,
           Progress const& progress);

}  // namespace tracking::reconcile
