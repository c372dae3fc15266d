#include "reconcile/decision/decide.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Decision decide(World const& world, Terms terms)
{
    terms.policy = builders::policy();
    return decide(read(world, terms.policy), terms);
}

/// Three tenants without customer.
World three()
{
    return {{tenant(1), tenant(2), tenant(3)}, {}};
}

std::vector<models::TenantId> tenants_of(Decision const& decision)
{
    std::vector<models::TenantId> tenants;
    for (auto const& change : due(decision.plan))
        tenants.push_back(models::tenant_of(change));
    return tenants;
}

TEST(SelectionTest, AnItemIsAnIdInAnySpellingOrAWholeName)
{
    for (std::string const& item :
         {"{" + tenant_id(2).str() + "}", std::string{"Tenant 2"}, std::string{" Tenant 2 "}})
        EXPECT_THAT(tenants_of(decide(three(), {.selection = {.only = {item}}})),
                    ElementsAre(tenant_id(2)))
            << item;
}

TEST(SelectionTest, WhatIsExceptedIsNotDoneThoughItIsAlsoWanted)
{
    auto const decision =
        decide(three(), {.selection = {.only = {"Tenant 1", "Tenant 2"}, .except = {"Tenant 2"}}});
    EXPECT_THAT(tenants_of(decision), ElementsAre(tenant_id(1)));
    EXPECT_THAT(said(decision.plan),
                ElementsAre("missing", "missing: selection", "missing: selection"));
}

TEST(SelectionTest, APartOfANameIsNoItem)
{
    auto const decision = decide(three(), {.selection = {.only = {"Tenant"}}});
    EXPECT_THAT(decision.unselectable, ElementsAre(HasSubstr("\"Tenant\"")));
}

TEST(SelectionTest, ANameOfSeveralIsRefusedAndTheirIdsAreTold)
{
    World const world{{tenant(1).called("Twin"), tenant(2).called("Twin")}, {}};
    auto const decision = decide(world, {.selection = {.except = {"Twin"}}});
    EXPECT_THAT(decision.unselectable, ElementsAre(HasSubstr(tenant_id(2).str())));
}

TEST(SelectionTest, NamesThatGoRoundAreTakenWhole)
{
    World const world{{tenant(1), tenant(2), tenant(3), tenant(4)},
                      {customer(1, tenant(1)), customer(2, tenant(2)), customer(3, tenant(3))}};
    auto ring = world;
    for (std::size_t i = 0; i < 3; ++i)
        ring.companies[i].name = world.companies[(i + 1) % 3].name;
    auto const one = decide(ring, {.selection = {.only = {tenant_id(2).str()}}});
    EXPECT_THAT(due(one.plan), SizeIs(3));
    EXPECT_THAT(one.plan.remarks, ElementsAre(HasSubstr("--only takes")));
    auto const without = decide(ring, {.selection = {.except = {company_id(3).str()}}});
    EXPECT_THAT(tenants_of(without), ElementsAre(tenant_id(4)));
}

TEST(SelectionTest, GuardsCountWhatIsLeftOutAndHoldBackWhatIsSelected)
{
    Terms terms{.selection = {.only = {"Tenant 1"}}};
    terms.guards.of(GuardedKind::Create) = {.number = 2};
    auto const held = decide(three(), terms);
    EXPECT_EQ(held.guards.at(0).due, 3U);
    EXPECT_TRUE(held.guards.at(0).holds_back());
    EXPECT_THAT(due(held.plan), IsEmpty());
    terms.allowances = {{GuardedKind::Create, 3}};
    EXPECT_THAT(tenants_of(decide(three(), terms)), ElementsAre(tenant_id(1)));
}

TEST(SelectionTest, OfASavedPlanItsOwnSelectionHoldsToo)
{
    Terms terms{.selection = {.only = {"Tenant 1"}}};
    SavedPlan saved{.selection = terms.selection, .drift = decide(three(), terms).plan.drift};
    saved.witnesses.resize(saved.drift.size());
    auto const again = read_plan_file(write_plan_file(saved));
    EXPECT_EQ(again.selection, saved.selection);
    EXPECT_THAT(tenants_of(decide(three(), {.saved = &again, .witnesses = saved.witnesses})),
                ElementsAre(tenant_id(1)));
    auto const other = decide(
        three(),
        {.selection = {.only = {"Tenant 2"}}, .saved = &again, .witnesses = saved.witnesses});
    EXPECT_THAT(due(other.plan), IsEmpty());
}

}  // namespace
}  // namespace tracking::reconcile
