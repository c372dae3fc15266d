#pragma once

// For the .cpp files of models/ only.

#include "models/values/blast_radius.hpp"
#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::models {

/// Of whatever row.
using AnyId = Id<struct AnyTag>;

/// A column of a referrer.
struct ReferringColumn
{
    std::string name;      ///< as SQL
    bool is_text = false;  ///< ids are written as texts there
};

/// A table with references to what a deletion would take away.
struct Referrer
{
    std::string table;  ///< as SQL
    std::string name;   ///< the same, without the schema where it is the platform's
    std::vector<ReferringColumn> columns;
    bool has_tenant = true;   ///< a column `tenant`, which then is asked for
    bool is_granted = true;   ///< the role may read these columns
    bool hides_rows = false;  ///< by row security

    bool is_readable() const { return is_granted && !hides_rows; }
    std::vector<std::string> column_names() const;
};

/// Every table that refers to a company, to a contact or to a billing profile, by name. By foreign
/// key, whether that would forbid the deletion or go with it (in the clients generation invoices
/// and tickets go); and without one: by a column that is named after them, or by a pair of type and
/// id, such as `entity_type` and `entity_id`. Not those of a customer's own rows to each other.
std::vector<Referrer> referrers(Transaction& tx, SchemaProfile const& profile);

/// What refers to some rows. What is in one group goes together: a row that refers to two of its
/// ids counts once.
struct References
{
    std::map<std::size_t, std::map<std::string, std::size_t>> rows;  ///< by group, then by table
    std::vector<std::string> unreadable;  ///< tables that may hold rows that the role cannot see

    /// What stands against deleting a group; nothing: it is free.
    BlastRadius of(std::size_t group) const;
};

/// One statement a table, however many ids there are.
References references_to(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                         std::unordered_map<AnyId, std::size_t> const& group_of);

}  // namespace tracking::models
