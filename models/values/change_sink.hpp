#pragma once

#include "models/values/change.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

enum class Outcome : std::uint8_t
{
    Applied,
    AlreadyPresent,  ///< somebody else did it in the meantime: fine
    Stale,           ///< what was seen when planning is no longer true: left alone
    Failed,          ///< the server or a model refused it
    Rehearsed,       ///< written as a try and rolled back: it can be applied
};

std::string_view name_of(Outcome outcome);
/// Of a receipt in the journal; Failed for a word that this program does not know.
Outcome outcome_named(std::string_view name);

/// The result of one change.
struct Receipt
{
    Outcome outcome = Outcome::Applied;
    std::string reason;    ///< a sentence; empty where all went as planned
    std::string sqlstate;  ///< where the server refused it
    RowsWritten rows;
};

/// Where changes go. The changes of a batch are of one kind and are done as one unit.
class ChangeSink
{
public:
    virtual ~ChangeSink() = default;

    /// Returns one receipt for each change, in the order of the batch. All are committed together.
    /// @throws StatementFailed when nothing of the batch happened, ConnectionLost
    virtual std::vector<Receipt> write(std::span<Change const> batch) = 0;

    /// Records a change for which write() threw although it stood alone in its batch.
    virtual void record_failure(Change const& change, Receipt const& receipt) = 0;

    /// How many changes of this kind one transaction has time for.
    virtual std::size_t at_once(Change const&) { return std::numeric_limits<std::size_t>::max(); }

    /// About how many bytes each change makes the server write, beyond a usual row. Changes
    /// nothing.
    virtual std::vector<std::size_t> sizes(std::span<Change const> batch)
    {
        return std::vector<std::size_t>(batch.size());
    }
};

}  // namespace tracking::models
