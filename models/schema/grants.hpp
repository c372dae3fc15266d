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
    Undoer,  ///< undo too, where that takes rows away and puts whole rows back
};

/// What a run may take away, for which it needs further rights.
enum class Removal
{
    None,
    Tags,       ///< mappings of tags
    Customers,  ///< companies, with what was made with them
};

/// The statement that makes a role without login, and does nothing where there is one: roles belong
/// to the server, and to all its databases. The name is not quoted.
std::string creation_of_role(std::string_view role_name);

/// The statements that give `role_name` exactly what it needs on one side, in a fixed order, the
/// journal's included for the management side. No secrets: grants on users are by column. On Citus
/// there are statements among them that are no grants, here and below.
std::vector<std::string> required_grants(Transaction& tx, SchemaProfile profile, Side side,
                                         Role role, std::string const& role_name);

/// The statements that let a role remove customers, and count what refers to them before.
std::vector<std::string> removal_grants(Transaction& tx, SchemaProfile profile,
                                        std::string const& role_name);

/// The statements that let a role that has these undo a run as well.
std::vector<std::string> undo_grants(SchemaProfile profile, std::string const& role_name);

/// The statements that let a writer forget the history that is older than the journal keeps it.
std::vector<std::string> pruning_grants(std::string const& role_name);

/// Those of them that the role of this session lacks, as statements that an owner can run. Of those
/// for the removal a reader needs what counts, a writer all.
std::vector<std::string> missing_grants(Transaction& tx, SchemaProfile profile, Side side,
                                        Role role, Removal removal);

/// Tables of the side on which row security hides rows from the role of this session.
std::vector<std::string> tables_with_row_security(Transaction& tx, SchemaProfile profile,
                                                  Side side);

/// Columns of the tables that a writer inserts into, as `schema.table` and `column`, in which an
/// insert has to give a value and the job gives none.
std::vector<std::pair<std::string, std::string>> unfilled_columns(Transaction& tx,
                                                                  SchemaProfile profile);

/// Who else may put functions and operators into the platform's schema, apart from its owner and
/// superusers: names as SQL writes them, PUBLIC first.
std::vector<std::string> creators_in_schema(Transaction& tx, SchemaProfile const& profile);

/// The statement that lets the role of this session write, where it is set to read-only; empty: it
/// is not.
std::string remedy_for_read_only_role(Transaction& tx);

}  // namespace tracking::models
