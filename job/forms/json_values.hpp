#pragma once

#include "job/process/shown_text.hpp"
#include "job/report/report.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

// The parts of the JSON report.

json::value text_or_null(std::string_view bytes);  ///< null where it is empty
json::array texts(std::vector<std::string> const& all);
json::value time_or_null(std::optional<std::chrono::sys_seconds> const& time);  ///< RFC 3339

/// `receipt` may be null. `is_new` is empty where it is not known.
json::object item_object(reconcile::Drift const& drift, models::Receipt const* receipt,
                         Report const& report, std::optional<bool> is_new);

json::object trend_object(models::TrendPoint const& run);

json::object counts_object(reconcile::Counts const& counts);
json::object drift_object(DriftTallies const& tallies);
json::object change_tally_object(ChangeTally const& tally);
json::object changes_object(std::vector<NamedChangeTally> const& tallies);

}  // namespace tracking::job
