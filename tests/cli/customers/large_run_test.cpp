#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// A run of many changes, each with the images that a create has.
class LargeRunTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
        database.execute(
            "INSERT INTO customer_reconcile.run_start (tenant, run_id, mode, executed_by, host,"
            " version) VALUES ('" +
            tenant_id(0) + "', '" + run + "', 'apply', 'x', 'y', '0')");
    }

    /// Makes sure that it has the creates from `first` to `last`, a hundred in each transaction.
    void made(int first, int last)
    {
        database.execute(
            "INSERT INTO customer_reconcile.change (tenant, run_id, tracked_tenant, company_id,"
            " change, outcome, after, recorded_at)"
            " SELECT '" +
            tenant_id(0) + "', '" + run +
            "', md5('t' || n)::uuid, md5('c' || n)::uuid, 'create', 'applied',"
            " jsonb_build_object('company', jsonb_build_object('name', 'Tenant ' || n,"
            "   'properties', jsonb_build_object('tenant_id', md5('t' || n))),"
            "  'made', jsonb_build_object('companies', '[{\"url\": \"\"}]'::jsonb, 'contacts', "
            "jsonb_build_array(jsonb_build_object("
            "   'contact_name_id', md5('p' || n)::uuid, 'full_name', 'Admin ' || n,"
            "   'email', 'admin' || n || '@tenant.example', 'notes', repeat('x', 400))),"
            "   'tag_mappings', jsonb_build_array(jsonb_build_object("
            "   'mapping_id', md5('m' || n)::uuid, 'tag_text', 'PSA Customer')))),"
            " now() + n / 100 * interval '1 second' FROM generate_series(" +
            std::to_string(first) + ", " + std::to_string(last) + ") AS n");
    }

    /// Adds a second change of each company, after all others.
    void renamed(int first, int last)
    {
        database.execute(
            "INSERT INTO customer_reconcile.change (tenant, run_id, tracked_tenant, company_id,"
            " change, outcome, recorded_at)"
            " SELECT tenant, run_id, tracked_tenant, company_id, 'rename', 'failed', now() +"
            " interval '1 day' FROM customer_reconcile.change, generate_series(" +
            std::to_string(first) + ", " + std::to_string(last) +
            ") AS n WHERE company_id = md5('c' || n)::uuid");
    }

    std::vector<std::string> in_order_of_the_journal()
    {
        std::vector<std::string> all;
        for (auto const& row :
             database.rows("SELECT change || ' ' || company_id FROM customer_reconcile.change"
                           " ORDER BY recorded_at, change, company_id"))
            all.push_back(row.front());
        return all;
    }

    Ended show(std::string const& form, std::string const& data = "mask") const
    {
        return job({"show", run, "--format", form, "--personal-data", data});
    }

    /// The peak of resident memory of a look at the run. Measured by a small process, since a child
    /// begins with what its parent has.
    long peak_kib(std::string const& command, std::string const& form) const
    {
        auto const ended = run_shell(
            "/usr/bin/python3 -c 'import resource, subprocess, sys;"
            " subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
            " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'"
            " \"$JOB\" " +
                command + " " + run + " --format " + form,
            {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().reader())},
             {"CUSTOMER_RECONCILE_GUARD_CLEANUP_FLOOR", "1000000"}});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return std::stol(ended.out);
    }

    std::string run = tenant_id(801);
};

std::vector<std::string> items_of(boost::json::value const& report)
{
    std::vector<std::string> all;
    for (auto const& item : report.at("items").as_array())
        all.push_back(std::string{item.at_pointer("/change/kind").as_string()} + " " +
                      std::string{item.at_pointer("/company/id").as_string()});
    return all;
}

TEST_P(LargeRunTest, EachChangeIsListedOnceInTheOrderOfTheJournal)
{
    made(1, 1'300);
    renamed(400, 1'000);
    auto const all = in_order_of_the_journal();
    ASSERT_THAT(all, SizeIs(1'901));
    EXPECT_EQ(items_of(parsed(show("json"))), all);
    std::istringstream lines{show("jsonl").out};
    std::vector<std::string> listed;
    for (std::string line; std::getline(lines, line);) {
        auto const one = boost::json::parse(line);
        if (one.at("line") == "item")
            listed.push_back(std::string{one.at_pointer("/change/kind").as_string()} + " " +
                             std::string{one.at_pointer("/company/id").as_string()});
    }
    EXPECT_EQ(listed, all);
    EXPECT_EQ(std::ranges::count(show("csv").out, '\n'), 1 + 1'901);
}

TEST_P(LargeRunTest, WhatIsReadAgainIsMaskedWhereTheReportIs)
{
    made(1, 3);
    for (auto const* form : {"json", "jsonl"}) {
        EXPECT_THAT(show(form, "show").out, HasSubstr("admin2@tenant.example"));
        EXPECT_THAT(show(form).out, Not(HasSubstr("admin2")));
    }
}

TEST_P(LargeRunTest, AnUndoListsWhatWasDoneLastFirst)
{
    made(1, 2'100);
    auto all = in_order_of_the_journal();
    std::ranges::reverse(all);
    for (auto& one : all)
        one.replace(0, one.find(' '), "restore");
    auto const report = parsed(job({"undo", run, "--dry-run", "--format=json"}));
    EXPECT_EQ(items_of(report), all);
    EXPECT_EQ(report.at_pointer("/drift/undone/found"), 2'100);
    EXPECT_EQ(report.at_pointer("/overview/cleanup/held"), 2'100) << "the guard counts the whole";
}

/// A run with more customers than an undo keeps in mind.
class ManyCustomersTest : public JobTest
{
protected:
    static constexpr int kMany = 60;

    void SetUp() override
    {
        for (int n = 1; n <= kMany; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
        init();
        apply();
        run = database.value("SELECT run_id FROM customer_reconcile.run");
    }

    /// Somebody changes as many of the companies, those that are undone last.
    void touch(int companies)
    {
        database.execute(
            "UPDATE {companies} SET notes = 'touched' WHERE {company}_id IN (SELECT company_id"
            " FROM customer_reconcile.change ORDER BY recorded_at, company_id LIMIT " +
            std::to_string(companies) + ")");
    }

    /// As one who may do all that an undo may come to.
    Ended undo(std::vector<std::string> const& options) const
    {
        std::vector<std::string> arguments{"undo", run, "--yes", "--guard-cleanup-floor=100"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    }

    std::string run;
};

TEST_P(ManyCustomersTest, AnUndoTellsOfEachCustomerWhatBecameOfIt)
{
    touch(30);
    TemporaryFolder const folder;
    auto const file = (folder.path() / "undo.json").string();
    auto const ended = undo({"--report", file, "--list-limit=1"});
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("Kept: touched since, or referred to (30)"));
    EXPECT_THAT(ended.out, HasSubstr("Done: restore (30)"));
    std::ifstream stream{file};
    auto const report = boost::json::parse(stream);
    auto const& items = report.at("items").as_array();
    ASSERT_EQ(items.size(), kMany);
    for (std::size_t i = 0; i < items.size(); ++i) {
        EXPECT_EQ(items[i].at_pointer("/result/outcome"), "applied");
        EXPECT_EQ(items[i].at_pointer("/result/reason").is_null(), i < 30) << i;
    }
    EXPECT_EQ(report.at("kept"), 30);
    EXPECT_EQ(report.at_pointer("/totals/applied"), kMany);
    EXPECT_EQ(report.at_pointer("/overview/cleanup/done"), kMany);
}

TEST_P(ManyCustomersTest, AnUndoThatFailsMidwaySaysHowManyItDidNotReach)
{
    stall_receipts_of(1);
    auto const ended = undo({"--format=json", "--deadline=3s"});
    EXPECT_EQ(ended.exit_code, 6) << ended.err;
    auto const report = parsed(ended);
    EXPECT_EQ(report.at_pointer("/drift/undone/found"), kMany);
    EXPECT_EQ(report.at_pointer("/totals/applied").as_int64() +
                  report.at_pointer("/totals/not_reached").as_int64(),
              kMany);
    EXPECT_GT(report.at_pointer("/totals/not_reached").as_int64(), 0);
    EXPECT_THAT(boost::json::serialize(report.at("remarks")),
                HasSubstr("show " + std::string{report.at("run").as_string()}));
}

#ifndef __SANITIZE_ADDRESS__  // it keeps what was given back

TEST_P(LargeRunTest, MemoryDoesNotGrowWithTheImages)
{
    constexpr long kMore = 10'000;
    constexpr long kMostBytesEach = 200;  // to name and order it, and the slack of vectors
    made(1, 10'000);
    std::vector<std::array<std::string, 2>> const looks{
        {"show", "text"},          {"show", "json"},     {"show", "jsonl"},
        {"show", "csv"},           {"show", "markdown"}, {"undo --dry-run", "text"},
        {"undo --dry-run", "json"}};
    std::vector<long> peaks;
    peaks.reserve(looks.size());
    for (auto const& [command, form] : looks)
        peaks.push_back(peak_kib(command, form));
    made(10'001, 10'000 + kMore);
    for (std::size_t i = 0; i < looks.size(); ++i) {
        auto const& [command, form] = looks[i];
        EXPECT_LT(peak_kib(command, form) - peaks[i], kMore * kMostBytesEach / 1'024)
            << command << " as " << form;
    }
}

#endif

INSTANTIATE_TEST_SUITE_P(Only, LargeRunTest, ::testing::Values(Generation::Clients), name_of);
INSTANTIATE_TEST_SUITE_P(Only, ManyCustomersTest, ::testing::Values(Generation::Clients), name_of);

}  // namespace

}  // namespace tracking::testing
