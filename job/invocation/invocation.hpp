#pragma once

#include "config/sources/command_line.hpp"
#include "config/sources/load.hpp"
#include "job/databases/databases.hpp"
#include "job/report/phases.hpp"
#include "job/report/report.hpp"
#include "models/journal/last_apply.hpp"

#include <optional>

namespace tracking::job {

/// What a command is given, and the report that it fills.
struct Invocation
{
    config::CommandLine line;
    config::Loaded loaded;
    Report report;
    Phases phases{};
    /// Of show and of what writes: a report may be read from the journal while it is delivered.
    std::optional<Databases> databases{};
    std::optional<models::LastApply> last_apply{};  ///< of an apply that may have news to tell

    config::Config const& config() const { return loaded.config; }
    bool wants_json() const { return config().format == config::Format::Json; }
};

}  // namespace tracking::job
