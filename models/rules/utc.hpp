#pragma once

#include <chrono>
#include <string>

namespace tracking::models {

// The only functions that write a time. They use UTC, whatever zone the machine is in. Do not use
// fmt for it: fmt 9 takes a sys_time for local time, and fmt 10 does not.

/// `2026-10-01 02:00:03 UTC`, for people.
std::string utc_text(std::chrono::sys_seconds time);

/// `2026-10-01T02:00:03Z`, for programs (ISO 8601).
std::string utc_stamp(std::chrono::sys_seconds time);

/// `2026-10-01T02:00:03.045Z`
std::string utc_stamp(std::chrono::sys_time<std::chrono::milliseconds> time);

/// `2026-10-01`
std::string day_text(std::chrono::year_month_day day);

}  // namespace tracking::models
