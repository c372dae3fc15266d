#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tracking::models {

// A server's lower() follows the language of its database: the Turkish one makes no "i" of an "I".
// The collation "C" folds A to Z in every language, and takes a fifth of the time. Other letters it
// leaves as they are.

/// Puts the collation by which lower() is to fold what is compared with `text` in place of each
/// {case_rules}.
std::string with_case_rules(std::string sql, std::string_view text);

/// Puts the condition that the address in `column` is one of `emails` in place of {is_sought}.
/// `list` is the parameter that has them, as normalize_email() makes them.
std::string with_sought(std::string sql, std::string_view column, std::string_view list,
                        std::span<std::string const> emails);

}  // namespace tracking::models
