#include "reconcile/decision/decide.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A tenant without customer, and a customer without tenant.
World one_to_make_and_one_to_clean_up()
{
    return {{tenant(1)}, {customer(2, tenant(2))}};
}

Decision decide(Terms terms)
{
    terms.policy = builders::policy();
    return decide(read(one_to_make_and_one_to_clean_up(), terms.policy), terms);
}

SavedPlan saved(std::vector<Drift> drift)
{
    SavedPlan plan;
    plan.witnesses.resize(drift.size());
    plan.drift = std::move(drift);
    return plan;
}

TEST(DecideTest, WithoutFurtherTermsAllThatTheDiffFindsIsDue)
{
    auto const decision = decide(Terms{});
    EXPECT_THAT(said(decision.plan), ElementsAre("missing", "orphaned"));
    EXPECT_THAT(decision.guards, SizeIs(kGuardTable.size()));
    EXPECT_THAT(decision.refusals, IsEmpty());
}

TEST(DecideTest, DoubtAboutTheSourceHoldsAllBackAndNoGuardIsAsked)
{
    auto const decision = decide({.doubts = {"there are no tenants", "and no customers"}});
    EXPECT_THAT(said(decision.plan), ElementsAre("missing: guard", "orphaned: guard"));
    EXPECT_EQ(decision.plan.drift.at(0).restraint_reason, "there are no tenants");
    EXPECT_THAT(decision.refusals, SizeIs(2));
    EXPECT_THAT(decision.guards, IsEmpty());
}

TEST(DecideTest, WhatIsReadInDoubtIsComparedWithNothing)
{
    auto const terms = Terms{.policy = builders::policy(), .doubts = {"there are no tenants"}};
    auto state = read(one_to_make_and_one_to_clean_up(), terms.policy);
    state.compared = ComparedRun{};
    EXPECT_TRUE(reconcile::decide(state, {.policy = terms.policy}).plan.since);
    auto const decision = reconcile::decide(state, terms);
    EXPECT_TRUE(decision.plan.is_in_doubt);
    EXPECT_FALSE(decision.plan.since);
}

/// More tenants than are held before they are cut, with all that is asked of them.
struct Crowded
{
    Crowded()
    {
        for (unsigned n = 1; n <= 1'500; ++n)
            world.tenants.push_back(tenant(n));
        for (unsigned n = 1'501; n <= 1'510; ++n)
            world.companies.push_back(customer(n, tenant(n)));
        state = read(world, builders::policy());
        state.compared = ComparedRun{};
        state.sightings = {
            {{DriftKind::Missing, tenant_id(4), {}}, {.age = std::chrono::hours{9}}},
            {{DriftKind::Missing, tenant_id(1'400), {}}, {.age = std::chrono::hours{7}}},
            {{DriftKind::Missing, tenant_id(1'450), {}}, {.is_old = false}},
            {{DriftKind::Missing, tenant_id(2'000), {}}, {}}};
    }

    Decision with(Room room) const
    {
        return reconcile::decide(state,
                                 {.policy = builders::policy(), .guards = guards, .room = room});
    }

    World world;
    State state;
    Guards guards;
};

std::vector<DriftKey> sorted_keys(Plan const& plan)
{
    auto keys = plan.counted_keys;
    for (auto const& drift : plan.drift)
        std::ranges::move(keys_of(drift), std::back_inserter(keys));
    std::ranges::sort(keys);
    return keys;
}

TEST(DecideTest, WithoutRoomForAllTheFirstOfEachKindAreListedAndCleanUpsAlways)
{
    auto const plan = Crowded{}.with(2).plan;
    ASSERT_THAT(plan.drift, SizeIs(2 + 10));
    EXPECT_EQ(plan.drift.at(0).tenant, tenant_id(1));
    EXPECT_EQ(plan.drift.at(1).tenant, tenant_id(2));
    EXPECT_EQ(plan.drift.at(2).kind, DriftKind::Orphaned);
    EXPECT_EQ(plan.size(), 1'510U);
}

TEST(DecideTest, WithRoomForNoneNothingIsListedButWhatTakesACustomerAway)
{
    Crowded const crowded;
    auto const plan = crowded.with(kRoomForNone).plan;
    ASSERT_THAT(plan.drift, SizeIs(10));
    EXPECT_EQ(plan.drift.front().kind, DriftKind::Orphaned);
    auto const whole = crowded.with(kRoomForAll).plan;
    EXPECT_EQ(plan.size(), whole.size());
    EXPECT_EQ(plan.counts.tenants, whole.counts.tenants);
    EXPECT_EQ(plan.counts.tracked, whole.counts.tracked);
    EXPECT_EQ(plan.counts.differing, whole.counts.differing);
}

TEST(DecideTest, WhatIsOnlyCountedCountsForGuardsAndComparisonsAsWhatIsListed)
{
    for (auto const number :
         {std::size_t{0}, std::size_t{1'499}}) {  // the guard trips on the second
        Crowded crowded;
        crowded.guards.of(GuardedKind::Create) = {.number = number, .ratio = 1.0};
        auto const whole = crowded.with(kRoomForAll);
        auto const cut = crowded.with(2);
        EXPECT_EQ(cut.plan.since, whole.plan.since);
        EXPECT_EQ(cut.plan.size(), whole.plan.size());
        EXPECT_EQ(sorted_keys(cut.plan), sorted_keys(whole.plan));
        EXPECT_EQ(cut.plan.has_due_changes(), whole.plan.has_due_changes());
        EXPECT_EQ(cut.plan.counts.differing, whole.plan.counts.differing);
        EXPECT_EQ(cut.plan.remarks, whole.plan.remarks);
        for (std::size_t i = 0; i < whole.guards.size(); ++i)
            EXPECT_EQ(cut.guards.at(i).due, whole.guards.at(i).due);
        ASSERT_THAT(cut.plan.counted, SizeIs(1));
        auto const& counted = cut.plan.counted.front();
        EXPECT_EQ(counted.restraint, whole.plan.drift.at(0).restraint);
        EXPECT_EQ(counted.count, 1'498U);
        EXPECT_EQ(counted.unseen, 1'495U);
        EXPECT_EQ(counted.as_before, 2U);
        EXPECT_EQ(counted.oldest, std::chrono::hours{9});
    }
}

TEST(DecideTest, DoubtHoldsBackWhatIsOnlyCounted)
{
    auto const decision = reconcile::decide(
        Crowded{}.state,
        {.policy = builders::policy(), .doubts = {"there are no tenants"}, .room = 2});
    EXPECT_EQ(decision.plan.counted.at(0).restraint, Restraint::Guard);
    EXPECT_FALSE(decision.plan.has_due_changes());
}

TEST(DecideTest, WhoWouldGetANameFromAHeldChangeWaitsForIt)
{
    auto const one = tenant(1).called("Beta");
    World const world{{one, tenant(2).called("Acme"), tenant(3)},
                      {customer(1, one).called("Acme")}};
    Guards guards;
    guards.of(GuardedKind::Change) = {.ratio = 0, .floor = 0};
    auto const decision = reconcile::decide(read(world, builders::policy()),
                                            {.policy = builders::policy(), .guards = guards});
    EXPECT_THAT(said(decision.plan), ElementsAre("missing: guard", "missing", "renamed: guard"));
    EXPECT_THAT(decision.plan.drift.at(0).restraint_reason, HasSubstr("another customer's"));
}

TEST(DecideTest, AStandbyThatIsBehindHoldsCleanUpsBackAndNothingElse)
{
    auto const decision = decide({.lag = Lag{"the source is behind", false}});
    EXPECT_THAT(said(decision.plan), ElementsAre("missing", "orphaned: guard"));
    EXPECT_EQ(decision.held_for_source, 1U);
    EXPECT_EQ(decision.plan.remarks.front(), "the source is behind");
}

TEST(DecideTest, WhatAStandbyHoldsBackIsNotCountedByTheGuard)
{
    Guards guards;
    guards.of(GuardedKind::Cleanup) = {.number = 1};
    auto const decision = decide({.guards = guards, .lag = Lag{"the source is behind", false}});
    EXPECT_THAT(due(decision.plan), SizeIs(1));
    EXPECT_EQ(decision.guards.at(2).due, 0U);
}

TEST(DecideTest, ACurrentStandbyIsRemarkedOnOnly)
{
    auto const decision = decide({.lag = Lag{"the source is a standby", true}});
    EXPECT_THAT(due(decision.plan), SizeIs(2));
    EXPECT_EQ(decision.plan.remarks.front(), "the source is a standby");
}

TEST(DecideTest, OfASavedPlanOnlyWhatWasSavedIsDue)
{
    auto const all = decide(Terms{}).plan.drift;
    auto const plan = saved({all.at(0)});
    auto const decision = decide({.saved = &plan, .witnesses = plan.witnesses});
    EXPECT_THAT(due(decision.plan), ElementsAre(*all.at(0).change));
    EXPECT_THAT(decision.stale, IsEmpty());
    EXPECT_FALSE(decision.is_all_stale);
}

TEST(DecideTest, ASavedPlanOfWhichNothingHoldsIsAllStale)
{
    auto gone = decide(Terms{}).plan.drift.at(0);
    gone.tenant = tenant_id(9);
    gone.change = models::CreateCustomer{.tenant = tenant_id(9), .company = company_id(9)};
    auto const plan = saved({gone});
    auto const decision = decide({.saved = &plan, .witnesses = plan.witnesses});
    EXPECT_THAT(decision.stale, SizeIs(1));
    EXPECT_TRUE(decision.is_all_stale);
}

TEST(DecideTest, ASavedPlanOfNothingIsNotStale)
{
    auto const plan = saved({});
    EXPECT_FALSE(decide({.saved = &plan}).is_all_stale);
}

TEST(DecideTest, AnAllowanceThatFitsNothingRefusesTheWholePlan)
{
    auto const decision = decide({.allowances = {{GuardedKind::Cleanup, 7}}});
    EXPECT_THAT(decision.refusals, SizeIs(1));
    EXPECT_THAT(due(decision.plan), IsEmpty());
}

}  // namespace
}  // namespace tracking::reconcile
