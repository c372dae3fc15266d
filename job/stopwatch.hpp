#pragma once

#include "job/report.hpp"

#include <string>

namespace tracking::job {

/// Adds to the report how long `work` took, also when it throws; returns what `work` returns.
auto timed(Report& report, std::string name, auto&& work)
{
    struct Phaser
    {
        ~Phaser() { phases.push_back({std::move(name), std::chrono::steady_clock::now() - start}); }
        std::vector<Phase>& phases;
        std::string name;
        std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    } const phaser{report.phases, std::move(name)};
    return work();
}

}  // namespace tracking::job
