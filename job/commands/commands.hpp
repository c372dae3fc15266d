#pragma once

#include "config/sources/command_line.hpp"
#include "config/sources/load.hpp"
#include "job/report/report.hpp"

namespace tracking::job {

/// What a command is given, and the report that it fills.
struct Invocation
{
    config::CommandLine line;
    config::Loaded loaded;
    Report report;

    config::Config const& config() const { return loaded.config; }
};

// Each returns how it ended, or throws; main turns exceptions into outcomes. Commands that report
// (plan, apply, link, show) leave the printing to main, the others print what they have to say.
Outcome plan(Invocation& invocation);
Outcome apply(Invocation& invocation);
Outcome link(Invocation& invocation);
Outcome history(Invocation& invocation);
Outcome explain(Invocation& invocation);
Outcome undo(Invocation& invocation);
Outcome show(Invocation& invocation);
Outcome init(Invocation& invocation);
Outcome doctor(Invocation& invocation);
Outcome check_config(Invocation& invocation);
Outcome show_config(Invocation& invocation);
Outcome show_config_schema(Invocation& invocation);

}  // namespace tracking::job
