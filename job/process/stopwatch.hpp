#pragma once

#include <chrono>

namespace tracking::job {

class Stopwatch
{
public:
    std::chrono::steady_clock::duration elapsed() const
    {
        return std::chrono::steady_clock::now() - start_;
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace tracking::job
