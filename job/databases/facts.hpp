#pragma once

#include "config/settings/config.hpp"
#include "job/databases/connections.hpp"
#include "models/journal/journal_model.hpp"
#include "models/journal/journal_pin.hpp"
#include "models/schema/grants.hpp"
#include "models/schema/inspection.hpp"
#include "models/schema/schema.hpp"
#include "reconcile/plan/plan_file.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tracking::job {

/// What is true of both sides for as long as a command lasts.
struct Facts
{
    models::SchemaProfile profile{models::Generation::Clients};
    models::SchemaProfile source_profile{models::Generation::Clients};
    models::TenantId tenant;  ///< the management tenant; its name:
    std::string tenant_name;
    int journal_version = 0;
    std::optional<models::Pin> pin;  ///< the management tenant that the journal knows: this one
    std::optional<models::UsualTenants> usual_tenants;  ///< that the journal remembers
    reconcile::PlanIdentity identity;
    std::vector<std::string> tables_with_row_security;
    std::chrono::sys_seconds server_time;      ///< of the source, as are those below
    std::optional<models::Standby> standby{};  ///< where it is one
    bool is_pooled = false;
    std::size_t about_tenants = 0;

    bool has_journal() const { return !models::JournalModel::mismatch_of(journal_version); }
};

/// Recognises both sides, and sees that they are fit for what `role` does. What was found before it
/// throws stands in `facts`.
/// @throws models::SchemaMismatch, ManagementTenantUnknown, also where the journal knows another
///         management tenant; AccessDenied
void find_facts(Connections& connections, config::Config const& config, models::Role role,
                Facts& facts);

/// A sentence on a journal of another version, of which nothing is used; empty where there is none.
std::string warning_about_journal(Facts const& facts);

}  // namespace tracking::job
