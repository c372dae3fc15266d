#pragma once

#include "config/settings/config.hpp"
#include "job/databases/connections.hpp"
#include "models/journal/journal_model.hpp"
#include "models/journal/journal_pin.hpp"
#include "models/schema/grants.hpp"
#include "models/schema/inspection.hpp"
#include "models/schema/schema.hpp"
#include "models/values/past_run.hpp"
#include "reconcile/plan/plan_file.hpp"
#include "reconcile/reading/state.hpp"

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
    models::TenantId tenant;  ///< the management tenant
    std::string tenant_name;
    int journal_version = 0;
    std::optional<models::Pin> pin;  ///< of the journal; it names this management tenant
    std::optional<models::UsualTenants> usual_tenants;  ///< what earlier readings saw
    std::optional<reconcile::ComparedRun> compared;     ///< the run that a person has named
    std::vector<models::TrendPoint> trend;  ///< of the runs that are wanted, newest first
    reconcile::PlanIdentity identity;
    std::vector<std::string> tables_with_row_security;
    std::chrono::sys_seconds server_time;      ///< of the source, like the members below
    std::optional<models::Standby> standby{};  ///< where the source is one
    bool is_pooled = false;
    bool has_citus = false;
    std::size_t about_tenants = 0;

    bool has_journal() const { return !models::JournalModel::mismatch_of(journal_version); }
};

/// What a command wants of both sides.
struct Wanted
{
    models::Role role;              ///< they must be fit for what it does
    std::size_t runs_of_trend = 0;  ///< of which it shows the drift
};

/// Finds the facts of both sides. Where it throws, `facts` holds what was found before.
/// @throws models::SchemaMismatch; AccessDenied; models::ManagementTenantUnknown, also where the
///         journal names another management tenant
void find_facts(Connections& connections, config::Config const& config, Wanted const& wanted,
                Facts& facts);

/// A warning that the journal has another version, so nothing of it is used; empty: it has not.
std::string warning_about_journal(Facts const& facts);

}  // namespace tracking::job
