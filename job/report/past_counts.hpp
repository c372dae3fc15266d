#pragma once

#include "job/report/report.hpp"
#include "job/report/tally.hpp"

#include <boost/json/value.hpp>

#include <optional>

namespace tracking::job {

/// Nothing where the run did not come to count its drift.
std::optional<DriftTallies> drift_from(boost::json::value const& kinds);

models::RowsWritten rows_from(boost::json::value const& rows);

/// Fills in what the run's own report had, as far as the journal keeps it.
void tell_counts(Report& report, boost::json::value const& counts);

}  // namespace tracking::job
