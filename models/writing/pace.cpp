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

// A limit that grows as time allows is safe where each change costs the same, and more so where a
// transaction has a cost of its own, as its looks at 75 tables that may refer to a contact.
void Pace::note(std::size_t changes, std::chrono::nanoseconds took)
{
    auto const fitting = static_cast<std::size_t>(static_cast<double>(changes) *
                                                  static_cast<double>(kAimed.count()) /
                                                  static_cast<double>(std::max(took, 1ns).count()));
    if (took > kTooLong)
        limit_ = std::min(limit_, std::max(kLeast, fitting));
    else if (changes >= limit_ && took < kAimed)
        limit_ = std::clamp(fitting, limit_, 2 * limit_);
}

}  // namespace tracking::models
