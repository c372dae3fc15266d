#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tracking::models {

/// A contact as a caller gives it. Role and notes may be empty.
struct ContactDraft
{
    std::string full_name{};
    std::string email{};
    std::string role{};
    std::string notes{};
};

/// A contact as it is stored: it has passed the rules, and an empty field is NULL.
struct ContactRecord
{
    std::string full_name;  ///< trimmed
    std::string email;      ///< trimmed and lower-cased, the form in which e-mails are compared
    std::optional<std::string> role;
    std::optional<std::string> notes;

    friend bool operator==(ContactRecord const&, ContactRecord const&) = default;
};

/// Applies the contact rules. Throws RuleViolation.
ContactRecord checked_contact(ContactDraft const& draft);

/// First and last name, or the only one of them, or the part of the e-mail before the @. A blank
/// name counts as none. Empty only where the e-mail is blank too.
std::string admin_full_name(std::optional<std::string> const& first,
                            std::optional<std::string> const& last, std::string_view email);

}  // namespace tracking::models
