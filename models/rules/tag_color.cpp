#include "models/rules/tag_color.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tracking::models {
namespace {

constexpr double kSaturation = 0.70;
constexpr double kLightness = 0.85;

/// A channel of a colour in HSL, 0 to 255. `offset` is 0 for red, 8 for green, 4 for blue: twelfths
/// of the colour wheel (CSS Color Module Level 4, section 7.1).
unsigned channel(std::int64_t hue, double offset)
{
    auto const chroma = kSaturation * std::min(kLightness, 1 - kLightness);
    auto const twelfth = std::fmod(offset + static_cast<double>(hue) / 30, 12);
    auto const level = std::max(-1.0, std::min({twelfth - 3, 9 - twelfth, 1.0}));
    return static_cast<unsigned>(std::lround(255 * (kLightness - chroma * level)));
}

}  // namespace

std::int64_t tag_hash(std::string_view tag_text)
{
    // The original is ECMAScript's `unit + ((hash << 5) - hash)`: only the shift is done in 32
    // bits, the rest in doubles. A step adds less than 2^32 to the magnitude, so that a text under
    // 2^21 units stays below 2^53, where doubles are exact and equal to these integers.
    std::int64_t hash = 0;
    for (auto const unit : to_utf16(tag_text)) {
        auto const shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(hash) << 5);
        hash = unit + (shifted - hash);
    }
    return hash;
}

TagColors tag_colors(std::string_view tag_text)
{
    auto const hue = std::abs(tag_hash(tag_text)) % 360;
    return {fmt::format("#{:02X}{:02X}{:02X}", channel(hue, 0), channel(hue, 8), channel(hue, 4)),
            "#2C3E50"};
}

}  // namespace tracking::models
