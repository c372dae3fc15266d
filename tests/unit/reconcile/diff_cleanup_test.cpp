#include "reconcile/guard/guards.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::CleanUp;
using models::DeleteCustomer;
using models::Untag;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

Policy in_mode(CleanupMode mode)
{
    auto policy = builders::policy();
    policy.cleanup = mode;
    return policy;
}

/// A tenant with its customer, and an orphan.
World with_orphan()
{
    return {{tenant(2)}, {customer(2, tenant(2)), customer(1, tenant(1))}};
}

Plan plan_to_delete(models::BlastRadius radius)
{
    auto const policy = in_mode(CleanupMode::Delete);
    auto state = read(with_orphan(), policy);
    radius.company = company_id(1);
    state.blast_radii.emplace(radius.company, radius);
    return diff(state, policy);
}

TEST(CleanupModeTest, ReportHoldsTheOrphanBackAndPlansNothing)
{
    auto const plan = builders::plan(with_orphan(), in_mode(CleanupMode::Report));
    EXPECT_THAT(said(plan), ElementsAre("orphaned: report"));
    EXPECT_EQ(plan.drift.at(0).change, std::nullopt);
    EXPECT_EQ(plan.drift.at(0).restraint_reason, "cleanup.mode: report");
}

TEST(CleanupModeTest, UntagTakesTheCustomerTagsAndSettlesTheOrphan)
{
    auto const policy = in_mode(CleanupMode::Untag);
    auto world = with_orphan();
    auto const first = builders::plan(world, policy);
    EXPECT_THAT(due(first), ElementsAre(Untag{tenant_id(1), company_id(1), {"PSA Customer"}}));
    apply_to(world, first);
    auto const second = builders::plan(world, policy);
    EXPECT_THAT(second.drift, IsEmpty());
    EXPECT_EQ(second.counts.settled, 1U);
}

// The scope holds for customers whose tenant is gone.
TEST(ScopeOfOrphansTest, ExcludeLeavesTheCustomerOfAGoneTenantAloneAndNamesIt)
{
    auto policy = in_mode(CleanupMode::Deactivate);
    policy.exclude = {tenant_id(1)};
    auto const plan = builders::plan(with_orphan(), policy);
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.out_of_scope, 1U);
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("exclude names it")));
}

TEST(ScopeOfOrphansTest, ProductsLeaveCustomersOfOtherProductsAlone)
{
    auto policy = in_mode(CleanupMode::Deactivate);
    policy.products = {"psa"};
    auto world = with_orphan();
    world.companies.back().tags = {"AlgaDesk Customer"};
    auto const plan = builders::plan(world, policy);
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.out_of_scope, 1U);
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("products leaves out")));

    world.companies.back().tags = {"AlgaDesk Customer", "PSA Customer"};
    EXPECT_THAT(said(builders::plan(world, policy)), ElementsAre(HasSubstr("orphaned")));
    world.companies.back().tags = {};
    EXPECT_THAT(said(builders::plan(world, policy)), ElementsAre(HasSubstr("orphaned")));
}

TEST(CleanupModeTest, DeleteTakesACompanyThatNothingElseRefersTo)
{
    auto const plan =
        plan_to_delete({.contacts = {models::ContactId{}}, .tags = 5, .billing_profiles = 3});
    EXPECT_THAT(due(plan), ElementsAre(DeleteCustomer{.tenant = tenant_id(1),
                                                      .company = company_id(1),
                                                      .name = "Tenant 1",
                                                      .own_tags = policy().own_tags(),
                                                      .contacts = 1,
                                                      .tags = 5,
                                                      .billing_profiles = 3}));
}

TEST(CleanupModeTest, DeleteFallsBackToDeactivationAndSaysWhatRefersToTheCompany)
{
    auto const plan = plan_to_delete({.dependents = {{"invoices", 2}, {"tickets", 1}}});
    EXPECT_THAT(due(plan), ElementsAre(CleanUp{tenant_id(1), company_id(1), "Canceled"}));
    EXPECT_THAT(plan.drift.at(0).detail,
                EndsWith("it cannot be deleted, because of 2 rows of invoices, 1 row of tickets"));
}

TEST(CleanupModeTest, DeleteFallsBackWhereRowsMayBeHidden)
{
    auto const plan = plan_to_delete({.unreadable = {"projects"}});
    EXPECT_THAT(due(plan), ElementsAre(CleanUp{tenant_id(1), company_id(1), "Canceled"}));
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr("rows of projects that may be hidden"));
}

TEST(CleanupModeTest, DeleteFallsBackWhereNobodyHasLooked)
{
    auto const plan = builders::plan(with_orphan(), in_mode(CleanupMode::Delete));
    EXPECT_THAT(due(plan), ElementsAre(CleanUp{tenant_id(1), company_id(1), "Canceled"}));
}

TEST(CleanupModeTest, GraceHoldsEveryModeBack)
{
    for (auto const mode : {CleanupMode::Untag, CleanupMode::Deactivate, CleanupMode::Delete}) {
        auto policy = in_mode(mode);
        policy.grace.runs = 2;
        EXPECT_THAT(said(builders::plan(with_orphan(), policy)), ElementsAre("orphaned: grace"));
    }
}

TEST(CleanupModeTest, EveryModeCountsAsCleanupForItsGuard)
{
    auto const id = tenant_id(1);
    auto const company = company_id(1);
    for (auto const& change : std::initializer_list<models::Change>{
             CleanUp{id, company, "Canceled"}, Untag{id, company, {"PSA Customer"}},
             DeleteCustomer{.tenant = id, .company = company}})
        EXPECT_EQ(guarded_kind_of(change), GuardedKind::Cleanup) << name_of(change);
}

// An undo that takes customers away is as dangerous as a clean-up.
TEST(GuardedKindTest, OfAnUndoIsThatOfWhatItDoesToTheCompany)
{
    models::Restore const nothing{.tenant = tenant_id(1), .company = company_id(1)};
    auto const kind = [&](auto const& change) {
        auto restore = nothing;
        change(restore);
        return guarded_kind_of(restore);
    };
    EXPECT_EQ(kind([](auto& restore) { restore.was_inactive = true; }), GuardedKind::Cleanup);
    EXPECT_EQ(kind([](auto& restore) { restore.was_inactive = false; }), GuardedKind::Change);
    EXPECT_EQ(kind([](auto& restore) { restore.has_made_company = true; }), GuardedKind::Cleanup);
    EXPECT_EQ(kind([](auto& restore) { restore.has_removed_company = true; }), GuardedKind::Create);
    EXPECT_EQ(kind([](auto&) {}), GuardedKind::Change);
}

}  // namespace
}  // namespace tracking::reconcile
