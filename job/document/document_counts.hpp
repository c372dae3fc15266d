#pragma once

#include "job/document/document.hpp"

#include <string>
#include <vector>

namespace tracking::job {

// What was found and written, in numbers.

/// What to say where no drift was found.
std::string without_drift(reconcile::Counts const& counts);

std::vector<Field> counts_of(reconcile::Counts const& counts);

/// One row for each kind of drift that was found.
Table drift_table(DriftTallies const& tallies);

/// As drift_table(), of a saved plan: what the reading found beside it is not known.
Table saved_table(DriftTallies const& tallies);

/// One row for each kind of change that was due, with what became of the changes.
Table change_table(std::vector<NamedChangeTally> const& tallies);

/// Contacts whose e-mail address has no type. This is no drift, since it concerns no tenant.
std::string contacts_without_type(Report const& report);

std::string written(Report const& report, models::RowsWritten const& rows);

}  // namespace tracking::job
