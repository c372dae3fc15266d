#include "tests/cli/job_test.hpp"

#include <filesystem>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Four tenants without customer, of which two have one name, and a customer in grace.
class SelectionTest : public JobTest
{
protected:
    SelectionTest()
    {
        for (int n = 1; n <= 4; ++n)
            world.tenant({.n = n,
                          .name = n > 2 ? "Twin" : "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
        world.company({.n = 9, .name = "Left over", .link = tenant_id(9)});
        init();
    }
    ~SelectionTest() override { std::filesystem::remove(file_); }

    std::string created()
    {
        return count("{companies} WHERE notes LIKE 'PSA Customer - Tenant: %'");
    }

    Ended apply_with(std::vector<std::string> options)
    {
        options.insert(options.begin(), {"apply", "--yes", "--format=json"});
        return job(options);
    }

    std::string file_ = std::filesystem::temp_directory_path() / (database.name() + "-part.json");
};

TEST_P(SelectionTest, OnlyWhatIsNamedIsChangedAndTheRestIsCounted)
{
    auto const applied = apply_with({"--only", "Tenant 1"});
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(created(), "1");
    auto const report = parsed(applied);
    EXPECT_EQ(report.at_pointer("/selection/left_out"), 3);
    EXPECT_EQ(report.at("converged"), false);
    EXPECT_EQ(report.at_pointer("/drift/missing/held/selection"), 3);
}

TEST_P(SelectionTest, EachFormSaysHowMuchIsNotSelected)
{
    for (auto const* format : {"text", "markdown", "html"})
        EXPECT_THAT(job({"plan", "--only", tenant_id(2), "--format", format}).out,
                    HasSubstr("3 due changes are not selected"))
            << format;
    EXPECT_THAT(job({"plan", "--except", tenant_id(2), "--format=csv"}).out,
                HasSubstr(",selection,"));
}

TEST_P(SelectionTest, WhatIsNotInThePlanIsRefusedBeforeAnythingIsWritten)
{
    auto const applied = apply_with({"--only", "Tenant 1", "--only", "Nobody"});
    EXPECT_EQ(applied.exit_code, 65);
    EXPECT_THAT(applied.err, HasSubstr("nothing in the plan has the id or the exact name"));
    EXPECT_THAT(applied.err, HasSubstr("Nobody"));
    EXPECT_EQ(created(), "0");
}

TEST_P(SelectionTest, NamesThatPassStayTogetherAndTheReportSaysSo)
{
    auto const planned = job({"plan", "--only", tenant_id(4)});
    EXPECT_THAT(planned.out, AllOf(HasSubstr("2 to create"), HasSubstr("--only takes"),
                                   HasSubstr(tenant_id(3))));
    EXPECT_EQ(apply_with({"--except", tenant_id(3)}).exit_code, 0);
    EXPECT_EQ(created(), "2");
}

TEST_P(SelectionTest, ACleanUpKeepsItsGrace)
{
    auto const planned = job({"plan", "--only", "Left over"});
    EXPECT_EQ(planned.exit_code, 0) << planned.err;
    EXPECT_THAT(planned.out, AllOf(HasSubstr("0 to clean up"), HasSubstr("nothing is due there"),
                                   HasSubstr("grace")));
}

TEST_P(SelectionTest, TheGuardCountsTheWholePlanAndAnAllowanceNamesItsCount)
{
    std::vector<std::string> const strict{"--guard-create-number=3", "--only=Tenant 1"};
    auto const refused = apply_with(strict);
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_EQ(parsed(refused).at_pointer("/guards/0/due"), 4);
    EXPECT_EQ(created(), "0");
    job({"plan", "--guard-create-number=3", "--only=Tenant 1", "--out", file_});
    EXPECT_EQ(job({"apply", file_, "--yes"}).exit_code, 3);
    auto const allowed =
        job({"apply", file_, "--yes", "--allow=create=4", "--reason=looked at all"});
    EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
    EXPECT_EQ(created(), "1");
}

TEST_P(SelectionTest, AGuardOfOthersRefusesNothingThatIsSelected)
{
    world.tenant({.n = 7, .name = "Tenant 7", .admin_email = "a7@t.example"});
    world.company({.n = 7,
                   .name = "Tenant 7",
                   .link = tenant_id(7),
                   .tagged = false,
                   .contact_email = "a7@t.example"});
    EXPECT_EQ(apply_with({"--guard-create-number=3", "--only", "Tenant 7"}).exit_code, 0);
    EXPECT_EQ(count("tag_mappings WHERE tagged_id = '" + company_id(7) + "'"), "1");
}

TEST_P(SelectionTest, APlanFileIsAppliedInPartsUntilNothingOfItIsLeft)
{
    job({"plan", "--out", file_});
    EXPECT_EQ(job({"apply", file_, "--yes", "--only", "Tenant 2"}).exit_code, 0);
    EXPECT_EQ(created(), "1");
    EXPECT_EQ(job({"apply", file_, "--yes", "--only", "Tenant 2"}).exit_code, 5);
    EXPECT_EQ(job({"apply", file_, "--yes"}).exit_code, 0);
    EXPECT_EQ(created(), "4");
}

TEST_P(SelectionTest, ShowAndHistoryTellTheSelection)
{
    job({"plan", "--only", "Tenant 1", "--out", file_});
    EXPECT_THAT(job({"show", file_}).out, HasSubstr("3 due changes are not selected"));
    job({"apply", file_, "--yes"});
    EXPECT_EQ(created(), "1");
    EXPECT_EQ(database.value("SELECT allowances -> 'selection' -> 'only' ->> 0"
                             " FROM customer_reconcile.run"),
              "Tenant 1");
    EXPECT_THAT(job({"history"}).out, HasSubstr("selected: --only='Tenant 1'"));
    auto const run = database.value("SELECT run_id FROM customer_reconcile.run");
    EXPECT_THAT(job({"show", run}).out, HasSubstr("only \"Tenant 1\": 3 due changes"));
}

TEST_P(SelectionTest, ARehearsalTriesOnlyWhatIsSelected)
{
    auto const tried = job({"plan", "--rehearse", "--only", "Tenant 1", "--format=json"});
    EXPECT_EQ(parsed(tried).at_pointer("/totals/rehearsed"), 1) << tried.err;
}

TEST_BOTH_GENERATIONS(SelectionTest);

}  // namespace

}  // namespace tracking::testing
