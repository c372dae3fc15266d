#pragma once

#include "job/report/report.hpp"

#include "config/settings/config.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tracking::job {

/// Sends the report's metrics wherever the configuration wants them. What does not arrive becomes
/// a warning of the report: never a failure.
void send_metrics(Report& report, config::Config const& config);

/// A Pushgateway's path for a group: `/metrics/job/customer-reconcile/mode/apply`. Values that a
/// path cannot hold are written as its API wants them: `/name@base64/...`.
std::string group_path(std::vector<std::pair<std::string, std::string>> const& labels);

/// The Pushgateway says that it is ready. @throws WebError
void probe_pushgateway(config::Metrics const& metrics);

/// Empty where a file could be put there, else why not.
std::string obstacle_to_writing(std::filesystem::path const& file);

}  // namespace tracking::job
