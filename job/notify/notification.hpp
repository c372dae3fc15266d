#pragma once

#include "job/report/report.hpp"

#include "config/settings/config.hpp"
#include "models/journal/last_apply.hpp"

#include <optional>

namespace tracking::job {

/// Whether an apply with this configuration needs to know how the last one ended.
bool wants_last_apply(config::Config const& config);

/// Tells the webhook what is news since `last`, and calls the ping where the run went well. Only an
/// apply that was to write does so, and not one that keeps no drift: such a run comes beside the
/// others, and would hide what they say. Where that fails, the report gets a warning; the command
/// never fails because of it.
void notify(Report& report, config::Config const& config,
            std::optional<models::LastApply> const& last);

}  // namespace tracking::job
