// The world of `./dev demo` shows what drift there is.

#include "tests/support/servers/database.hpp"
#include "tests/support/servers/job_process.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <set>

namespace tracking::testing {
namespace {

TEST(DemoWorldTest, HasEveryKindOfDriftThatAFirstReadingCanFind)
{
    // The job has to have made or adopted the customer before.
    std::set<std::string> const later{"contact_changed", "contact_stale", "returned"};
    TestDatabase database{Generation::Clients};
    database.execute_file("demo_world.sql");
    auto const ended =
        run_job({"plan", "--format=json"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    ASSERT_NE(ended.out, "") << ended.err;
    auto const report = boost::json::parse(ended.out);
    for (auto const& [kind, tally] : report.at("drift").as_object())
        EXPECT_NE(tally.at("found") != 0, later.contains(kind)) << kind;
}

}  // namespace
}  // namespace tracking::testing
