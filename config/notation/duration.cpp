#include "config/notation/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace tracking::config {
namespace {

using std::chrono::milliseconds;

struct Unit
{
    std::string_view name;
    std::int64_t length;
};

constexpr std::array<Unit, 5> kUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::int64_t kLongest = std::int64_t{100} * 365 * kUnits[0].length;

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text)
{
    if (text == "0")
        return milliseconds{0};
    if (text.empty())
        return std::nullopt;
    std::int64_t total = 0;
    auto allowed = kUnits.begin();
    while (!text.empty()) {
        auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
        auto const end = std::min(text.find_first_of("0123456789", digits), text.size());
        std::int64_t number = 0;
        auto const read = std::from_chars(text.data(), text.data() + digits, number);
        auto const name = text.substr(digits, end - digits);
        auto const unit = std::find_if(allowed, kUnits.end(),
                                       [&](Unit const& known) { return known.name == name; });
        if (digits == 0 || read.ec != std::errc{} || unit == kUnits.end())
            return std::nullopt;
        if (number > (kLongest - total) / unit->length)
            return std::nullopt;
        total += number * unit->length;
        allowed = unit + 1;
        text.remove_prefix(end);
    }
    return milliseconds{total};
}

std::string show_duration(milliseconds duration)
{
    std::string text;
    auto left = duration.count();
    for (auto unit = kUnits.begin() + 1; unit != kUnits.end(); ++unit) {
        if (auto const number = left / unit->length; number > 0)
            text += fmt::format("{}{}", number, unit->name);
        left %= unit->length;
    }
    return text.empty() ? "0" : text;
}

}  // namespace tracking::config
