#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tracking::config {

/// `90s`, `15m`, `72h`, `7d`, `500ms`, `1h30m` (largest unit first, each at most once) or a plain
/// `0`. Nothing for anything else, and for more than 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads back to the same length; hours are the largest
/// unit.
std::string show_duration(std::chrono::milliseconds duration);

}  // namespace tracking::config
