#include "models/writing/pace.hpp"

#include <algorithm>

namespace tracking::models {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kTooLong = 400ms;
constexpr std::chrono::nanoseconds kAimed = 300ms;
// With fewer, what a transaction costs by itself would outweigh them.
constexpr std::size_t kLeast = 16;

}  // namespace

void Pace::note(std::size_t changes, std::chrono::nanoseconds took)
{
    if (took > kTooLong)
        limit_ = std::min(
            limit_, std::max(kLeast, static_cast<std::size_t>(static_cast<double>(changes) *
                                                              static_cast<double>(kAimed.count()) /
                                                              static_cast<double>(took.count()))));
    else if (changes >= limit_ && took < kAimed / 2)
        limit_ *= 2;
}

}  // namespace tracking::models
