#include "tests/cli/job_test.hpp"

#include <algorithm>
#include <map>
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
            "  'made', jsonb_build_object('contacts', jsonb_build_array(jsonb_build_object("
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

    /// The peak of its resident memory. By a small process: a child begins with its parent's.
    long peak_kib(std::string const& form) const
    {
        auto const ended = run_shell(
            "/usr/bin/python3 -c 'import os, resource, subprocess, sys;"
            " subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
            " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'"
            " \"$JOB\" show " +
                run + " --format " + form,
            {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().reader())}});
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

#ifndef __SANITIZE_ADDRESS__  // it keeps what was given back

TEST_P(LargeRunTest, MemoryDoesNotGrowWithTheImages)
{
    constexpr long kMore = 10'000;
    constexpr long kMostBytesEach = 200;  // to name and order it, and the slack of vectors
    made(1, 10'000);
    std::map<std::string, long> peaks;
    for (auto const* form : {"text", "json", "jsonl", "csv", "markdown"})
        peaks[form] = peak_kib(form);
    made(10'001, 10'000 + kMore);
    for (auto const& [form, peak] : peaks)
        EXPECT_LT(peak_kib(form) - peak, kMore * kMostBytesEach / 1'024) << form;
}

#endif

INSTANTIATE_TEST_SUITE_P(Only, LargeRunTest, ::testing::Values(Generation::Clients), name_of);

}  // namespace

}  // namespace tracking::testing
