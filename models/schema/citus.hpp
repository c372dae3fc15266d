#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// Whether Citus spreads this database over several servers.
bool has_citus(Transaction& tx);

/// A server that holds a part of the tables.
struct Worker
{
    std::string name;  ///< host:port
    bool answers = false;
};

/// The workers that the coordinator counts on, by name. Each is asked, as the role of this session.
/// None where there is no Citus.
std::vector<Worker> workers(Transaction& tx);

/// The tables of the journal, by name, that Citus keeps in one place. Tables that are not made yet
/// count too. None where there is no Citus.
std::vector<std::string> undistributed_journal(Transaction& tx);

/// The statements that distribute these tables, beside the tenants where those are distributed.
/// Then a change and its receipt are in one place and are committed as one.
std::vector<std::string> distribution_of(Transaction& tx, SchemaProfile const& profile,
                                         std::vector<std::string> const& journal_tables);

/// Runs the statements of distribution_of().
void distribute_journal(Transaction& tx, SchemaProfile const& profile,
                        std::vector<std::string> const& journal_tables);

/// Rights on some columns of a table. All names are given as SQL writes them.
struct ColumnGrant
{
    std::string privilege;
    std::vector<std::string> columns;
    std::string table;
    std::string role;

    /// The GRANT statement, with the table under that name.
    std::string on(std::string_view name) const;
};

/// The statements that give these rights, each without a semicolon, to be run in this order. Citus
/// refuses a list of columns, so the rights are given on each of its shards.
std::vector<std::string> statements_of(std::vector<ColumnGrant> const& grants, bool on_citus);

}  // namespace tracking::models
