#pragma once

#include "job/databases/connections.hpp"
#include "job/databases/facts.hpp"

namespace tracking::job {

/// Both sides: connected, known, and fit for what the role does.
struct Databases
{
    Connections connections;
    Facts facts;
};

}  // namespace tracking::job
