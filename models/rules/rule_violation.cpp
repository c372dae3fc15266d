#include "models/rules/rule_violation.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

namespace tracking::models {

RuleViolation::RuleViolation(std::string_view field, std::string_view value,
                             std::string_view remedy)
    : std::invalid_argument{fmt::format("{} \"{}\" is refused: {}", field, printable(value),
                                        remedy)},
      field_{field},
      value_{value},
      remedy_{remedy}
{}

}  // namespace tracking::models
