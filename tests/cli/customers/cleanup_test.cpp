#include "tests/cli/job_test.hpp"

#include <filesystem>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A customer that the job has made, and whose tenant is gone since.
class CleanupTest : public JobTest
{
protected:
    CleanupTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.tenant({.n = 2, .name = "Bolt", .admin_email = "bob@bolt.example"});
        init();
        apply();
        database.execute("GRANT " + roles().remover() + " TO " + roles().reader() + ", " +
                         roles().writer());
        company_ = database.value("SELECT {company}_id FROM {companies} WHERE tenant = '" +
                                  tenant_id(0) + "' AND {company}_name = 'Acme'");
        database.execute(
            "SET session_replication_role = replica; DELETE FROM tenants WHERE "
            "tenant = '" +
            tenant_id(1) + "'; DELETE FROM users WHERE tenant = '" + tenant_id(1) + "'");
    }

    Ended clean_up(std::string const& mode, std::vector<std::string> options = {"apply", "--yes"})
    {
        options.insert(options.end(), {"--cleanup-mode", mode, "--grace-runs=1", "--grace-time=0",
                                       "--guard-tenants=0"});
        return job(options);
    }

    Ended plan_clean_up(std::string const& mode)
    {
        return clean_up(mode, {"plan", "--format=json"});
    }

    static boost::json::value orphan(boost::json::value const& report)
    {
        for (auto const& item : report.at("items").as_array()) {
            if (item.at("kind") == "orphaned")
                return item;
        }
        return nullptr;
    }

    void add_invoices(int count)
    {
        for (int n = 1; n <= count; ++n)
            database.execute(
                "INSERT INTO invoices (tenant, {company}_id, invoice_number) VALUES ('" +
                tenant_id(0) + "', '" + company_ + "', '" + std::to_string(n) + "')");
    }

    std::string companies() { return count("{companies} WHERE {company}_id = '" + company_ + "'"); }
    std::string contacts() { return count("contacts WHERE {company}_id = '" + company_ + "'"); }
    std::string tags() { return count("tag_mappings WHERE tagged_id = '" + company_ + "'"); }
    std::string inactive()
    {
        return count("{companies} WHERE is_inactive AND {company}_id = '" + company_ + "'");
    }

    std::string journalled(std::string const& change, std::string const& what)
    {
        return database.value("SELECT " + what +
                              " FROM customer_reconcile.change WHERE change = '" + change + "'");
    }

    std::string company_;
};

TEST_P(CleanupTest, ReportLeavesTheOrphanAlone)
{
    auto const applied = clean_up("report");
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_THAT(applied.out, HasSubstr("cleanup.mode: report"));
    EXPECT_EQ(inactive() + tags() + contacts(), "011");
}

TEST_P(CleanupTest, UntagTakesTheTagKeepsTheRestAndIsSettledThen)
{
    auto const applied = clean_up("untag");
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(inactive() + tags() + contacts(), "001");
    EXPECT_THAT(applied.out, HasSubstr("converged: yes"));
    auto const again = parsed(plan_clean_up("untag"));
    EXPECT_EQ(found(again, "orphaned"), 0);
    EXPECT_EQ(again.at_pointer("/counts/settled"), 1);
    EXPECT_EQ(journalled("untag", "before -> 'tag_mappings' -> 0 ->> 'tagged_id'"), company_);
}

TEST_P(CleanupTest, DeactivateIsTheDefault)
{
    auto const applied =
        job({"apply", "--yes", "--grace-runs=1", "--grace-time=0", "--guard-tenants=0"});
    EXPECT_EQ(inactive() + tags(), "12") << applied.out;
}

TEST_P(CleanupTest, DeleteTakesTheCustomerWholeAndKeepsItsRowsInTheJournal)
{
    auto const others = database.fingerprint_outside(tenant_id(0));
    auto const applied = clean_up("delete");
    EXPECT_EQ(applied.exit_code, 0) << applied.out << applied.err;
    EXPECT_EQ(companies() + contacts() + tags(), "000");
    EXPECT_EQ(database.fingerprint_outside(tenant_id(0)), others);
    EXPECT_EQ(journalled("delete", "before #>> '{rows,contacts,0,email}'"), "ada@acme.example");
    EXPECT_EQ(journalled("delete", "json_array_length(before #> '{rows,tag_mappings}')"), "1");
    EXPECT_EQ(journalled("delete", "after -> 'company'"), "null");
}

TEST_P(CleanupTest, PlanTellsWhatADeletionWouldTake)
{
    auto const before = companies() + contacts() + tags();
    auto const item = orphan(parsed(plan_clean_up("delete")));
    EXPECT_EQ(item.at_pointer("/change/kind"), "delete");
    EXPECT_EQ(item.at_pointer("/blast_radius/contacts"), 1);
    EXPECT_EQ(item.at_pointer("/blast_radius/tags"), 1);
    EXPECT_THAT(clean_up("delete", {"plan"}).out,
                HasSubstr("delete the company, and with it 1 contact, 1 tag mapping and"));
    EXPECT_EQ(companies() + contacts() + tags(), before);
}

// An invoice forbids the deletion of a company and would go with a client.
TEST_P(CleanupTest, DeleteFallsBackToDeactivationAndThePlanSaysWhy)
{
    add_invoices(2);
    auto const item = orphan(parsed(plan_clean_up("delete")));
    EXPECT_EQ(item.at_pointer("/change/kind"), "clean_up");
    EXPECT_EQ(boost::json::serialize(item.at_pointer("/blast_radius/dependents")),
              R"([{"table":"invoices","rows":2}])");
    EXPECT_THAT(clean_up("delete", {"plan"}).out,
                HasSubstr("cannot be deleted, because of 2 rows of invoices"));
    clean_up("delete");
    EXPECT_EQ(companies() + inactive() + contacts(), "111");
    EXPECT_EQ(count("invoices"), "2");
}

TEST_P(CleanupTest, AContactThatAPersonAddedKeepsTheCompany)
{
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES ('" +
                     tenant_id(0) + "', '" + company_ + "', 'Eve', 'eve@acme.example')");
    clean_up("delete");
    EXPECT_EQ(companies() + inactive() + contacts(), "112");
}

TEST_P(CleanupTest, APortalUserOfTheContactKeepsTheCompany)
{
    database.execute(
        "INSERT INTO users (tenant, username, hashed_password, email, user_type, contact_id)"
        " SELECT tenant, 'ada', 'x', email, 'client', contact_name_id FROM contacts"
        " WHERE {company}_id = '" +
        company_ + "'");
    EXPECT_THAT(clean_up("delete", {"plan"}).out, HasSubstr("because of 1 row of users"));
    clean_up("delete");
    EXPECT_EQ(companies() + inactive() + contacts(), "111");
}

TEST_P(CleanupTest, WhatAppearsAfterThePlanMakesTheDeletionStale)
{
    auto const file =
        std::filesystem::temp_directory_path() / (database.name() + "-cleanup-plan.json");
    clean_up("delete", {"plan", "--out", file});
    add_invoices(1);
    auto const applied = clean_up("delete", {"apply", file, "--yes"});
    std::filesystem::remove(file);
    EXPECT_EQ(applied.exit_code, 5) << applied.err;
    EXPECT_THAT(applied.out, HasSubstr("because of 1 row of invoices"));
    EXPECT_EQ(companies() + inactive() + contacts() + tags(), "1011");
}

TEST_P(CleanupTest, AFailingDeletionTakesNothingAway)
{
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'not today'; END $$;"
        "CREATE TRIGGER refuse BEFORE DELETE ON {companies} FOR EACH ROW"
        " EXECUTE FUNCTION refuse()");
    auto const applied = clean_up("delete");
    EXPECT_EQ(applied.exit_code, 1) << applied.out;
    EXPECT_THAT(applied.out, HasSubstr("not today"));
    EXPECT_EQ(companies() + contacts() + tags() + inactive(), "1110");
}

TEST_P(CleanupTest, GuardHoldsDeletionsBackAsCleanups)
{
    auto const planned =
        clean_up("delete", {"plan", "--guard-cleanup-ratio=0", "--guard-cleanup-floor=0"});
    EXPECT_EQ(planned.exit_code, 3);
    EXPECT_THAT(planned.out, HasSubstr("--allow cleanup=1"));
}

TEST_P(CleanupTest, DeleteWithoutTheRightsIsDeniedWithTheGrants)
{
    auto const role = database.name() + "_limited";
    auto const as_role = std::map<std::string, std::string>{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(role)}};
    database.execute("CREATE ROLE " + role +
                     " LOGIN; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN"
                     " SCHEMA public TO " +
                     role + "; REVOKE SELECT ON invoices FROM " + role +
                     "; GRANT ALL ON SCHEMA customer_reconcile TO " + role +
                     "; GRANT ALL ON ALL TABLES IN SCHEMA customer_reconcile TO " + role);
    std::vector<std::string> const options{"--cleanup-mode=delete", "--grace-runs=1",
                                           "--grace-time=0", "--guard-tenants=0"};
    auto with = [&](std::vector<std::string> line) {
        line.insert(line.end(), options.begin(), options.end());
        return job(line, as_role);
    };
    auto const planned = with({"plan"});
    auto const applied = with({"apply", "--yes"});
    database.execute("GRANT SELECT ON public.invoices TO " + role +
                     "; GRANT DELETE ON ALL TABLES IN SCHEMA public TO " + role);
    auto const granted = with({"apply", "--yes"});
    database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    EXPECT_EQ(planned.exit_code, 77);
    EXPECT_THAT(planned.err, AllOf(HasSubstr("ON public.invoices TO"), Not(HasSubstr("DELETE"))));
    EXPECT_EQ(applied.exit_code, 77);
    EXPECT_THAT(applied.err, HasSubstr("GRANT DELETE ON public.contacts TO"));
    EXPECT_EQ(granted.exit_code, 0) << granted.err;
    EXPECT_EQ(companies(), "0");
}

TEST_P(CleanupTest, ProtectedCompanyIsLeftAlone)
{
    database.execute(
        "UPDATE {companies} SET properties = properties || '{\"reconcile\": "
        "\"ignore\"}' WHERE {company}_id = '" +
        company_ + "'");
    clean_up("delete");
    EXPECT_EQ(companies() + inactive(), "10");
}

TEST_BOTH_GENERATIONS(CleanupTest);

}  // namespace

}  // namespace tracking::testing
