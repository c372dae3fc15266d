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
};

// Each returns its ending, or throws; main turns an exception into an ending. Commands that fill
// the report (plan, apply, link, ignore, show, undo) let main print it. The others print by
// themselves.
Ending plan(Invocation& invocation);
Ending apply(Invocation& invocation);
Ending link(Invocation& invocation);
Ending ignore(Invocation& invocation);
Ending customers(Invocation& invocation);
Ending history(Invocation& invocation);
Ending explain(Invocation& invocation);
Ending undo(Invocation& invocation);
Ending show(Invocation& invocation);
Ending init(Invocation& invocation);
Ending doctor(Invocation& invocation);
Ending check_config(Invocation& invocation);
Ending show_config(Invocation& invocation);
Ending show_config_schema(Invocation& invocation);

}  // namespace tracking::job
