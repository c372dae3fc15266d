#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tracking::models {

/// One character of a UTF-8 text, and the number of its bytes there. A byte that belongs to no
/// character stands for itself as U+FFFD of length 1. So broken text can be walked too.
struct Character
{
    char32_t code;
    std::size_t length;
};

/// The first character. `text` is not empty.
Character first_character(std::string_view text);

bool is_utf8(std::string_view text);

/// White space as ECMAScript's trim() and \s know it: Unicode's, and U+FEFF; U+200B is none.
bool is_white_space(char32_t code);

/// Without white space at both ends. A view into `text`.
std::string_view trim(std::string_view text);

/// The same, but of ASCII's white space only.
std::string_view trim_ascii(std::string_view text);

/// Whether the text is empty or has only white space.
bool is_blank(std::string_view text);

/// Optional columns hold NULL, never an empty text.
std::optional<std::string> null_if_empty(std::string_view text);

/// Length in UTF-16 code units, the measure of the rules that come from ECMAScript.
std::size_t utf16_length(std::string_view text);
std::u16string to_utf16(std::string_view text);

/// A to Z only; every other byte stays.
std::string to_lower_ascii(std::string_view text);

/// Trimmed and lower-cased, the form in which e-mails are compared. Characters are lower-cased one
/// by one with the C library's C.UTF-8 table, as PostgreSQL's lower() does in a libc UTF-8 locale;
/// on a machine without that locale only A to Z are.
std::string normalize_email(std::string_view text);

/// Safe to print between quotes on one line: control characters, line separators, direction marks
/// and broken bytes become escapes; a text longer than `limit` characters is cut, with an ellipsis.
std::string printable(std::string_view text, std::size_t limit = 60);

}  // namespace tracking::models
