#pragma once

#include "config/sources/command_line.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/plan_file.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tracking::job {

/// What a person approves: a saved plan, a part of the plan, and the changes that may pass a guard.
struct Approval
{
    reconcile::Selection selection;  ///< of the command line
    std::optional<reconcile::SavedPlan> saved;
    std::vector<reconcile::Allowance> allowances;
    std::string reason;  ///< for the allowances

    /// The selection of the command line and of the plan file, as one.
    reconcile::Selection whole_selection() const;

    /// The allowances with their reason, and the selection, for the journal: a JSON object; empty
    /// where there are none.
    std::string allowances_json() const;
};

/// The approval of an `apply`.
/// @throws config::UsageError for an allowance that cannot be read, or has no plan file or reason;
///         reconcile::PlanFileError
Approval approval_from(config::CommandLine const& line);

/// The approval of a command that needs no plan file: its operand limits what is allowed.
/// @throws config::UsageError for an allowance that cannot be read, or has no reason
Approval allowances_from(config::CommandLine const& line);

/// What --only and --except say.
reconcile::Selection selection_from(config::CommandLine const& line);

/// @throws reconcile::PlanFileError whose message begins with the file's name
reconcile::SavedPlan load_plan_file(std::filesystem::path const& file);

}  // namespace tracking::job
