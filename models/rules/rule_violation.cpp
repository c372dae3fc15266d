#include "models/rules/rule_violation.hpp"

#include "models/rules/text.hpp"

namespace tracking::models {
namespace {

std::string sentence(std::string_view field, std::string_view value, std::string_view remedy)
{
    return std::string{field} + " \"" + printable(value) + "\" is refused: " + std::string{remedy};
}

}  // namespace

RuleViolation::RuleViolation(std::string_view field, std::string_view value,
                             std::string_view remedy)
    : std::invalid_argument{sentence(field, value, remedy)},
      field_{field},
      value_{value},
      remedy_{remedy}
{}

}  // namespace tracking::models
