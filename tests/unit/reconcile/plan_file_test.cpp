#include "reconcile/plan/plan_file.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {

namespace {

using ::testing::HasSubstr;

SavedPlan plan_with(std::string witness)
{
    models::TenantId const tenant{models::UuidBytes{1}};
    models::CompanyId const company{models::UuidBytes{2}};
    SavedPlan plan{.identity = {.database = "d", .source = "s", .generation = "clients"},
                   .server_time = "2026-01-02T03:04:05Z"};
    plan.drift.push_back({.kind = DriftKind::Untagged,
                          .tenant = tenant,
                          .tenant_name = "Acme",
                          .company = company,
                          .company_name = "Acme",
                          .detail = "the tag is missing",
                          .change = models::RepairTag{tenant, company, "PSA Customer"}});
    plan.witnesses.push_back(std::move(witness));
    return plan;
}

void expect_to_be_read_again(std::string const& witness)
{
    auto const text = write_plan_file(plan_with(witness));
    EXPECT_THAT(text, HasSubstr(witness));
    auto const plan = read_plan_file(text);
    EXPECT_EQ(plan.witnesses, std::vector{witness});
    EXPECT_EQ(write_plan_file(plan), text);
}

TEST(PlanFile, KeepsNumbersOfWitnessesAsTheyAre)
{
    expect_to_be_read_again(
        R"({"company":{"properties":{"a":1.10,"b":12345678901234567890123,"c":1e400}}})");
    expect_to_be_read_again(R"({"company":{"properties":{"a":1)" + std::string(400, '0') + "}}}");
}

TEST(PlanFile, KeepsWitnessesThatNestDeep)
{
    expect_to_be_read_again("{\"company\":" + std::string(12'000, '[') + std::string(12'000, ']') +
                            "}");
}

TEST(PlanFile, HasTheDigestThatItAlwaysHad)
{
    auto const text = write_plan_file(plan_with(
        R"({"company": {"name": "\"A\" é\n", "properties": {"n": -7, "none": null, "on": true}}})"));
    EXPECT_THAT(text, HasSubstr("{\"digest\": \"a5717486-99eb-51d8-9df5-6ddc2e2bd3f0\""));
}

TEST(PlanFile, SaysWhereItIsTruncated)
{
    auto const text = write_plan_file(plan_with("{}"));
    try {
        read_plan_file(text.substr(0, text.size() - 3));
        FAIL() << "a truncated file was read";
    } catch (PlanFileError const& error) {
        EXPECT_THAT(error.what(), HasSubstr("line 8, column 1: incomplete"));
    }
}

}  // namespace

}  // namespace tracking::reconcile
