#include "reconcile/plan/plan_file.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <set>

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
    EXPECT_THAT(text, HasSubstr("{\"digest\": \"3ef996c8-b8c5-5a20-8382-1900602f7afc\""));
}

struct Saved
{
    models::Change change;
    char const* fields;
};

/// One of each kind that is saved, and what stands in the file beside tenant and company.
std::vector<Saved> one_of_each_kind()
{
    using namespace models;
    TenantId const tenant{UuidBytes{1}};
    CompanyId const company{UuidBytes{2}};
    PlannedContact const ada{ContactId{UuidBytes{3}}, "Ada", "ada@acme.example"};
    auto constexpr kAda =
        R"({"id":"03000000-0000-0000-0000-000000000000","full_name":"Ada","email":"ada@acme.example","user":null})";
    static auto const kCreate =
        std::string{R"({"name":"Acme 01","tenant_name":"Acme","product":"psa","tag":"PSA",)"} +
        R"("contact":)" + kAda + R"(,"further_contacts":[]})";
    static auto const kContact =
        std::string{R"({"contact":)"} + kAda + R"(,"further_contacts":[]})";
    return {
        {LinkCompany{tenant, company, "Acme", "acme"}, R"({"name":"Acme","link_text":"acme"})"},
        {IgnoreCompany{tenant, company, "Acme", {}}, R"({"name":"Acme","link_text":null})"},
        {AdoptCompany{tenant, company, "Acme", {}}, R"({"name":"Acme","link_text":null})"},
        {CreateCustomer{tenant, company, "Acme 01", "Acme", "psa", "PSA", ada}, kCreate.c_str()},
        {CreateCustomer{tenant, company, "Acme", "Acme", "psa", "PSA", {}},
         R"({"name":"Acme","tenant_name":"Acme","product":"psa","tag":"PSA","contact":null,"further_contacts":[]})"},
        {RepairTag{tenant, company, "PSA"}, R"({"tag":"PSA"})"},
        {RepairContact{tenant, company, ada}, kContact.c_str()},
        {RetireContacts{tenant, company, {{ContactId{UuidBytes{3}}, "ada@acme.example"}}},
         R"({"contacts":[{"id":"03000000-0000-0000-0000-000000000000","email":"ada@acme.example"}]})"},
        {ChangeContacts{.tenant = tenant, .company = company, .contacts = {}, .together = {}},
         R"({"contacts":[],"together":null})"},
        {RenameCompany{tenant, company, "A", "B"}, R"({"from":"A","to":"B","together":null})"},
        {Reactivate{tenant, company, ""},
         R"({"email":"","canceled_tag":"","was_inactive":true,"takes_back":false,)"
         R"("was_unset":false,"contacts":[],"unset_contacts":[]})"},
        {CleanUp{tenant, company, "Canceled"}, R"({"canceled_tag":"Canceled"})"},
        {Untag{tenant, company, {"A", "B"}}, R"({"tags":["A","B"]})"},
        {DeleteCustomer{tenant, company, "Acme", {"A"}, 1, 2, 3},
         R"({"name":"Acme","own_tags":["A"],"contacts":1,"tags":2,"billing_profiles":3})"}};
}

TEST(PlanFile, HoldsEachKindOfChangeAsItAlwaysDid)
{
    for (auto const& [change, fields] : one_of_each_kind()) {
        auto plan = plan_with("{}");
        plan.drift[0].change = change;
        auto const text = write_plan_file(plan);
        EXPECT_THAT(text, HasSubstr(std::string{R"("fields":)"} + fields + ","));
        EXPECT_EQ(read_plan_file(text).drift[0].change, change);
    }
}

TEST(PlanFile, IsTriedWithEachKindOfChangeThatItHolds)
{
    std::set<std::size_t> kinds;
    for (auto const& saved : one_of_each_kind())
        kinds.insert(saved.change.index());
    auto constexpr kOfAnUndo = 1U;  // Restore
    EXPECT_EQ(kinds.size(), std::variant_size_v<models::Change> - kOfAnUndo);
}

TEST(PlanFile, HoldsNoChangeOfAnUndo)
{
    auto plan = plan_with("{}");
    plan.drift[0].change = models::Restore{.tenant = models::TenantId{models::UuidBytes{1}},
                                           .company = models::CompanyId{models::UuidBytes{2}}};
    EXPECT_THROW(read_plan_file(write_plan_file(plan)), PlanFileError);
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
