#pragma once

#include "tests/support/servers/database.hpp"
#include "tests/support/servers/job_process.hpp"
#include "tests/support/servers/roles.hpp"
#include "tests/support/worlds/seed.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace tracking::testing {

/// The real binary on a real database that holds the management tenant. As soon as there is a
/// journal, commands run as the roles of `init --print`, with no more rights than they need.
class JobTest : public DatabaseTest
{
protected:
    Ended job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> environment = {}) const
    {
        environment.try_emplace("CUSTOMER_RECONCILE_SOURCE_DSN", dsn_for(arguments));
        return run_job(arguments, environment);
    }

    /// @pre the journal is installed
    PrintedRoles const& roles() const
    {
        if (!roles_)
            roles_.emplace(here_, as_owner({"init", "--print"}).out);
        return *roles_;
    }

    Ended init() const { return job({"init", "--yes"}); }
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

    /// Every row of the management tenant in every table, without the times of making and writing.
    std::map<std::string, std::string> owned()
    {
        std::map<std::string, std::string> tables;
        for (auto const& row :
             database.rows("SELECT table_name FROM information_schema.columns"
                           " WHERE table_schema = 'public' AND column_name = 'tenant'"))
            tables[row.front()] = database.value(
                "SELECT coalesce(string_agg(one, E'\\n' ORDER BY one), '') FROM (SELECT"
                " (to_jsonb(t) - 'created_at' - 'updated_at')::text AS one FROM " +
                row.front() + " t WHERE tenant = '" + tenant_id(0) + "') AS rows");
        return tables;
    }

    /// SQL that takes the journal back to what version 4 was.
    static std::string journal_back_to_version_4()
    {
        return "DROP VIEW customer_reconcile.run;"
               "ALTER TABLE customer_reconcile.run_start DROP COLUMN login;"
               "DROP TABLE customer_reconcile.contact, customer_reconcile.idle_run;"
               "CREATE VIEW customer_reconcile.run AS"
               " SELECT s.tenant, s.run_id, s.mode, s.started_at, e.ended_at, e.outcome, e.counts,"
               " e.tenants_read, s.plan_digest, s.executed_by, s.host, s.version, s.allowances,"
               " s.undoes FROM customer_reconcile.run_start s"
               " LEFT JOIN customer_reconcile.run_end e"
               " ON e.tenant = s.tenant AND e.run_id = s.run_id;"
               "DELETE FROM customer_reconcile.version WHERE version > 4;";
    }

    /// SQL that takes the journal back to what version 3 was.
    static std::string journal_back_to_version_3()
    {
        return journal_back_to_version_4() +
               "DROP VIEW customer_reconcile.run;"
               "ALTER TABLE customer_reconcile.run_start RENAME TO run;"
               "ALTER TABLE customer_reconcile.run ADD COLUMN ended_at timestamptz,"
               " ADD COLUMN outcome text, ADD COLUMN counts jsonb;"
               "UPDATE customer_reconcile.run r SET ended_at = e.ended_at, outcome = e.outcome,"
               " counts = e.counts FROM customer_reconcile.run_end e WHERE e.run_id = r.run_id;"
               "DROP TABLE customer_reconcile.run_end, customer_reconcile.pin;"
               "DELETE FROM customer_reconcile.version WHERE version > 3;";
    }

    /// The journal's receipts of that tenant take an hour. @pre the journal is installed
    void stall_receipts_of(int tenant)
    {
        database.execute(
            "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_sleep(3600); RETURN NULL; END$$;"
            "CREATE TRIGGER stall AFTER INSERT ON customer_reconcile.change"
            " FOR EACH ROW WHEN (NEW.tracked_tenant = '" +
            tenant_id(tenant) + "') EXECUTE FUNCTION stall()");
    }

    World world{database};

private:
    Ended as_owner(std::vector<std::string> const& arguments) const
    {
        return run_job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    }

    std::string dsn_for(std::vector<std::string> const& arguments) const
    {
        auto const is = [&](auto const&... words) {
            return (std::ranges::count(arguments, words) + ... + 0) > 0;
        };
        if (arguments.empty() || is("init") ||
            here_.value("SELECT to_regnamespace('customer_reconcile')") == "NULL")
            return database.dsn();
        return database.dsn_as(is("apply", "undo", "link", "ignore", "--rehearse")
                                   ? roles().writer()
                                   : roles().reader());
    }

    TestDatabase& here_{database};  // const members may ask it, too
    mutable std::optional<PrintedRoles> roles_;
};

}  // namespace tracking::testing
