// All admins of a tenant as contacts, where that is asked for.

#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::RepairContact;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

models::Tenant with_further(models::Tenant tenant, std::vector<std::string> const& emails)
{
    for (auto const& email : emails)
        tenant.further_admins.push_back(
            {.email = email, .full_name = "Further", .user = models::UserId{tenant.id.bytes()}});
    return tenant;
}

std::vector<std::string> emails_of(std::vector<models::PlannedContact const*> const& contacts)
{
    std::vector<std::string> emails;
    emails.reserve(contacts.size());
    for (auto const* const contact : contacts)
        emails.push_back(contact->email);
    return emails;
}

TEST(AdminsTest, ANewCustomerGetsAllAsContacts)
{
    World world{{with_further(tenant(1), {"b@x.example", "c@x.example"})}, {}};
    auto const plan = builders::plan(world);
    EXPECT_THAT(emails_of(contacts_of(create_of(tenant_id(1), plan))),
                ElementsAre("admin-1@example.com", "b@x.example", "c@x.example"));
    apply_to(world, plan);
    EXPECT_THAT(said(builders::plan(world)), IsEmpty());
}

TEST(AdminsTest, ACustomerGetsThoseThatItLacks)
{
    auto const live = with_further(tenant(1), {"b@x.example", "c@x.example"});
    World world{{live}, {customer(1, live).contact("b@x.example")}};
    auto const plan = builders::plan(world);
    ASSERT_THAT(said(plan), ElementsAre("contact_missing"));
    EXPECT_THAT(emails_of(contacts_of(*models::as<RepairContact>(due(plan).at(0)))),
                ElementsAre("c@x.example"));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr("not all"));
    apply_to(world, plan);
    EXPECT_THAT(said(builders::plan(world)), IsEmpty());
}

TEST(AdminsTest, AnAddressIsAddedOnceAndAnInvalidOneNever)
{
    auto const live = with_further(
        tenant(1), {"admin-1@example.com", "b@x.example", "b@x.example", "no address"});
    EXPECT_THAT(emails_of(contacts_of(create_of(tenant_id(1), plan({{live}, {}})))),
                ElementsAre("admin-1@example.com", "b@x.example"));
}

TEST(AdminsTest, OfTwoNewTenantsWithOneFurtherAdminTheFirstGetsTheContact)
{
    auto const plan = builders::plan(
        {{with_further(tenant(1), {"both@x.example"}), with_further(tenant(2), {"both@x.example"})},
         {}});
    EXPECT_THAT(emails_of(contacts_of(create_of(tenant_id(2), plan))),
                ElementsAre("admin-2@example.com"));
    EXPECT_EQ(only(DriftKind::EmailTaken, plan).tenant, tenant_id(2));
}

TEST(AdminsTest, TakenAddressesAreOneItem)
{
    auto const live = with_further(tenant(1), {"b@x.example", "c@x.example"});
    auto const plan = builders::plan(
        {{live}, {customer(1, live), company(9).contact("b@x.example").contact("c@x.example")}});
    EXPECT_THAT(said(plan), ElementsAre("email_taken"));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr("b@x.example is a contact of company"));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr("c@x.example is a contact of company"));
}

TEST(AdminsTest, WhereTheFirstAdminsAddressIsTakenTheOthersServe)
{
    auto const live = with_further(tenant(1), {"b@x.example"});
    auto const plan = builders::plan({{live}, {company(9).contact("admin-1@example.com")}});
    EXPECT_THAT(emails_of(contacts_of(create_of(tenant_id(1), plan))), ElementsAre("b@x.example"));
    EXPECT_EQ(only(DriftKind::EmailTaken, plan).tenant, tenant_id(1));
}

}  // namespace
}  // namespace tracking::reconcile
