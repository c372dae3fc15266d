#pragma once

#include <string>
#include <string_view>

namespace tracking::job {

/// How a command ended: the process's exit code and the report's `outcome` in one.
enum class Ending
{
    Ok = 0,
    Failed = 1,        ///< something went wrong that no other code names
    Drift = 2,         ///< `plan --detailed-exitcode`: there is drift
    Refused = 3,       ///< a guard held something back
    Partial = 4,       ///< some items failed, the others were applied
    Stale = 5,         ///< nothing of the plan file is valid any more
    Interrupted = 6,   ///< a signal, or the deadline
    Usage = 64,        ///< the command line
    Data = 65,         ///< management tenant missing or ambiguous, unknown schema
    Unavailable = 69,  ///< no connection
    Busy = 75,         ///< another run holds the lease
    Denied = 77,       ///< a grant is missing
    Config = 78,       ///< the configuration
};

std::string_view name_of(Ending outcome);

/// What an end means and what a person can do about it, where the code alone says too little.
struct EndingWords
{
    std::string meaning;
    std::string remedy;
    std::string command;  ///< that does it

    bool operator==(EndingWords const&) const = default;
};

}  // namespace tracking::job
