#pragma once

#include <map>
#include <string>
#include <vector>

namespace tracking::testing {

/// What a run of the job left behind.
struct Ended
{
    int exit_code = -1;  ///< minus the signal where one ended it
    std::string out;
    std::string err;
};

/// Runs the real binary and waits for its end. It sees PATH and `environment`, and nothing else of
/// this process's environment; its standard input is empty.
Ended run_job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> const& environment);

}  // namespace tracking::testing
