#include "models/rules/utc.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

using std::chrono::floor;
using std::chrono::sys_seconds;
using std::chrono::sys_time;

std::string clock_text(sys_seconds time)
{
    std::chrono::hh_mm_ss const clock{time - floor<std::chrono::days>(time)};
    return fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

std::string day_of(sys_seconds time)
{
    return day_text(floor<std::chrono::days>(time));
}

}  // namespace

std::string utc_text(sys_seconds time)
{
    return day_of(time) + ' ' + clock_text(time) + " UTC";
}

std::string utc_stamp(sys_seconds time)
{
    return day_of(time) + 'T' + clock_text(time) + 'Z';
}

std::string utc_stamp(sys_time<std::chrono::milliseconds> time)
{
    auto const whole = floor<std::chrono::seconds>(time);
    return fmt::format("{}T{}.{:03}Z", day_of(whole), clock_text(whole), (time - whole).count());
}

std::string day_text(std::chrono::year_month_day day)
{
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

}  // namespace tracking::models
