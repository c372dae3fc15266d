#include "job/databases/rights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

models::Removal removal_of(reconcile::CleanupMode mode)
{
    return mode == reconcile::CleanupMode::Delete ? models::Removal::Customers
                                                  : models::Removal::Tags;
}

void require_none(std::vector<std::string> const& missing, std::string const& database)
{
    if (!missing.empty())
        throw AccessDenied{
            fmt::format("the role lacks rights on {}; its owner can give them with\n  {};",
                        database, fmt::join(missing, ";\n  "))};
}

void require_rights(Databases& databases, models::Role role, models::Removal removal)
{
    auto& connections = databases.connections;
    auto const missing = connections.look_up([&](auto& tx) {
        return models::missing_grants(tx, databases.facts.profile, connections.side(), role,
                                      removal);
    });
    require_none(missing, connections.management().description());
}

}  // namespace tracking::job
