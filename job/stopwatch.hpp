#pragma once

#include "job/log.hpp"
#include "job/report.hpp"

#include <string>

namespace tracking::job {

/// Adds to the report how long `work` took, also when it throws; returns what `work` returns.
auto timed(Report& report, std::string name, auto&& work)
{
    struct Phaser
    {
        ~Phaser()
        {
            std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
            // What belongs to no command is a part of another phase.
            if (!report.command.empty())
                log_phase(name, took);
            report.phases.push_back({std::move(name), took});
        }
        Report& report;
        std::string name;
        std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    } const phaser{report, std::move(name)};
    return work();
}

}  // namespace tracking::job
