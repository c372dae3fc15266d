#pragma once

#include "job/document/tone.hpp"

#include <string>
#include <string_view>

namespace tracking::job {

/// The text as it is, in a code span. Blanks that are added on both sides keep a backtick or blank
/// at an end apart from the fence: Markdown takes one off each side.
std::string code(std::string_view text);

/// The text as it is, in a code block.
std::string block(std::string_view language, std::string_view text, std::string_view indent = "");

/// Escapes our own words. They hold nothing of the database, but are escaped all the same.
std::string words(std::string_view text);

std::string_view sign_of(Tone tone);

}  // namespace tracking::job
