#pragma once

#include "job/report/report.hpp"
#include "models/journal/journal_history.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>

namespace tracking::job {

/// The time of a stamp as models::utc_stamp() writes it; nothing for other texts.
std::optional<std::chrono::sys_seconds> time_from(std::string const& stamp);

/// Who asked for the run, and the login of the database that it ran as.
std::string actor_of(models::PastRun const& run);

/// How a run ended, in one word: its ending, `running`, or `killed`.
std::string ending_of(models::PastRun const& run);

/// How much drift the run left because something held it back, as the run itself counted.
std::size_t held_by(models::PastRun const& run);

/// How many items the run left by its own fresh read; nothing where it did not note which.
std::optional<std::size_t> left_by(models::PastRun const& run);

/// The part of the plan that a person had selected for the run.
reconcile::Selection selection_of(models::PastRun const& run);

/// What a person had allowed and why: JSON; empty: nothing.
std::string allowed_by(models::PastRun const& run);

/// Calls its visitor for each change of the run, in order.
using VisitChanges = std::function<void(models::JournalHistory::Visit const&)>;

/// What a run has done to one customer. Of a failed change only the ids are known.
struct PastItem
{
    reconcile::Drift drift;
    models::Receipt receipt;
};

/// Whether a change was made as planned, so that nobody has to look at it.
bool went_well(models::Receipt const& receipt);

/// The item of a change as the journal holds it; nothing: this program knows no such change.
std::optional<PastItem> item_of(models::PastChange const& past);

/// Fills in the report of a past run with what the journal holds: its changes with their reasons,
/// and its counts. Of changes of one kind that went well the first `most` are kept, and the rest is
/// counted, since a run may have very many; all where they take something away, unless none is
/// kept.
void tell(Report& report, models::PastRun const& run, VisitChanges const& visit_changes,
          std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace tracking::job
