#pragma once

#include <string>
#include <string_view>

namespace tracking::models {

/// The trimmed text of a tag. Throws RuleViolation unless it has 1 to 50 UTF-16 units, all of them
/// ASCII letters, digits, white space or punctuation other than \ | ~ and the backtick.
std::string checked_tag_text(std::string_view text);

}  // namespace tracking::models
