#pragma once

// What tests of `undo` share: runs that changed something, and their undo.

#include "tests/cli/job_test.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tracking::testing {

using Environment = std::map<std::string, std::string>;

/// Every kind of drift that can be applied, and at once.
inline Environment const kEverything{{"CUSTOMER_RECONCILE_DRIFT_RENAMED", "apply"},
                                     {"CUSTOMER_RECONCILE_DRIFT_INACTIVE", "apply"},
                                     {"CUSTOMER_RECONCILE_GRACE_TIME", "0"},
                                     {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"}};

class UndoFixture : public JobTest
{
protected:
    /// The login of the writer may undo, too.
    void init()
    {
        JobTest::init();
        database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                         roles().writer());
    }

    Ended undo(std::string const& run, std::vector<std::string> options = {"--yes"},
               Environment environment = kEverything) const
    {
        std::vector<std::string> arguments{"undo", run, "--format=json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return job(arguments, std::move(environment));
    }

    /// The id of a run that has just changed something.
    std::string applied(Environment const& environment = kEverything)
    {
        auto const ended = apply(environment);
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
        return latest_run();
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    void world_of_every_drift()
    {
        world.tenant({.n = 1, .name = "Missing", .admin_email = "a1@t.example"});
        world.tenant({.n = 2, .name = "No Contact"});
        TenantSeed const legacy{.n = 3, .name = "Legacy", .admin_email = "a3@t.example"};
        world.tenant(legacy);
        world.old_workflow(legacy);
        world.tenant({.n = 4, .name = "Untagged", .admin_email = "a4@t.example"});
        world.company({.n = 4,
                       .name = "Untagged",
                       .link = tenant_id(4),
                       .tagged = false,
                       .contact_email = "a4@t.example"});
        world.tenant({.n = 5, .name = "Contactless", .admin_email = "a5@t.example"});
        world.company({.n = 5, .name = "Contactless", .link = tenant_id(5)});
        world.tenant({.n = 6, .name = "New Name", .admin_email = "a6@t.example"});
        world.company(
            {.n = 6, .name = "Old Name", .link = tenant_id(6), .contact_email = "a6@t.example"});
        world.tenant({.n = 7, .name = "Asleep", .admin_email = "a7@t.example"});
        world.company({.n = 7,
                       .name = "Asleep",
                       .link = tenant_id(7),
                       .inactive = true,
                       .contact_email = "a7@t.example"});
        world.company(
            {.n = 8, .name = "Gone", .link = tenant_id(88), .contact_email = "g@gone.example"});
        world.tenant({.n = 9, .name = "Half Made", .admin_email = "a9@t.example"});
        world.company({.n = 9, .name = "Half Made", .link = "Half Made", .inactive = true});
        world.company({.n = 10,
                       .name = "No Properties",
                       .properties_json = "{}",
                       .contact_email = "a10@t.example"});
        database.execute("UPDATE {companies} SET properties = NULL WHERE {company}_id = '" +
                         company_id(10) + "'");
        world.tenant({.n = 10, .name = "No Properties", .admin_email = "a10@t.example"});
        init();
    }

    /// One customer, made by a run whose id is returned.
    std::string customer_of_acme()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
        return applied();
    }

    /// The run that gave Acme its contact.
    std::string contact_of_acme()
    {
        world.company({.n = 1, .name = "Acme", .link = tenant_id(1)});
        return customer_of_acme();
    }

    std::string companies(std::string const& condition = "true")
    {
        return count("{companies} WHERE tenant = '" + tenant_id(0) +
                     "' AND properties ->> 'tenant_id' = '" + tenant_id(1) + "' AND " + condition);
    }
};

}  // namespace tracking::testing
