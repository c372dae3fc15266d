#include "models/rules/tag_text.hpp"

#include <algorithm>

#include "models/rules/rule_violation.hpp"
#include "models/rules/text.hpp"

namespace tracking::models {
namespace {

constexpr std::size_t kLongestTag = 50;

bool is_allowed_in_tag(char byte)
{
    constexpr std::string_view kForbidden = R"(\|~`)";
    auto const is_white = byte == ' ' || (byte >= '\t' && byte <= '\r');
    auto const is_graphic = byte > ' ' && byte <= '~';
    return is_white || (is_graphic && kForbidden.find(byte) == kForbidden.npos);
}

}  // namespace

std::string checked_tag_text(std::string_view text)
{
    auto const trimmed = trim(text);
    if (trimmed.empty())
        throw RuleViolation{"tag text", text, "give one that is not only blanks"};
    if (utf16_length(trimmed) > kLongestTag)
        throw RuleViolation{"tag text", text, "shorten it to 50 characters"};
    if (!std::all_of(trimmed.begin(), trimmed.end(), is_allowed_in_tag))
        throw RuleViolation{"tag text", text,
                            R"(use ASCII letters, digits, blanks and punctuation without \ | ~ `)"};
    return std::string{trimmed};
}

}  // namespace tracking::models
