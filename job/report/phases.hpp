#pragma once

#include "job/process/log.hpp"
#include "job/process/stopwatch.hpp"
#include "job/report/report.hpp"

#include <string>
#include <utility>

namespace tracking::job {

/// A phase that goes on after another one of the report is added to it.
inline void add_phase(Report& report, std::string name, std::chrono::duration<double> took)
{
    // What belongs to no command is a part of another phase.
    if (!report.command.empty())
        log_phase(name, took);
    if (report.phases.empty() || report.phases.back().name != name)
        report.phases.push_back({std::move(name), {}});
    report.phases.back().duration += took;
}

/// Adds to the report how long `work` took, also when it throws; returns what `work` returns.
auto timed(Report& report, std::string name, auto&& work)
{
    struct Phaser
    {
        ~Phaser() { add_phase(report, std::move(name), watch.elapsed()); }
        Report& report;
        std::string name;
        Stopwatch watch{};
    } const phaser{report, std::move(name)};
    return work();
}

}  // namespace tracking::job
