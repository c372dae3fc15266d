// The contacts that the job or the workflow made, against the users of the tenants.

#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::ChangeContacts;
using models::RetireContacts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Maker = models::NotableContact::Maker;

models::UserId user_id(unsigned number)
{
    return models::UserId{tenant_id(number).bytes()};
}

/// Tenants with one admin each. The job has made a contact for each, and remembers it.
struct Peopled : World
{
    void add(unsigned n, std::string const& was, std::string const& is)
    {
        auto live = tenant(n).admin_at(is);
        live.admin->user = user_id(n);
        add_contact(n, customer(n, live), was, live.admin->full_name);
        users.push_back({live.id, user_id(n), live.admin->full_name, is});
        tenants.push_back(std::move(live));
    }

    void add_contact(unsigned n, models::Company company, std::string const& email,
                     std::string const& name)
    {
        auto const id = models::made_contact_id(management(), company.id, email);
        company.emails = {email};
        company.notable = {{.email = email, .full_name = name, .maker = Maker::Job}};
        own_contacts.push_back({id, company.id, name, email, true});
        written.push_back({id, company.id, tenant_id(n), user_id(n), name, email});
        companies.push_back(std::move(company));
    }

    Plan planned() const { return builders::plan(*this); }

    std::vector<std::string> addresses() const
    {
        std::vector<std::string> all;
        for (auto const& company : companies)
            all.insert(all.end(), company.emails.begin(), company.emails.end());
        return all;
    }
};

TEST(PeopleTest, AContactFollowsItsUserToAnotherAddress)
{
    Peopled world;
    world.add(1, "old@a.example", "new@a.example");
    auto const plan = world.planned();
    ASSERT_THAT(said(plan), ElementsAre("contact_changed"));
    auto const& change = *models::as<ChangeContacts>(due(plan).at(0));
    EXPECT_EQ(change.contacts.at(0).former_email, "old@a.example");
    EXPECT_EQ(change.contacts.at(0).email, "new@a.example");
    EXPECT_FALSE(change.together);
    apply_to(world, plan);
    EXPECT_THAT(said(world.planned()), IsEmpty());
}

// A returned customer keeps its former contact, and the new address is added beside it.
TEST(PeopleTest, AContactWhoseUserHasAnotherContactByNowIsStale)
{
    Peopled world;
    world.add(1, "old@a.example", "new@a.example");
    world.companies[0].emails.push_back("new@a.example");
    auto const plan = world.planned();
    EXPECT_THAT(said(plan), ElementsAre("contact_stale"));
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr("old@a.example"));
}

TEST(PeopleTest, TwoContactsOfOneCompanySwapTheirAddresses)
{
    Peopled world;
    world.add(1, "a@a.example", "b@a.example");
    auto const company = world.companies[0].id;
    auto const other = models::made_contact_id(management(), company, "b@a.example");
    world.companies[0].emails.push_back("b@a.example");
    world.companies[0].notable.push_back(
        {.email = "b@a.example", .full_name = "Eve", .maker = Maker::Job});
    world.own_contacts.push_back({other, company, "Eve", "b@a.example", true});
    world.written.push_back({other, company, tenant_id(1), user_id(9), "Eve", "b@a.example"});
    world.users.push_back({tenant_id(1), user_id(9), "Eve", "a@a.example"});
    auto const plan = world.planned();
    ASSERT_THAT(said(plan), ElementsAre("contact_changed"));
    EXPECT_EQ(models::as<ChangeContacts>(due(plan).at(0))->contacts.size(), 2u);
}

TEST(PeopleTest, AContactFollowsItsUserToAnotherName)
{
    Peopled world;
    world.add(1, "ann@a.example", "ann@a.example");
    EXPECT_THAT(said(world.planned()), IsEmpty());
    world.tenants[0].admin->full_name = world.users[0].full_name = "Ann Married";
    auto const plan = world.planned();
    ASSERT_THAT(said(plan), ElementsAre("contact_changed"));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr("another name"));
}

TEST(PeopleTest, AContactThatAPersonTouchedIsNotChanged)
{
    Peopled world;
    world.add(1, "old@a.example", "new@a.example");
    world.own_contacts[0].full_name = "Somebody Else";
    EXPECT_THAT(said(world.planned()), ElementsAre("contact_missing"));
}

TEST(PeopleTest, AddressesThatAreSwappedAreChangedTogether)
{
    Peopled world;
    world.add(1, "a@x.example", "b@x.example");
    world.add(2, "b@x.example", "a@x.example");
    auto const plan = world.planned();
    ASSERT_THAT(said(plan), ElementsAre("contact_changed", "contact_changed"));
    for (auto const& change : due(plan))
        EXPECT_EQ(models::together_with(change), company_id(1));
    apply_to(world, plan, 1);
    EXPECT_THAT(world.addresses(), ElementsAre("b@x.example", "a@x.example"));
    EXPECT_THAT(said(world.planned()), IsEmpty());
}

TEST(PeopleTest, AWaivedChangeGivesNoAddressAway)
{
    Peopled world;
    world.add(1, "a@x.example", "b@x.example");
    world.add(2, "b@x.example", "c@x.example");
    auto policy = builders::policy();
    policy.waivers = {waiver(tenant_id(2).str(), DriftKind::ContactChanged)};
    auto const plan = builders::plan(world, policy);
    EXPECT_THAT(due(plan), IsEmpty());
    EXPECT_THAT(said(plan), ::testing::Contains("email_taken"));
}

TEST(PeopleTest, AChainOfAddressesIsPassedOnInOneNight)
{
    Peopled world;
    world.add(1, "a@x.example", "b@x.example");
    world.add(2, "b@x.example", "c@x.example");
    world.add(3, "c@x.example", "d@x.example");
    apply_to(world, world.planned(), 1);
    EXPECT_THAT(world.addresses(), ElementsAre("b@x.example", "c@x.example", "d@x.example"));
}

TEST(PeopleTest, AnAddressThatAnotherKeepsIsTaken)
{
    Peopled world;
    world.add(1, "a@x.example", "b@x.example");
    world.add(2, "b@x.example", "b@x.example");
    EXPECT_THAT(said(world.planned()), ElementsAre("email_taken"));
}

TEST(PeopleTest, ATenantThatComesMayHaveTheAddressThatIsGivenUp)
{
    Peopled world;
    world.add(1, "a@x.example", "b@x.example");
    world.tenants.push_back(tenant(2).admin_at("a@x.example"));
    auto const plan = world.planned();
    EXPECT_THAT(said(plan), ElementsAre("missing", "contact_changed"));
    EXPECT_EQ(create_of(tenant_id(2), plan).contact->email, "a@x.example");
}

TEST(PeopleTest, TheContactOfAnAdminWhoLeftIsStaleAndTheNewOneIsAdded)
{
    Peopled world;
    world.add(1, "old@a.example", "new@a.example");
    world.users = {{tenant_id(1), user_id(9), "Bob", "new@a.example"}};
    auto policy = builders::policy();
    policy.handling[DriftKind::ContactStale] = Handling::Report;
    EXPECT_THAT(said(plan(world, policy)), ElementsAre("contact_missing", "contact_stale: report"));
    EXPECT_THAT(said(world.planned()), ElementsAre("contact_missing", "contact_stale"));
}

TEST(PeopleTest, TheContactOfAFormerAdminWhoIsStillAUserIsKept)
{
    Peopled world;
    world.add(1, "old@a.example", "new@a.example");
    world.users = {{tenant_id(1), user_id(1), world.own_contacts[0].full_name, "old@a.example"},
                   {tenant_id(1), user_id(9), "Bob", "new@a.example"}};
    EXPECT_THAT(said(world.planned()), ElementsAre("contact_missing"));
}

TEST(PeopleTest, AContactOfTheWorkflowIsStaleToo)
{
    auto const live = tenant(1);
    auto company = CompanyBuilder{customer(1, live)};
    company.emails.emplace_back("left@a.example");
    company.notable = {{.email = "left@a.example", .full_name = {}, .maker = Maker::Workflow}};
    World world{{live}, {company}};
    world.own_contacts = {
        {models::ContactId{tenant_id(7).bytes()}, company.id, "Lee", "left@a.example", false}};
    auto const found = plan(world);
    ASSERT_THAT(said(found), ElementsAre("contact_stale"));
    EXPECT_EQ(models::as<RetireContacts>(due(found).at(0))->contacts.at(0).email, "left@a.example");
}

TEST(PeopleTest, AnInactiveContactThatHoldsTheAddressIsNamedWithTheStatementThatMakesWay)
{
    Peopled world;
    world.tenants.push_back(tenant(1).admin_at("a@x.example"));
    auto cancelled = CompanyBuilder{company(5).called("Gone").contact("a@x.example")};
    cancelled.notable = {{.email = "a@x.example", .full_name = {}, .inactive = true}};
    world.companies.push_back(cancelled);
    auto const plan = world.planned();
    EXPECT_THAT(only(DriftKind::EmailTaken, plan).detail, HasSubstr("company \"Gone\""));
}

TEST(PeopleTest, AnAdminWhoIsSomeoneElsesContactIsReportedWhereTheCompanyHasOthersToo)
{
    auto const live = tenant(1);
    auto own = CompanyBuilder{customer(1, live)};
    own.emails = {"friend@a.example"};
    EXPECT_THAT(said(plan({{live}, {own, company(9).contact(live.admin->email)}})),
                ElementsAre("email_taken"));
}

TEST(AgainTest, WhatTheJobChangesNightForNightIsMarked)
{
    auto const live = tenant(1);
    World world{{live, tenant(2)},
                {customer(1, live).untagged(), customer(2, tenant(2)).untagged()}};
    world.often_changed = {{company_id(1), "repair_tag", 4}, {company_id(2), "rename", 5}};
    auto const found = plan(world);
    EXPECT_EQ(found.drift.at(0).again, 4);
    EXPECT_THAT(found.drift.at(0).detail, HasSubstr("again: 4"));
    EXPECT_EQ(found.drift.at(1).again, 0);
}

TEST(ReturnedTest, WhatTheJobCleanedUpIsTakenBackExactly)
{
    auto const live = tenant(1);
    auto company = CompanyBuilder{customer(1, live).made_inactive()};
    company.canceled = true;
    models::ContactId const contact{tenant_id(7).bytes()};
    World world{{live}, {company}};
    world.clean_ups = {{.company = company.id,
                        .name = company.name,
                        .was_unset = true,
                        .has_tagged = true,
                        .contacts = {contact},
                        .unset_contacts = {contact}}};
    auto const plan = builders::plan(world);
    ASSERT_THAT(said(plan), ElementsAre("returned"));
    EXPECT_THAT(due(plan), ElementsAre(models::Reactivate{.tenant = live.id,
                                                          .company = company.id,
                                                          .email = {},
                                                          .canceled_tag = "Canceled",
                                                          .was_inactive = true,
                                                          .takes_back = true,
                                                          .was_unset = true,
                                                          .contacts = {contact},
                                                          .unset_contacts = {contact}}));
    apply_to(world, plan);
    EXPECT_THAT(said(builders::plan(world)), IsEmpty());
}

TEST(ReturnedTest, WhatAPersonHasTouchedSinceIsInactive)
{
    auto const live = tenant(1);
    World world{{live}, {customer(1, live).made_inactive()}};
    world.clean_ups = {
        {.company = company_id(1), .name = live.name, .has_tagged = true, .contacts = {}}};
    EXPECT_THAT(said(plan(world)), ElementsAre("inactive"));
}

TEST(InactiveTest, TheTagOfCanceledCustomersIsTakenOff)
{
    auto const live = tenant(1);
    auto company = CompanyBuilder{customer(1, live)};
    company.canceled = true;
    EXPECT_THAT(due(plan({{live}, {company}})),
                ElementsAre(models::Reactivate{.tenant = live.id,
                                               .company = company.id,
                                               .email = {},
                                               .canceled_tag = "Canceled",
                                               .was_inactive = false}));
}

TEST(InactiveTest, AnInactiveAdminContactIsDriftOfALiveCustomer)
{
    auto const live = tenant(1);
    auto company = CompanyBuilder{customer(1, live)};
    company.notable = {
        {.email = live.admin->email, .full_name = {}, .maker = Maker::Person, .inactive = true}};
    auto const found = plan({{live}, {company}});
    EXPECT_THAT(said(found), ElementsAre("inactive"));
    EXPECT_EQ(models::as<models::Reactivate>(due(found).at(0))->email, live.admin->email);
}

}  // namespace
}  // namespace tracking::reconcile
