// Tenants and companies that share a name are one difference.

#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Tenants that are all called "Trial", and companies `Trial N` whose link says so.
World crowd(unsigned tenants, unsigned companies)
{
    World world;
    for (unsigned i = 1; i <= tenants; ++i)
        world.tenants.push_back(tenant(i).called("Trial"));
    for (unsigned i = 1; i <= companies; ++i)
        world.companies.push_back(
            company(i).called("Trial " + std::to_string(i)).link_says("Trial"));
    return world;
}

TEST(GroupTest, IsOneItemThatNamesEveryRowOnce)
{
    auto const plan = builders::plan(crowd(20'000, 20'000));  // their product takes gigabytes
    auto const& drift = only(DriftKind::Ambiguous, plan);
    EXPECT_THAT(plan.drift, SizeIs(1));
    EXPECT_THAT(group_of(drift)->tenants, SizeIs(20'000));
    EXPECT_THAT(group_of(drift)->companies, SizeIs(20'000));
    EXPECT_LT(drift.detail.size(), 200U);
    EXPECT_EQ(plan.counts.differing, 20'000U);
    EXPECT_TRUE(plan.counts.is_complete());
}

TEST(GroupTest, OfOneAddressIsOneItemToo)
{
    World world;
    for (unsigned i = 1; i <= 20'000; ++i) {
        world.tenants.push_back(tenant(i).admin_at("a@x.example"));
        world.companies.push_back(company(i).tagged().contact("a@x.example"));
    }
    auto const plan = builders::plan(world);
    EXPECT_THAT(said(plan), ElementsAre("ambiguous"));
    EXPECT_EQ(plan.counts.differing, 20'000U);
}

TEST(GroupTest, OfOneNameAndOneAddressIsOneItemToo)
{
    auto world = crowd(20'000, 20'000);
    for (auto& tenant : world.tenants)
        tenant.admin->email = "a@x.example";
    for (auto& company : world.companies)
        company.emails = {"a@x.example"};
    EXPECT_THAT(said(builders::plan(world)), ElementsAre("ambiguous"));
}

TEST(GroupTest, OfLinksThatCannotBeReadIsOneInvalidItem)
{
    auto world = crowd(20'000, 0);
    for (unsigned i = 1; i <= 20'000; ++i)
        world.companies.push_back(company(i).link_holds("[\"Trial\"]"));
    auto const plan = builders::plan(world);
    auto const& drift = only(DriftKind::Invalid, plan);
    EXPECT_THAT(plan.drift, SizeIs(1));
    EXPECT_EQ(drift.company, company_id(1));
    EXPECT_THAT(group_of(drift)->companies, SizeIs(20'000));
    EXPECT_LT(drift.detail.size(), 300U);
    EXPECT_EQ(plan.counts.differing, 20'000U);
}

TEST(GroupTest, NamesNoTenantThatIsNotLookedAfter)
{
    auto world = crowd(3, 2);
    world.tenants[0].suspended = true;
    auto policy = builders::policy();
    policy.exclude = {tenant_id(2)};
    auto const plan = builders::plan(world, policy);
    auto const& drift = only(DriftKind::Ambiguous, plan);
    EXPECT_EQ(drift.tenant, tenant_id(3));
    EXPECT_THAT(group_of(drift)->tenants, SizeIs(1));
    EXPECT_EQ(plan.counts.differing, 1U);
    policy.exclude = {tenant_id(2), tenant_id(3)};
    EXPECT_THAT(builders::plan(world, policy).drift, IsEmpty());
}

TEST(GroupTest, IsWaivedByAnyTenantOrCompanyOfIt)
{
    for (auto const& item : {tenant_id(1).str(), tenant_id(3).str(), company_id(2).str(),
                             std::string{"Trial 2"}, std::string{"Trial"}}) {
        auto policy = builders::policy();
        policy.waivers = {waiver(item, DriftKind::Ambiguous)};
        EXPECT_THAT(said(builders::plan(crowd(3, 2), policy)), ElementsAre("ambiguous: waived"))
            << item;
    }
}

TEST(GroupTest, WhoseKindIsOffLeavesItsTenantsUnwatched)
{
    auto policy = builders::policy();
    policy.handling[DriftKind::Ambiguous] = Handling::Off;
    auto const plan = builders::plan(crowd(3, 2), policy);
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.unwatched, 3U);
    EXPECT_TRUE(plan.counts.is_complete());
}

TEST(GroupTest, SpellsOutWhereNamesOnlyLookAlike)
{
    auto const plan = builders::plan({{tenant(1).called("Caf\u00E9 Noir")},
                                      {company(1).called("Cafe\u0301 Noir").tagged(),
                                       company(2).called("Other").link_says("Caf\u00E9  Noir")}});
    EXPECT_THAT(said(plan), ElementsAre("ambiguous"));
    EXPECT_EQ(plan.drift.front().detail,
              "matches 2 companies by looks, but not uniquely; company \"Cafe\u0301 Noir\" (" +
                  company_id(1).str() +
                  ") differs: U+0065 U+0301 where the tenant has U+00E9; the link of company "
                  "\"Other\" (" +
                  company_id(2).str() + ") differs: U+0020 where the tenant has nothing");
}

TEST(GroupTest, OfLooksIsOneItemToo)
{
    World world;
    for (unsigned i = 1; i <= 5'000; ++i) {
        world.tenants.push_back(tenant(i).called("Trial"));
        world.companies.push_back(company(i).called(std::string(i, ' ') + "Trial"));
    }
    auto const plan = builders::plan(world);
    EXPECT_THAT(said(plan), ElementsAre("ambiguous"));
    EXPECT_LT(plan.drift.front().detail.size(), 1'000U);
}

TEST(GroupTest, IsRememberedByEachOfItsTenants)
{
    auto state = read(crowd(3, 2), policy());
    state.sightings = {
        {{DriftKind::Ambiguous, tenant_id(2), {}}, {.runs = 4, .age = std::chrono::hours{9}}},
        {{DriftKind::Ambiguous, tenant_id(3), {}}, {.runs = 2, .age = std::chrono::hours{30}}}};
    auto const plan = diff(std::move(state), policy());
    auto const& drift = only(DriftKind::Ambiguous, plan);
    EXPECT_THAT(keys_of(drift), SizeIs(3));
    EXPECT_EQ(drift.seen, (Sighting{.runs = 4, .age = std::chrono::hours{30}}));
}

TEST(GroupTest, IsAsBeforeAndEachTenantThatLeftItIsGone)
{
    auto state = read(crowd(3, 2), policy());
    state.compared = ComparedRun{};
    for (auto const n : {2U, 3U, 4U, 5U})
        state.sightings.emplace(DriftKey{DriftKind::Ambiguous, tenant_id(n), {}}, Sighting{});
    auto const plan = diff(std::move(state), policy());
    EXPECT_EQ(plan.since->as_before, 1U);
    EXPECT_EQ(plan.since->fresh, 0U);
    EXPECT_EQ(plan.since->gone, 2U);
}

// Of another run than the last it is known how many items it left, and not which.
TEST(GroupTest, OfANamedRunWhatIsNotAsBeforeIsGone)
{
    auto state = read(crowd(3, 2), policy());
    state.compared = ComparedRun{.id = models::RunId{}, .left = 5};
    state.sightings.emplace(DriftKey{DriftKind::Ambiguous, tenant_id(2), {}},
                            Sighting{.is_old = false});
    auto const later = diff(State{state}, policy());
    EXPECT_EQ(*later.since, (SinceRun{.run = models::RunId{}, .fresh = 1, .gone = 5}));
    EXPECT_EQ(later.is_new(later.drift.front()), true);
    state.sightings.emplace(DriftKey{DriftKind::Ambiguous, tenant_id(3), {}}, Sighting{});
    auto const before = diff(State{state}, policy());
    EXPECT_EQ(*before.since, (SinceRun{.run = models::RunId{}, .gone = 4, .as_before = 1}));
    state.compared->left = 0;
    EXPECT_EQ(diff(std::move(state), policy()).since->gone, 0U);
}

TEST(GroupTest, ATenantWithAWrongDateIsInvalidAndNotInIt)
{
    auto world = crowd(3, 2);
    world.tenants[1].age = -std::chrono::hours{48};
    auto const plan = builders::plan(world);
    EXPECT_THAT(said(plan), ElementsAre("ambiguous", "invalid"));
    EXPECT_THAT(group_of(only(DriftKind::Ambiguous, plan))->tenants, SizeIs(2));
    EXPECT_EQ(plan.counts.differing, 3U);
}

}  // namespace
}  // namespace tracking::reconcile
