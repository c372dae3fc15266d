#pragma once

#include "tests/support/servers/database.hpp"

#include <string>

namespace tracking::testing {

/// Logins with just what the SQL of `init --print` grants to a reader, a writer, a remover. Their
/// names are the test database's own; they are gone with the object.
class PrintedRoles
{
public:
    /// @pre the journal is installed: the grants name its tables
    PrintedRoles(TestDatabase& database, std::string printed);
    ~PrintedRoles();
    PrintedRoles(PrintedRoles const&) = delete;
    PrintedRoles& operator=(PrintedRoles const&) = delete;

    std::string reader() const { return database_.name() + "_reader"; }
    std::string writer() const { return database_.name() + "_writer"; }

    /// A writer needs this, too, to take rows away: grants it to one.
    std::string remover() const { return database_.name() + "_remover"; }

    /// A writer and remover needs this, too, to put rows back: grants it to one.
    std::string undoer() const { return database_.name() + "_undoer"; }

    /// A writer needs this, too, to forget old history: grants it to one.
    std::string pruner() const { return database_.name() + "_pruner"; }

private:
    TestDatabase& database_;
};

}  // namespace tracking::testing
