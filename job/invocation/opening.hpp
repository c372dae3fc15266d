#pragma once

#include "job/databases/databases.hpp"
#include "job/invocation/invocation.hpp"

namespace tracking::job {

/// Connects both sides and finds their facts; both must be fit for what `role` does. Where this
/// throws, the report still gets what was found before.
/// @throws what Connections and find_facts() throw
Databases open_databases(Invocation& invocation, models::Role role);

}  // namespace tracking::job
