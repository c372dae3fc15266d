#pragma once

#include "job/process/ending.hpp"

#include <exception>
#include <optional>
#include <string>

namespace tracking::job {

/// How a command ends that an exception has left, and what there is to say about it.
struct Failure
{
    Ending outcome;
    std::string message;
    std::optional<EndingWords> words{};  ///< in place of those of the outcome
};

/// The one place that turns exceptions into outcomes. Lets through what is no std::exception.
Failure failure_of(std::exception_ptr const& thrown);

}  // namespace tracking::job
