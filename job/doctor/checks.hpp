#pragma once

// The checks of doctor, a file of them for each room that they look at. Each says what it finds to
// the checkup.

#include "job/doctor/checkup.hpp"

#include "config/settings/config.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <vector>

namespace tracking::job {

// --- server_checks.cpp

void examine_server(Checkup& checkup, models::Transaction& tx,
                    std::vector<models::Side> const& databases);

// --- schema_checks.cpp

void examine_rights(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                    models::SchemaProfile const& profile, models::Side side);
void examine_creators(Checkup& checkup, models::Transaction& tx,
                      models::SchemaProfile const& profile);

/// A column that came with a change to the platform that this version does not know.
void examine_columns(Checkup& checkup, models::Transaction& tx,
                     models::SchemaProfile const& profile);
void examine_indexes(Checkup& checkup, models::Transaction& tx,
                     models::SchemaProfile const& profile);

// --- journal_checks.cpp

void examine_management(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                        models::SchemaProfile const& profile);

// --- metrics_checks.cpp

void examine_metrics(Checkup& checkup, config::Metrics const& metrics);

// --- notify_checks.cpp

/// Whether there are URLs to call. Calls none: a chat would show it, and a ping would count.
void examine_notify(Checkup& checkup, config::Notify const& notify);

}  // namespace tracking::job
