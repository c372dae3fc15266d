// Two management tenants in one database: the vendor, and another one. The other's models are asked
// to do something with the vendor's rows. They find none and write none.

#include "models/crm/billing_profile_model.hpp"
#include "models/crm/company_extras.hpp"
#include "models/crm/company_model.hpp"
#include "models/crm/contact_model.hpp"
#include "models/crm/customer_removal.hpp"
#include "models/crm/tag_model.hpp"
#include "models/reading/witness.hpp"
#include "models/values/errors.hpp"
#include "tests/db/writing/store_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TwoOwnersTest : public StoreTest
{
protected:
    TwoOwnersTest()
    {
        world.tenant({.n = 1, .name = "Tenant 1"});
        world.tenant({.n = 50, .name = "The other vendor"});
        world.company({.n = 11,
                       .name = "Acme",
                       .link = testing::tenant_id(1),
                       .contact_email = "ada@acme.example"});
        world.company({.n = 12,
                       .name = "Gone",
                       .link = testing::tenant_id(77),
                       .inactive = true,
                       .contact_email = "bob@gone.example"});
    }

    template <class Id>
    std::vector<Id> ids_of(std::string const& column, std::string const& table)
    {
        std::vector<Id> found;
        for (auto const& row : database.rows("SELECT " + column + " FROM " + table +
                                             " WHERE tenant = '" + owner.str() + "'"))
            found.push_back(Id::parse(row.front()).value());
        return found;
    }

    void expect_untouched(auto const& work)
    {
        auto const before = everything();
        committed([&](Transaction& tx) {
            work(tx);
            return true;
        });
        EXPECT_EQ(everything(), before);
    }

    TenantId const other = tenant(50);
    std::vector<CompanyId> const ids{company(11), company(12)};
    std::vector<std::string> const tags{"PSA Customer"};
};
TEST_BOTH_GENERATIONS(TwoOwnersTest);

TEST_P(TwoOwnersTest, ACompanyOfTheOtherIsNeverTouched)
{
    CompanyModel const companies{profile, other};
    std::vector<PropertiesPatch> const patches{{ids[0], R"({"a": 1})"}, {ids[1], R"({"a": 1})"}};
    std::vector<FormerProperties> const former{{ids[0], R"({"a": 1})", {}}, {ids[1], "{}", {"b"}}};
    std::vector<CompanyName> const names{{ids[0], "Mine"}, {ids[1], "Mine too"}};
    std::vector<ProfileName> const profiles{{ids[0], std::nullopt, "Acme", "Mine"}};
    expect_untouched([&](Transaction& tx) {
        EXPECT_THAT(companies.patch_properties(tx, patches), IsEmpty());
        EXPECT_THAT(companies.restore_properties(tx, former), IsEmpty());
        EXPECT_THAT(companies.rename(tx, names), IsEmpty());
        EXPECT_THAT(BillingProfileModel(profile, other).rename(tx, profiles), IsEmpty());
        EXPECT_THAT(companies.set_activity(tx, ids, Activity::Inactive), IsEmpty());
        EXPECT_THAT(companies.set_activity(tx, ids, Activity::Active), IsEmpty());
        EXPECT_THAT(CompanyExtras(profile, other).set_url(tx, ids[0], "https://mine.example"),
                    IsEmpty());
    });
}

TEST_P(TwoOwnersTest, ACompanyOfTheOtherIsNeverFound)
{
    CompanyModel const companies{profile, other};
    auto tx = session.begin_among_triggers(profile.schema());
    EXPECT_THAT(companies.lock(tx, ids), IsEmpty());
    EXPECT_THAT(companies.sizes(tx, ids), IsEmpty());
    EXPECT_THAT(companies.find_named(tx, std::vector<std::string>{"Acme", "Gone"}), IsEmpty());
    EXPECT_THAT(companies.find(tx, "Acme"), IsEmpty());
    EXPECT_THAT(companies.find(tx, ids[0].str()), IsEmpty());
    EXPECT_THAT(companies.linked_to(tx, std::vector{tenant(1), tenant(77)}), IsEmpty());
}

TEST_P(TwoOwnersTest, ANameOfTheOtherIsFree)
{
    CompanyModel const companies{profile, other};
    EXPECT_THAT(
        committed([&](Transaction& tx) {
            return companies.rename(tx, std::vector<CompanyName>{{company(1'000'050), "Acme"}});
        }),
        ElementsAre(company(1'000'050)));
}

TEST_P(TwoOwnersTest, AContactOfTheOtherIsNeitherFoundNorTouched)
{
    ContactModel const contacts{profile, other};
    std::vector const people{contact(11), contact(12)};
    std::vector<NewContact> wanted{
        {contact(11), company(1'000'050),
         checked_contact({.full_name = "Ada", .email = "ada@acme.example"})}};
    expect_untouched([&](Transaction& tx) {
        EXPECT_THAT(contacts.of(tx, ids), IsEmpty());
        EXPECT_THAT(contacts.references(tx, people), IsEmpty());
        EXPECT_THAT(contacts.set_activity(tx, people, Activity::Inactive), IsEmpty());
        EXPECT_THAT(contacts.set_activity(tx, people, Activity::Active), IsEmpty());
        EXPECT_THAT(contacts.remove(tx, people), IsEmpty());
        contacts.avoid_taken_ids(tx, wanted);
        EXPECT_EQ(wanted.front().id, contact(11));
    });
}

TEST_P(TwoOwnersTest, ATagOfTheOtherIsNeitherFoundNorTouched)
{
    TagModel const model{profile, other};
    auto const mappings = ids_of<MappingId>("mapping_id", "tag_mappings");
    auto const definitions = ids_of<TagId>("tag_id", "tag_definitions");
    ASSERT_FALSE(mappings.empty() || definitions.empty());
    expect_untouched([&](Transaction& tx) {
        EXPECT_EQ(model.find(tx, "PSA Customer"), std::nullopt);
        EXPECT_THAT(model.detach(tx, "PSA Customer", ids), IsEmpty());
        EXPECT_THAT(model.remove(tx, mappings), IsEmpty());
        EXPECT_THAT(model.remove_unused(tx, definitions), IsEmpty());
    });
}

// Even where the text is the other's own tag as well.
TEST_P(TwoOwnersTest, AMappingOfTheOtherStaysWhereBothHaveTheTag)
{
    TagModel const model{profile, other};
    committed([&](Transaction& tx) { return model.define(tx, "PSA Customer"); });
    expect_untouched(
        [&](Transaction& tx) { EXPECT_THAT(model.detach(tx, "PSA Customer", ids), IsEmpty()); });
}

TEST_P(TwoOwnersTest, WhatBelongsToACompanyOfTheOtherIsNoneOfOurs)
{
    CustomerRemoval const removal{profile, other};
    expect_untouched([&](Transaction& tx) {
        EXPECT_THAT(removal.images(tx, ids), IsEmpty());
        EXPECT_THAT(removal.tag_images(tx, ids, tags), IsEmpty());
        for (auto const& radius : removal.lock(tx, ids, tags).radii) {
            EXPECT_THAT(radius.contacts, IsEmpty());
            EXPECT_EQ(radius.tags, 0U);
            EXPECT_EQ(radius.billing_profiles, 0U);
            EXPECT_THAT(radius.dependents, IsEmpty());
        }
    });
}

TEST_P(TwoOwnersTest, ACompanyOfTheOtherIsNeverRemoved)
{
    CustomerRemoval const removal{profile, other};
    auto const before = everything();
    std::vector const whole{BlastRadius{.company = ids[0], .contacts = {contact(11)}, .tags = 1}};
    {
        auto tx = session.begin_among_triggers(profile.schema());
        EXPECT_THROW(removal.remove(tx, whole, tags), StatementFailed);
        tx.commit();
    }
    EXPECT_EQ(everything(), before);
}

// Images come from the journal. Their rows come back among the owner's own rows, or not at all.
TEST_P(TwoOwnersTest, RowsOfTheOtherAreNotPutBack)
{
    auto const image = committed([&](Transaction& tx) {
        return CustomerRemoval{profile, owner}.images(tx, std::vector{ids[0]}).at(ids[0]);
    });
    database.execute("DELETE FROM tag_mappings WHERE tagged_id = '" + ids[0].str() + "'");
    expect_untouched([&](Transaction& tx) { CustomerRemoval{profile, other}.restore(tx, image); });
}

TEST_P(TwoOwnersTest, AWitnessSeesNothingOfTheOther)
{
    world.company({.n = 13, .name = "Wanted", .contact_email = "eve@acme.example"});
    auto tx = session.begin(Access::ReadOnly);
    std::vector<Change> const changes{
        CreateCustomer{.tenant = tenant(1),
                       .company = ids[0],
                       .name = "Wanted",
                       .tenant_name = "Wanted",
                       .product = "psa",
                       .tag = "PSA Customer",
                       .contact = PlannedContact{contact(13), "Eve", "eve@acme.example"}}};
    EXPECT_THAT(witnesses_of(tx, profile, other, changes),
                ElementsAre(R"({"company": null, "name_of": null, "contact": null, )"
                            R"("email_of": null})"));
}

// All steps, as in a run of the other tenant.
TEST_P(TwoOwnersTest, NoChangeReachesACompanyOfTheOther)
{
    begin_run(other);
    auto store = store_of(other, session);
    PlannedContact const eve{contact(99), "Eve", "eve@e.example"};
    std::vector<Change> const changes{
        AdoptCompany{tenant(1), ids[0], "Acme", testing::tenant_id(1)},
        RepairTag{tenant(1), ids[0], "VIP"},
        RepairContact{tenant(1), ids[0], eve},
        RenameCompany{tenant(1), ids[0], "Acme", "Tenant 1"},
        Reactivate{tenant(1), ids[0], "ada@acme.example"},
        CleanUp{tenant(77), ids[1], "Canceled"},
        Untag{tenant(77), ids[1], tags},
        DeleteCustomer{.tenant = tenant(77), .company = ids[1], .name = "Gone", .own_tags = tags},
    };
    auto const before = everything();
    for (auto const& change : changes)
        EXPECT_THAT(store.write({&change, 1}).front(),
                    AllOf(Field(&Receipt::outcome, Outcome::Stale),
                          Field(&Receipt::reason, HasSubstr("found it gone"))))
            << name_of(change);
    EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace tracking::models
