#include "models/witness.hpp"

#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class WitnessTest : public ModelsTest
{
protected:
    std::string witness_of(Change const& change)
    {
        auto tx = session.begin(Access::ReadOnly);
        return witnesses_of(tx, profile, owner, std::span{&change, 1}).at(0);
    }
};
TEST_BOTH_GENERATIONS(WitnessTest);

TEST_P(WitnessTest, HoldsTheCompanyWithItsTagsAndContacts)
{
    world.company({.n = 1,
                   .name = "Acme",
                   .properties_json = R"({"tenant_id": "x", "region": "north"})",
                   .contact_email = "ada@acme.example"});
    EXPECT_THAT(witness_of(RepairTag{tenant(1), company(1), "PSA Customer"}),
                AllOf(HasSubstr(R"("name": "Acme")"), HasSubstr(R"("region": "north")"),
                      HasSubstr(R"("is_inactive": false)"), HasSubstr(R"(["PSA Customer"])"),
                      HasSubstr(R"("email": "ada@acme.example")")));
}

TEST_P(WitnessTest, SaysThatNobodyIsInTheWay)
{
    PlannedContact const ada{contact(1), "Ada", "ada@acme.example"};
    EXPECT_EQ(witness_of(CreateCustomer{tenant(1), company(1), "Acme", "Acme", "psa",
                                        "PSA Customer", ada}),
              R"({"company": null, "name_of": null, "contact": null, "email_of": null})");
}

TEST_P(WitnessTest, SaysWhoIsInTheWay)
{
    world.company({.n = 7, .name = "Acme", .contact_email = "Ada@acme.example"});
    PlannedContact const ada{contact(1), "Ada", "ada@acme.example"};
    EXPECT_EQ(witness_of(CreateCustomer{tenant(1), company(1), "Acme", "Acme", "psa",
                                        "PSA Customer", ada}),
              R"({"company": null, "name_of": ")" + testing::company_id(7) +
                  R"(", "contact": null, "email_of": ")" + testing::contact_id(7) + R"("})");
    EXPECT_THAT(witness_of(RenameCompany{tenant(1), company(1), "Old", "Acme"}),
                HasSubstr(R"("name_of": ")" + testing::company_id(7)));
}

}  // namespace
}  // namespace tracking::models
