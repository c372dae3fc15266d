#pragma once

#include <chrono>
#include <string_view>

namespace tracking::job {

/// A patience without limit.
inline constexpr std::chrono::milliseconds kAsLongAsItTakes = std::chrono::milliseconds::max();

/// Writes the whole text to a descriptor. Waits for a slow reader, but at most for `patience`
/// without progress, and at most 3 seconds once the process is asked to end. Returns 0, or the
/// errno, which is ETIMEDOUT where the reader took nothing any more.
int write_all(int fd, std::string_view text, std::chrono::milliseconds patience);

}  // namespace tracking::job
