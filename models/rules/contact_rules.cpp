#include "models/rules/contact_rules.hpp"

#include "models/rules/email.hpp"
#include "models/rules/rule_violation.hpp"
#include "models/rules/text.hpp"

namespace tracking::models {

ContactRecord checked_contact(ContactDraft const& draft)
{
    if (is_blank(draft.full_name))
        throw RuleViolation{"contact name", draft.full_name, "give one that is not only blanks"};
    if (!is_valid_email(trim(draft.email)))
        throw RuleViolation{"contact e-mail", draft.email, "give one like name@example.com"};
    return {.full_name = std::string{trim(draft.full_name)},
            .email = normalize_email(draft.email),
            .role = null_if_empty(draft.role),
            .notes = null_if_empty(draft.notes)};
}

std::string admin_full_name(std::optional<std::string> const& first,
                            std::optional<std::string> const& last, std::string_view email)
{
    auto name = std::string{trim(first.value_or(""))};
    auto const family = std::string{trim(last.value_or(""))};
    if (!name.empty() && !family.empty())
        name += ' ';
    name += family;
    if (!name.empty())
        return name;
    auto const address = trim(email);
    auto const local = address.substr(0, address.find('@'));
    return std::string{local.empty() ? address : local};
}

}  // namespace tracking::models
