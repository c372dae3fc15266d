#include "config/notation/shell_word.hpp"

namespace tracking::config {

std::string quoted_for_shell(std::string_view text)
{
    std::string quoted = "'";
    for (char const c : text)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return quoted + "'";
}

}  // namespace tracking::config
