#pragma once

#include "job/report/report.hpp"

#include "config/settings/config.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tracking::job {

/// Sends the report's metrics to the targets that the configuration names. Where that fails, the
/// report gets a warning; the command never fails because of it.
void send_metrics(Report& report, config::Config const& config);

/// The path of a group on a Pushgateway: `/metrics/job/customer-reconcile/mode/apply`. A value that
/// a path cannot hold is written as its API wants it: `/name@base64/...`.
std::string group_path(std::vector<std::pair<std::string, std::string>> const& labels);

/// Asks the Pushgateway whether it is ready. @throws WebError where it does not say so
void probe_pushgateway(config::Metrics const& metrics);

/// Why the file could not be written; empty: it could.
std::string obstacle_to_writing(std::filesystem::path const& file);

}  // namespace tracking::job
