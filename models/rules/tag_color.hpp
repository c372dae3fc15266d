#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tracking::models {

/// Colours as `#RRGGBB` in upper case.
struct TagColors
{
    std::string background;
    std::string text;

    friend bool operator==(TagColors const&, TagColors const&) = default;
};

/// The colours of a tag that was given none: a pastel under a dark text. The hue comes from the
/// tag's text. So every program that makes the tag gives it the same colour.
TagColors tag_colors(std::string_view tag_text);

/// The platform's hash of a tag text; the hue is its absolute value modulo 360.
std::int64_t tag_hash(std::string_view tag_text);

}  // namespace tracking::models
