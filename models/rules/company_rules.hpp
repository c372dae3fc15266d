#pragma once

#include <optional>
#include <string>

namespace tracking::models {

/// A company as a caller gives it. Optional fields may be empty.
struct CompanyDraft
{
    std::string name{};
    std::string url{};
    std::string website{};  ///< `properties.website`
    std::string client_type = "company";
    std::string email{};  ///< used as billing_email where that is empty
    std::string billing_email{};
    std::string notes{};
};

/// A company as it is stored: it has passed the rules, and an empty field is NULL.
struct CompanyRecord
{
    std::string name;                ///< as it was given, blanks around it included
    std::optional<std::string> url;  ///< `properties.website` holds the same
    std::string client_type;         ///< company or individual
    std::optional<std::string> billing_email;
    std::optional<std::string> notes;

    friend bool operator==(CompanyRecord const&, CompanyRecord const&) = default;
};

/// Applies the company rules. `url` and `website` fill each other; where both are given and differ,
/// url wins, because it is the column that other programs search. Throws RuleViolation.
CompanyRecord checked_company(CompanyDraft const& draft);

}  // namespace tracking::models
