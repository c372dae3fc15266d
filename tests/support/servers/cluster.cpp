#include "tests/support/servers/cluster.hpp"

#include <cstdlib>
#include <stdexcept>

namespace tracking::testing {

std::string cluster_directory()
{
    char const* const directory = std::getenv(kClusterVariable);
    if (!directory)
        throw std::runtime_error{std::string{kClusterVariable} +
                                 " is not set; run the tests by ctest"};
    return directory;
}

}  // namespace tracking::testing
