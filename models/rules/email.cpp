#include "models/rules/email.hpp"

#include "models/rules/text.hpp"

namespace tracking::models {
namespace {

bool has_white_space(std::string_view text)
{
    while (!text.empty()) {
        auto const character = first_character(text);
        if (is_white_space(character.code))
            return true;
        text.remove_prefix(character.length);
    }
    return false;
}

/// Whether the text has a dot that is neither its first nor its last byte.
bool has_inner_dot(std::string_view domain)
{
    return domain.size() > 2 && domain.substr(1, domain.size() - 2).find('.') != domain.npos;
}

}  // namespace

bool is_valid_email(std::string_view raw)
{
    auto const at = raw.find('@');
    if (at == 0 || at == raw.npos || has_white_space(raw))
        return false;
    auto const domain = raw.substr(at + 1);
    return domain.find('@') == domain.npos && has_inner_dot(domain);
}

}  // namespace tracking::models
