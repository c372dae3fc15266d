#pragma once

#include "tests/support/database.hpp"

#include <string>

namespace tracking::testing {

/// Two logins with just what the SQL of `init --print` grants to a reader and to a writer. Their
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

private:
    TestDatabase& database_;
};

}  // namespace tracking::testing
