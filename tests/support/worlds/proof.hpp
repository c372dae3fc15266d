#pragma once

#include "tests/support/servers/database.hpp"

#include <string>
#include <vector>

namespace tracking::testing {

/// What is wrong with the customers and the journal, one sentence each; empty: nothing. Whatever
/// happened to runs before, after an undisturbed one each tenant has exactly one whole customer, no
/// row is there twice, journal and tables agree, and nobody holds the lease. For worlds whose
/// tenants all have an admin and whose own companies are numbered as in seed.hpp.
std::vector<std::string> problems_after_a_storm(TestDatabase& database);

}  // namespace tracking::testing
