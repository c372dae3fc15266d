#pragma once

#include "job/process/at_end.hpp"
#include "job/process/log.hpp"
#include "job/process/stopwatch.hpp"
#include "job/report/report.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tracking::job {

/// Records how long each part of a command takes, and logs it.
class Phases
{
public:
    enum class Of
    {
        Command,
        Part,  ///< a part that is one phase itself: nothing is logged
    };

    explicit Phases(Of what = Of::Command) : what_{what} {}

    /// Adds a phase. Where the last one has the same name, it gets longer instead.
    void add(std::string name, std::chrono::duration<double> took)
    {
        if (what_ == Of::Command)
            log_phase(name, took);
        if (all_.empty() || all_.back().name != name)
            all_.push_back({std::move(name), {}});
        all_.back().duration += took;
    }

    /// Records how long `work` took, also when it throws; returns what `work` returns.
    auto timed(std::string name, auto&& work)
    {
        AtEnd const adding{[&, watch = Stopwatch{}] { add(std::move(name), watch.elapsed()); }};
        return work();
    }

    /// All phases, in the order in which they were added.
    std::vector<Phase> const& all() const { return all_; }

private:
    Of what_;
    std::vector<Phase> all_;
};

}  // namespace tracking::job
