#pragma once

#include <string>
#include <string_view>

namespace tracking::config {

/// The text as one word, between quotes only where it needs them.
std::string shell_word(std::string_view text);

/// The text as one word of a command line that a person copies into a shell: between single quotes.
std::string quoted_for_shell(std::string_view text);

}  // namespace tracking::config
