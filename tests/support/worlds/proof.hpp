#pragma once

#include "tests/support/servers/database.hpp"

#include <string>
#include <vector>

namespace tracking::testing {

/// What is wrong with the customers and the journal, a sentence each; empty: nothing. After an
/// undisturbed run, whatever happened before, each tenant has exactly one whole customer, no row is
/// there twice, journal and tables agree, and nobody holds the lease. For worlds in which each
/// tenant has an admin, and tenants' own companies are numbered as in seed.hpp.
std::vector<std::string> problems_after_a_storm(TestDatabase& database);

}  // namespace tracking::testing
