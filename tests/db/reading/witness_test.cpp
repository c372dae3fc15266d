#include "models/reading/witness.hpp"

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

// Everything that a person may have done since the plan was made.
TEST_P(WitnessTest, IsAnotherOneWhateverOfTheCompanyChanges)
{
    world.company({.n = 1, .name = "Acme", .link = "x", .contact_email = "ada@acme.example"});
    RepairTag const change{tenant(1), company(1), "PSA Customer"};
    std::string const of_company = " WHERE {company}_id = '" + testing::company_id(1) + "'";
    auto last = witness_of(change);
    for (auto const& event : {
             "UPDATE {companies} SET {company}_name = 'Bolt'" + of_company,
             "UPDATE {companies} SET properties = properties || '{\"a\": 1}'" + of_company,
             "UPDATE {companies} SET is_inactive = true" + of_company,
             "UPDATE contacts SET is_inactive = true" + of_company,
             "UPDATE contacts SET email = 'eve@acme.example'" + of_company,
             "DELETE FROM contacts" + of_company,
             std::string{"DELETE FROM tag_mappings"},
         }) {
        database.execute(event);
        EXPECT_NE(witness_of(change), last) << event;
        last = witness_of(change);
    }
}

// Changes of other companies, of other things, or without meaning for the change.
TEST_P(WitnessTest, IsTheSameWhateverElseChanges)
{
    world.company({.n = 1, .name = "Acme", .link = "x", .contact_email = "ada@acme.example"});
    RepairTag const change{tenant(1), company(1), "PSA Customer"};
    auto const before = witness_of(change);

    world.company({.n = 2, .name = "Bolt", .link = "x", .contact_email = "bob@bolt.example"});
    world.tag(1, "VIP");
    database.execute(
        "UPDATE tag_mappings m SET tagged_type = 'ticket' FROM tag_definitions d"
        " WHERE d.tag_id = m.tag_id AND d.tag_text = 'VIP'");
    database.execute("UPDATE {companies} SET updated_at = now(), notes = 'note'");

    EXPECT_EQ(witness_of(change), before);
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
