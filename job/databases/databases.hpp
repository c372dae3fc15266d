#pragma once

#include "job/databases/connections.hpp"
#include "job/databases/facts.hpp"

namespace tracking::job {

/// Both sides, connected, recognised and found fit for what a role does.
struct Databases
{
    Connections connections;
    Facts facts;
};

}  // namespace tracking::job
