#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tracking::models {

/// The management tenant as a person has named it: nothing is written to any other.
struct Pin
{
    TenantId tenant;
    std::string name;                    ///< that it had then
    std::optional<TenantId> instead_of;  ///< the one that was known until then
};

/// The pin that holds. Nothing: nobody has named one yet. @pre the journal is of this version
std::optional<Pin> pin_of(Transaction& tx);

/// Lets this one hold from now on; those before stay in the journal. @pre as of pin_of(), and
/// nobody else is at it: JournalModel::install() has been called in this transaction
void set_pin(Transaction& tx, Pin const& pin, std::string const& pinned_by);

/// The tenants that runs of the journal have worked for, of whatever version it is; in order.
std::vector<TenantId> owners_of_runs(Transaction& tx);

}  // namespace tracking::models
