#pragma once

#include <string>

namespace tracking::testing {

/// Names the directory of the cluster that ctest started.
inline constexpr char const* kClusterVariable = "CUSTOMER_RECONCILE_TEST_CLUSTER";

/// @throws std::runtime_error where kClusterVariable is not set
std::string cluster_directory();

}  // namespace tracking::testing
