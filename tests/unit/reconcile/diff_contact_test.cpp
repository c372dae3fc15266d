#include "tests/support/worlds/reconcile_builders.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::RepairContact;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ContactTest, TheAdminIsAddedToTheOthers)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).without_contacts().contact("other@example.com")}};
    auto const plan = builders::plan(world);
    ASSERT_THAT(said(plan), ElementsAre("contact_missing"));
    EXPECT_EQ(models::as<RepairContact>(due(plan).at(0))->contact.email, "admin-1@example.com");
    EXPECT_EQ(plan.drift.at(0).detail, "the tenant's admin is not among its contacts");
}

TEST(ContactTest, AddressesCompareWithoutCase)
{
    auto const ada = tenant(1).admin_at("Ada@Example.COM");
    auto const theirs = customer(1, tenant(1)).without_contacts().contact("ada@example.com");
    EXPECT_THAT(plan({{ada}, {theirs}}).drift, IsEmpty());
    EXPECT_EQ(create_of(tenant_id(1), plan({{ada}, {}})).contact->email, "ada@example.com");
}

TEST(ContactTest, WithoutAnAdminTheTenantsOwnAddressServes)
{
    auto const plan = builders::plan({{tenant(1).without_admin()}, {}});
    EXPECT_EQ(create_of(tenant_id(1), plan).contact->email, "first-admin-1@example.com");
    EXPECT_EQ(create_of(tenant_id(1), plan).contact->full_name, "first-admin-1");
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("has no active admin: its own address")));
}

TEST(ContactTest, WithAnInvalidAdminTheTenantsOwnAddressServes)
{
    auto const plan = builders::plan({{tenant(1).admin_at("nobody")}, {}});
    EXPECT_EQ(create_of(tenant_id(1), plan).contact->email, "first-admin-1@example.com");
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("an admin without a valid e-mail")));
}

TEST(ContactTest, TheTenantsOwnAddressIsNotForcedOnACompanyThatHasContacts)
{
    auto const theirs = customer(1, tenant(1)).without_contacts().contact("other@example.com");
    EXPECT_THAT(plan({{tenant(1).without_admin()}, {theirs}}).drift, IsEmpty());
}

TEST(ContactTest, WithNoAddressAtAllTheCustomerIsMadeWithoutContact)
{
    auto const plan = builders::plan({{tenant(1).without_admin().own_address("")}, {}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "no_admin"));
    EXPECT_EQ(create_of(tenant_id(1), plan).contact, std::nullopt);
}

TEST(ContactTest, ACustomerWithoutContactThatCanGetNoneStaysReported)
{
    auto const alone = tenant(1).admin_at("nobody").own_address("nowhere");
    auto const plan = builders::plan({{alone}, {customer(1, tenant(1)).without_contacts()}});
    EXPECT_THAT(said(plan), ElementsAre("no_admin"));
    EXPECT_EQ(plan.drift.at(0).detail, "the admin's e-mail \"nobody\" is not valid");
    EXPECT_EQ(plan.drift.at(0).company, company_id(1));
}

TEST(ContactTest, AnAddressOfAnotherCompanyIsTaken)
{
    World const world{{tenant(1)}, {company(9).contact("admin-1@example.com")}};
    auto const plan = builders::plan(world);
    EXPECT_THAT(said(plan), ElementsAre("missing", "email_taken"));
    EXPECT_EQ(create_of(tenant_id(1), plan).contact, std::nullopt);
    EXPECT_THAT(plan.drift.at(1).detail, HasSubstr("\"Company 9\""));
}

TEST(ContactTest, AnAddressOfAContactWithoutCompanyIsTaken)
{
    auto const plan = builders::plan({{tenant(1)}, {}, {"admin-1@example.com"}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "email_taken"));
    EXPECT_THAT(plan.drift.at(1).detail, HasSubstr("of no company"));
}

TEST(ContactTest, OfTwoNewTenantsWithOneAdminTheFirstGetsTheContact)
{
    auto const plan = builders::plan(
        {{tenant(2).admin_at("a@x.example"), tenant(1).admin_at("a@x.example")}, {}});
    EXPECT_TRUE(create_of(tenant_id(1), plan).contact);
    EXPECT_FALSE(create_of(tenant_id(2), plan).contact);
    EXPECT_EQ(only(DriftKind::EmailTaken, plan).tenant, tenant_id(2));
    EXPECT_EQ(only(DriftKind::EmailTaken, plan).detail,
              fmt::format("a@x.example is a contact of company \"Tenant 1\" ({})",
                          create_of(tenant_id(1), plan).company.str()));
}

TEST(ContactTest, AnAddressThatARepairTakesIsNamedWithTheCompanyAsItIsCalled)
{
    World const world{{tenant(1), tenant(2).admin_at("admin-1@example.com")},
                      {customer(1, tenant(1)).without_contacts().called("Tenant 1, the old name")}};
    EXPECT_EQ(only(DriftKind::EmailTaken, plan(world)).detail,
              fmt::format("admin-1@example.com is a contact of company \"Tenant 1, the old "
                          "name\" ({})",
                          company_id(1).str()));
}

TEST(ContactTest, AnAddressOfACompanyThatAnotherTenantAdoptsIsTaken)
{
    auto const first = tenant(1).admin_at("a@x.example");
    auto const second = tenant(2).admin_at("a@x.example");
    auto const plan = builders::plan({{first, second}, {legacy(8, first)}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "unstamped", "email_taken"));
    EXPECT_EQ(only(DriftKind::EmailTaken, plan).tenant, tenant_id(2));
    EXPECT_THAT(only(DriftKind::EmailTaken, plan).detail, HasSubstr(company_id(8).str()));
}

TEST(ContactTest, AReportedRepairTakesNoAddress)
{
    auto policy = builders::policy();
    policy.handling = {{DriftKind::ContactMissing, Handling::Report}};
    World const world{{tenant(1), tenant(2).admin_at("admin-1@example.com")},
                      {customer(1, tenant(1)).without_contacts()}};
    EXPECT_TRUE(create_of(tenant_id(2), plan(world, policy)).contact);
    EXPECT_FALSE(create_of(tenant_id(2), plan(world)).contact);
}

TEST(ContactTest, ATakenAddressIsReportedOfACompanyWithOtherContactsToo)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).without_contacts().contact("other@example.com"),
                       company(9).contact("admin-1@example.com")}};
    EXPECT_THAT(said(plan(world)), ElementsAre("email_taken"));
}

TEST(ContactTest, AnAdditionalAddressOfTheCompanysOwnContactIsNotAddedAgain)
{
    auto state = read(
        {{tenant(1)}, {customer(1, tenant(1)).without_contacts().contact("other@example.com")}},
        policy());
    state.holders = {{"admin-1@example.com", company_id(9), "Other"},
                     {"admin-1@example.com", company_id(1), "Tenant 1"}};
    EXPECT_THAT(diff(state, policy()).drift, IsEmpty());
}

TEST(ContactTest, OfSeveralHoldersTheFirstByIdIsNamed)
{
    World world{
        {tenant(1)},
        {company(9).contact("admin-1@example.com"), company(8).contact("admin-1@example.com")}};
    EXPECT_THAT(only(DriftKind::EmailTaken, plan(world)).detail, HasSubstr("\"Company 8\""));
}

}  // namespace
}  // namespace tracking::reconcile
