#pragma once

#include "tests/support/database.hpp"
#include "tests/support/job_process.hpp"
#include "tests/support/seed.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

namespace tracking::testing {

/// The real binary on a real database that holds the management tenant.
class JobTest : public DatabaseTest
{
protected:
    Ended job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> environment = {}) const
    {
        environment.try_emplace("CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn());
        return run_job(arguments, environment);
    }

    Ended init() const { return job({"init"}); }
    Ended apply(std::map<std::string, std::string> const& environment = {}) const
    {
        return job({"apply", "--yes", "--format=json"}, environment);
    }

    boost::json::value plan() const { return parsed(job({"plan", "--format=json"})); }

    static boost::json::value parsed(Ended const& ended)
    {
        EXPECT_NE(ended.out, "") << ended.err;
        return boost::json::parse(ended.out);
    }

    /// How many items of that kind the report of a plan has.
    static std::int64_t found(boost::json::value const& report, std::string const& kind)
    {
        return report.at_pointer("/drift/" + kind + "/found").to_number<std::int64_t>();
    }

    static std::string outcome(boost::json::value const& report)
    {
        return std::string{report.at("outcome").as_string()};
    }

    std::string count(std::string const& what)
    {
        return database.value("SELECT count(*) FROM " + what);
    }

    World world{database};
};

}  // namespace tracking::testing
