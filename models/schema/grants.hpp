#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::models {

/// What a database role is for.
enum class Role
{
    Reader,  ///< plan, explain, doctor
    Writer,  ///< apply too
    Undoer,  ///< undo too: deletes rows and puts whole rows back
    Owner,  ///< forget: of the platform it reads ids and names of tenants; no grants on the journal
};

/// What a run may delete.
enum class Removal
{
    Tags,       ///< mappings of tags, as every writer may
    Customers,  ///< companies, and what was made with them: this needs further rights
};

/// The statement that makes a role without login. It does nothing where the role exists: roles
/// belong to the server and to all its databases. The name is not quoted.
std::string creation_of_role(std::string_view role_name);

/// The statements that give `role_name` exactly what it needs on one side, in a fixed order. On the
/// management side they include the journal's. They give no access to secrets: grants on users are
/// by column. On Citus some statements, here and below, are no grants.
std::vector<std::string> required_grants(Transaction& tx, SchemaProfile const& profile, Side side,
                                         Role role, std::string const& role_name);

/// The statements that let a role remove customers, and count first what refers to them.
std::vector<std::string> removal_grants(Transaction& tx, SchemaProfile const& profile,
                                        std::string const& role_name);

/// The statements that let a role that has these rights undo a run as well.
std::vector<std::string> undo_grants(SchemaProfile const& profile, std::string const& role_name);

/// The statements that let a writer delete history that is older than the retention time.
std::vector<std::string> pruning_grants(std::string const& role_name);

/// The statements for rights that the role of this session lacks; an owner can run them. For a
/// removal a reader needs the rights to count and to compare, a writer all of them.
std::vector<std::string> missing_grants(Transaction& tx, SchemaProfile const& profile, Side side,
                                        Role role, Removal removal);

/// The tables of the side that the job reads, by the platform's names.
std::vector<std::string> tables_read(SchemaProfile const& profile, Side side);

/// The columns, as `schema.table` and `column`, in which an insert has to give a value and the job
/// gives none. Only of tables that a writer inserts into.
std::vector<std::pair<std::string, std::string>> unfilled_columns(Transaction& tx,
                                                                  SchemaProfile const& profile);

/// Who may create functions and operators in the platform's schema, apart from its owner and
/// superusers. Names as SQL writes them, PUBLIC first.
std::vector<std::string> creators_in_schema(Transaction& tx, SchemaProfile const& profile);

/// The statement that lets the role of this session write, where the role is set to read-only; else
/// empty.
std::string remedy_for_read_only_role(Transaction& tx);

}  // namespace tracking::models
