#pragma once

#include <span>
#include <string>

namespace tracking::models {

/// Puts the collation by which lower() is to fold what is compared with `texts` in place of each
/// {case_rules}. A server's lower() follows the language of its database: the Turkish one makes no
/// "i" of an "I". The collation "C" knows A to Z alone, in every language, which is enough where
/// the texts have no other letters. It takes a fifth of the time.
std::string with_case_rules(std::string sql, std::span<std::string const> texts);

}  // namespace tracking::models
