#pragma once

#include <string_view>

namespace tracking::models {

/// Whether the text as it stands matches `^[^\s@]+@[^\s@]+\.[^\s@]+$`, \s being Unicode's. The
/// caller trims: white space at an end is refused here.
bool is_valid_email(std::string_view raw);

}  // namespace tracking::models
