#pragma once

#include "tests/support/servers/database.hpp"
#include "tests/support/statements/parse_tree.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tracking::testing {

/// A statement as the server saw it.
struct SeenStatement
{
    std::string text;
    std::string prepared_as;       ///< `<unnamed>` or empty, unless somebody named it
    std::string parameters;        ///< as the server lists them: `$1 = 'x', $2 = NULL`
    std::vector<ParseNode> trees;  ///< of what the parser made of it
    std::string process;           ///< the id of the server's
};

/// The statement with its parameters, nine at most, written into it.
std::string with_parameters(SeenStatement const& statement);

/// What the server's log of the test cluster says from here on, of one database and of sessions
/// that were opened with kShowStatements.
class StatementLog
{
public:
    /// For PGOPTIONS, or `SET` as pairs: the session's statements and parse trees go to the log.
    static constexpr char const* kShowStatements =
        "-c log_statement=all -c debug_print_parse=on -c debug_pretty_print=off"
        " -c log_min_messages=log";

    explicit StatementLog(std::string database);

    /// Instead of the trees the plans by which they are executed; see plans().
    static constexpr char const* kShowPlans =
        "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
        " -c log_statement=all -c log_min_messages=log";

    /// Those that came since.
    std::vector<SeenStatement> read() const;

    /// The plans that came since, as EXPLAIN shows them, each under its statement's text. Those of
    /// cursors are not among them, as a rollback ends these.
    std::vector<std::string> plans() const;

private:
    std::string database_;
    std::string file_;
    std::size_t start_;
};

/// Checks a statement, by its parse tree, against the rules for Citus and for PgBouncer in
/// transaction mode.
class StatementRules
{
public:
    /// Takes tables and functions from the catalogue.
    explicit StatementRules(TestDatabase& database);

    /// What the statement does that it must not; empty: it keeps the rules.
    std::vector<std::string> violations(SeenStatement const& statement) const;

    struct Table
    {
        std::string name;
        int tenant_column;
    };

private:
    std::map<int, Table> tables_;  // those with a tenant, by oid
    std::set<int> volatile_functions_;
};

}  // namespace tracking::testing
