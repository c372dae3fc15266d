#pragma once

#include "job/document/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tracking::job {

// What a person can do now, and the commands for it.

/// How a person allows what guards hold back; nothing where none does.
std::optional<Step> allowance(Report const& report);

/// The command that applies the plan of the report.
std::string apply_command(Report const& report);

std::vector<Step> closing(Report const& report);

/// Gives each command the options that it has to repeat.
void complete_commands(Document& document, RepeatedOptions const& repeated);

}  // namespace tracking::job
