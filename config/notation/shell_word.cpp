#include "config/notation/shell_word.hpp"

namespace tracking::config {

std::string quoted_for_shell(std::string_view text)
{
    std::string quoted = "'";
    for (char const c : text)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return quoted + "'";
}

std::string shell_word(std::string_view text)
{
    constexpr std::string_view kSafe =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=,@%+";
    if (!text.empty() && text.find_first_not_of(kSafe) == text.npos)
        return std::string{text};
    return quoted_for_shell(text);
}

}  // namespace tracking::config
