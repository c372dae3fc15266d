#pragma once

// For the .cpp files of models/ only.

#include "models/database.hpp"
#include "models/schema.hpp"

#include <string>
#include <vector>

namespace tracking::models {

/// A table with foreign keys to what a deletion would take away.
struct Referrer
{
    std::string table;                 ///< as SQL
    std::string name;                  ///< the same, without the schema where it is the platform's
    std::vector<std::string> columns;  ///< that hold such ids, as SQL
    bool has_tenant = true;            ///< a column `tenant`, which then is asked for
    bool is_granted = true;            ///< the role may read these columns
    bool hides_rows = false;           ///< by row security

    bool is_readable() const { return is_granted && !hides_rows; }
};

/// Every table that refers to a company, to a contact or to a billing profile by foreign key,
/// whether that would forbid the deletion or go with it (in the clients generation invoices and
/// tickets go). Not the keys of contacts and billing profiles to their own company. By name.
std::vector<Referrer> referrers(Transaction& tx, SchemaProfile const& profile);

}  // namespace tracking::models
