#pragma once

#include "config/sources/command_line.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/plan_file.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tracking::job {

/// What a person has given along with `apply`: a saved plan, and what may pass its guard.
struct Approval
{
    std::optional<reconcile::SavedPlan> saved;
    std::vector<reconcile::Allowance> allowances;
    std::string reason;  ///< for the allowances

    /// For the journal: a JSON object, or empty where nothing is allowed.
    std::string allowances_json() const;
};

/// @throws config::UsageError for an allowance without plan file or reason, or that is none;
///         reconcile::PlanFileError
Approval approval_from(config::CommandLine const& line);

/// Of a command that needs no plan file for it: what is allowed is scoped by its operand.
/// @throws config::UsageError for an allowance without reason, or that is none
Approval allowances_from(config::CommandLine const& line);

/// @throws reconcile::PlanFileError whose message begins with the file's name
reconcile::SavedPlan load_plan_file(std::filesystem::path const& file);

}  // namespace tracking::job
