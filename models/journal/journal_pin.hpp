#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tracking::models {

/// The management tenant that a person has named. Nothing is written for any other.
struct Pin
{
    TenantId tenant;
    std::string name;                    ///< the tenant's name at that time
    std::optional<TenantId> instead_of;  ///< the tenant that was known until then
};

/// The pin that holds now; nothing where nobody has named a tenant yet. @pre the journal is of this
/// version
std::optional<Pin> pin_of(Transaction& tx);

/// Makes this pin hold from now on. Earlier pins stay in the journal. @pre as of pin_of(); and
/// JournalModel::install() has been called in this transaction, so nobody else does the same
void set_pin(Transaction& tx, Pin const& pin, std::string const& pinned_by);

/// The tenants that runs of the journal have worked for, in order. Works with every version of the
/// journal.
std::vector<TenantId> owners_of_runs(Transaction& tx);

}  // namespace tracking::models
