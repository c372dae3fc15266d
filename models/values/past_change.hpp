#pragma once

#include "models/rules/id.hpp"

#include <cstdint>
#include <string>

namespace tracking::models {

/// A member of an image out of which a person was taken: it no longer says how everything was.
inline constexpr char const* kForgotten = "forgotten";

/// One change of a run, with its images as they were written.
struct PastChange
{
    std::string time;         ///< RFC 3339, UTC
    std::int64_t moment = 0;  ///< the same in microseconds: orders what one run has written
    RunId run;
    TenantId tenant;
    CompanyId company;
    std::string change;
    std::string outcome;
    std::string reason;
    std::string sqlstate;
    std::string before;  ///< JSON object, or empty
    std::string after;   ///< likewise
};

}  // namespace tracking::models
