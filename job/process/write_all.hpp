#pragma once

#include <chrono>
#include <string_view>

namespace tracking::job {

/// How long a reader may take nothing. What the kernel takes in always goes on.
inline constexpr std::chrono::milliseconds kAsLongAsItTakes = std::chrono::milliseconds::max();

/// Writes all of it to a descriptor. Waits for a slow reader: for `patience` without progress, and
/// for a few seconds at most once the run is to end. Returns 0, or the errno: ETIMEDOUT where the
/// reader took nothing any more.
int write_all(int fd, std::string_view text, std::chrono::milliseconds patience);

}  // namespace tracking::job
