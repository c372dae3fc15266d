#include "tests/support/servers/roles.hpp"

#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

namespace tracking::testing {

namespace {

void replace_all(std::string& text, std::string const& from, std::string const& to)
{
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// In the suite `odd` a role has one session. -1: no limit.
int connection_limit()
{
    return std::getenv("CUSTOMER_RECONCILE_TEST_ONE_CONNECTION") ? 1 : -1;
}

}  // namespace

PrintedRoles::PrintedRoles(TestDatabase& database, std::string printed) : database_{database}
{
    replace_all(printed, "customer_reconcile_reader", reader());
    replace_all(printed, "customer_reconcile_writer", writer());
    replace_all(printed, "customer_reconcile_remover", remover());
    replace_all(printed, "customer_reconcile_undoer", undoer());
    replace_all(printed, "customer_reconcile_pruner", pruner());
    database_.execute(printed.substr(printed.find("\n-- What plan")));
    for (auto const& role : {reader(), writer(), remover(), undoer(), pruner()})
        database_.execute("ALTER ROLE " + role + " LOGIN CONNECTION LIMIT " +
                          std::to_string(connection_limit()));
}

PrintedRoles::~PrintedRoles()
{
    for (auto const& role : {reader(), writer(), remover(), undoer(), pruner()}) {
        try {
            database_.execute("DROP OWNED BY " + role);
            database_.execute("DROP ROLE " + role);
        } catch (std::exception const&) {
            // The test itself may have ended the server, and the roles with it.
        }
    }
}

}  // namespace tracking::testing
