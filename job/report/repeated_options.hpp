#pragma once

#include <map>
#include <string>
#include <vector>

namespace tracking::job {

/// The options of this command line that the commands which it prints have to repeat, so that each
/// does as it stands what the report says.
struct RepeatedOptions
{
    /// By the name of the command, or "apply PLANFILE". As a shell reads them: `--config=a.yaml`.
    std::map<std::string, std::vector<std::string>> flags{};

    /// A command of this program with those that it does not have itself; any other text as it is.
    std::string complete(std::string text) const;
};

}  // namespace tracking::job
