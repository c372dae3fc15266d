#pragma once

// For the .cpp files of models/ only.

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"
#include "models/values/blast_radius.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::models {

/// The id of any row.
using AnyId = Id<struct AnyTag>;

/// A column of a referrer.
struct ReferringColumn
{
    std::string name;      ///< as SQL
    bool is_text = false;  ///< holds ids as texts
};

/// A table with references to rows that a deletion would delete.
struct Referrer
{
    std::string table;  ///< as SQL
    std::string name;   ///< the same, without the schema where it is the platform's
    std::vector<ReferringColumn> columns;
    bool has_tenant = true;   ///< has a column `tenant`, by which it is filtered
    bool is_granted = true;   ///< the role may read these columns
    bool hides_rows = false;  ///< by row security

    bool is_readable() const { return is_granted && !hides_rows; }
    std::vector<std::string> column_names() const;
};

/// Every table that refers to a company, a contact or a billing profile, in order of name. Some
/// refer by foreign key, whether it forbids the deletion or cascades (as for invoices and tickets
/// in the clients generation). Others refer without one: by a column that is named after them, or
/// by a pair of type and id, such as `entity_type` and `entity_id`. References between a customer's
/// own rows are left out.
std::vector<Referrer> referrers(Transaction& tx, SchemaProfile const& profile);

/// The rows that refer to some ids, counted by group. A row that refers to two ids of one group
/// counts once.
struct References
{
    std::map<std::size_t, std::map<std::string, std::size_t>> rows;  ///< by group, then by table
    std::vector<std::string> unreadable;  ///< tables that may hold rows that the role cannot see

    /// What speaks against deleting a group; it is clear where nothing does.
    BlastRadius of(std::size_t group) const;
};

/// Runs one statement for each table, however many ids there are.
References references_to(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                         std::unordered_map<AnyId, std::size_t> const& group_of);

}  // namespace tracking::models
