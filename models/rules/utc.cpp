#include "models/rules/utc.hpp"

#include <cstdio>

namespace tracking::models {

namespace {

using std::chrono::floor;
using std::chrono::sys_seconds;
using std::chrono::sys_time;

std::string formatted(auto const* form, auto... values)
{
    char text[64];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

std::string clock_text(sys_seconds time)
{
    std::chrono::hh_mm_ss const clock{time - floor<std::chrono::days>(time)};
    return formatted("%02d:%02d:%02d", static_cast<int>(clock.hours().count()),
                     static_cast<int>(clock.minutes().count()),
                     static_cast<int>(clock.seconds().count()));
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
    return day_of(whole) + 'T' + clock_text(whole) +
           formatted(".%03dZ", static_cast<int>((time - whole).count()));
}

std::string day_text(std::chrono::year_month_day day)
{
    return formatted("%04d-%02u-%02u", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

}  // namespace tracking::models
