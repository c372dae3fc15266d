#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace tracking::models {

/// A value that a model refuses. what() is a sentence with the field, the value (made printable and
/// shortened) and what to do, e.g. `company name "  " is refused: give one that is not only
/// blanks`.
class RuleViolation : public std::invalid_argument
{
public:
    RuleViolation(std::string_view field, std::string_view value, std::string_view remedy);

    std::string const& field() const { return field_; }
    std::string const& value() const { return value_; }
    std::string const& remedy() const { return remedy_; }

private:
    std::string field_;
    std::string value_;
    std::string remedy_;
};

}  // namespace tracking::models
