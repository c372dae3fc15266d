#pragma once

#include "job/commands/commands.hpp"
#include "job/databases/databases.hpp"

namespace tracking::job {

/// Connects both sides, recognises them, and sees that they are fit for what `role` does. The
/// report gets what is found, also before something is not.
/// @throws what Connections and find_facts() throw
Databases open_databases(Invocation& invocation, models::Role role);

}  // namespace tracking::job
