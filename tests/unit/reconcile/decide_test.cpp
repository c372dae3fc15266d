#include "reconcile/decision/decide.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::ElementsAre;
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
