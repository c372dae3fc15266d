#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::CleanUp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<models::TenantId> tenants_of(Drift const& drift)
{
    std::vector<models::TenantId> ids;
    for (auto const& [id, name] : group_of(drift)->tenants)
        ids.push_back(id);
    return ids;
}

std::vector<models::CompanyId> companies_of(Drift const& drift)
{
    std::vector<models::CompanyId> ids;
    for (auto const& [id, name] : group_of(drift)->companies)
        ids.push_back(id);
    return ids;
}

TEST(OrphanedTest, TheCustomerOfAGoneTenantIsCleanedUp)
{
    auto const plan =
        builders::plan({{tenant(2)}, {customer(2, tenant(2)), customer(1, tenant(1))}});
    EXPECT_THAT(due(plan), ElementsAre(CleanUp{tenant_id(1), company_id(1), "Canceled"}));
}

TEST(OrphanedTest, TheSettledFinalStateIsNoDrift)
{
    auto const plan = builders::plan({{}, {customer(1, tenant(1)).made_inactive()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.settled, 1U);
}

TEST(OrphanedTest, IsNeverANameMatchForAnotherTenant)
{
    auto const plan = builders::plan({{tenant(2).called("Tenant 1")}, {customer(1, tenant(1))}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "orphaned"));
}

TEST(OrphanedTest, ACompanyLinkedToTheManagementTenantIsUnlinkedInstead)
{
    auto const plan = builders::plan({{}, {company(1).linked(management())}});
    EXPECT_THAT(said(plan), ElementsAre("unlinked"));
    EXPECT_EQ(plan.drift.at(0).detail, "is linked to the management tenant itself");
}

TEST(DuplicateTest, TheSecondCustomerOfATenantIsReportedAndAllAreLeftAlone)
{
    auto const plan = builders::plan({{tenant(1)},
                                      {customer(2, tenant(1)).called("B"),
                                       customer(1, tenant(1)).untagged().without_contacts()}});
    EXPECT_THAT(said(plan), ElementsAre("duplicate"));
    EXPECT_EQ(plan.drift.at(0).company, company_id(2));
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr(company_id(1).str()));
    EXPECT_THAT(due(plan), IsEmpty());
}

TEST(DuplicateTest, ThreeCompaniesAreTwoDuplicates)
{
    auto const plan = builders::plan({{tenant(1)},
                                      {customer(3, tenant(1)).called("C"), customer(1, tenant(1)),
                                       customer(2, tenant(1)).called("B")}});
    EXPECT_THAT(said(plan), ElementsAre("duplicate", "duplicate"));
}

TEST(DuplicateTest, IsDecidedByAPersonWhoSaysIgnoreOfOne)
{
    auto const kept = customer(1, tenant(1)).untagged();
    auto const other = customer(2, tenant(1)).called("B").says_ignore();
    EXPECT_THAT(said(plan({{tenant(1)}, {kept, other}})), ElementsAre("untagged"));
    EXPECT_THAT(plan({{tenant(1)}, {customer(1, tenant(1)).says_ignore(), other}}).drift,
                IsEmpty());
}

TEST(DuplicateTest, OfATenantThatIsNotLookedAfterIsNotSaid)
{
    EXPECT_THAT(plan({{tenant(1).made_suspended()},
                      {customer(1, tenant(1)), customer(2, tenant(1)).called("B")}})
                    .drift,
                IsEmpty());
}

TEST(AmbiguousTest, IsNeitherAdoptedNorCreated)
{
    auto const plan = builders::plan(
        {{tenant(1)}, {company(1).link_says("Tenant 1"), company(2).called("Tenant 1").tagged()}});
    EXPECT_THAT(said(plan), ElementsAre("ambiguous"));
    EXPECT_THAT(companies_of(plan.drift.at(0)), ElementsAre(company_id(1), company_id(2)));
    EXPECT_EQ(plan.drift.at(0).detail, "matches 2 companies by name, but not uniquely");
    EXPECT_THAT(due(plan), IsEmpty());
}

TEST(AmbiguousTest, ACompanyThatPointsToTwoTenantsIsLeftForAPerson)
{
    auto const plan = builders::plan(
        {{tenant(1), tenant(2)}, {company(1).called("Tenant 1").link_says("Tenant 2").tagged()}});
    auto const& drift = only(DriftKind::Ambiguous, plan);
    EXPECT_THAT(tenants_of(drift), ElementsAre(tenant_id(1), tenant_id(2)));
    EXPECT_THAT(companies_of(drift), ElementsAre(company_id(1)));
    EXPECT_EQ(drift.detail, "2 tenants match one company by name, but not uniquely");
}

TEST(AmbiguousTest, IsNotSaidOfATenantThatIsNotLookedAfter)
{
    auto const gone = tenant(1).called("A").made_suspended();
    auto const live = tenant(2).called("A");
    auto const plan = builders::plan({{gone, live}, {legacy(1, live).without_contacts()}});
    EXPECT_EQ(only(DriftKind::Ambiguous, plan).tenant, tenant_id(2));
}

TEST(UnlinkedTest, ATaggedCompanyThatMatchesNobodyIsReported)
{
    auto const plan = builders::plan({{}, {company(1).tagged(), company(2).link_says("Gone")}});
    EXPECT_THAT(said(plan), ElementsAre("unlinked", "unlinked"));
    EXPECT_EQ(plan.drift.at(0).detail,
              "carries a customer tag, but matches no tenant without a customer");
    EXPECT_EQ(plan.drift.at(1).detail, "the link \"Gone\" names no tenant without a customer");
}

TEST(UnlinkedTest, AnInactiveOneIsSettled)
{
    auto const plan = builders::plan({{}, {company(1).tagged().made_inactive()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.settled, 1U);
}

TEST(IgnoreTest, ALinkedCompanyThatSaysSoIsLeftAlone)
{
    auto const plan = builders::plan(
        {{tenant(1)},
         {customer(1, tenant(1)).untagged().called("B").made_inactive().says_ignore()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.ignored, 1U);
    ASSERT_THAT(plan.left_alone, SizeIs(1)) << "said, and counted";
    EXPECT_EQ(plan.left_alone.front().tenant, tenant_id(1));
    EXPECT_EQ(plan.counts.left_alone, 1U);
    EXPECT_EQ(plan.counts.whole, 0U);
}

TEST(IgnoreTest, ATenantOfWhichAllCompaniesSaySoIsLeftAloneAndNamed)
{
    auto const plan = builders::plan(
        {{tenant(1)},
         {customer(1, tenant(1)).says_ignore(), customer(2, tenant(1)).called("B").says_ignore()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.left_alone, 1U);
}

TEST(IgnoreTest, ANamesakeThatSaysSoIsNobodysCandidateAndKeepsItsName)
{
    auto const plan = builders::plan({{tenant(1)}, {legacy(1, tenant(1)).says_ignore()}});
    auto const& missing = only(DriftKind::Missing, plan);
    EXPECT_THAT(missing.detail, HasSubstr("name_taken"));
    EXPECT_EQ(create_of(tenant_id(1), plan).name, "Tenant 1 (00000001)");
    EXPECT_EQ(plan.counts.ignored, 1U);
}

TEST(IgnoreTest, WhereTheSecondChoiceOfANameIsTakenTooTheTenantIsInvalid)
{
    auto const plan = builders::plan(
        {{tenant(1)},
         {legacy(1, tenant(1)).says_ignore(), company(2).called("Tenant 1 (00000001)")}});
    EXPECT_THAT(only(DriftKind::Invalid, plan).detail, HasSubstr("is taken too"));
}

TEST(IgnoreTest, TwoTenantsOfANameAreNotAmbiguousForACompanyThatSaysSo)
{
    auto const plan =
        builders::plan({{tenant(1).called("Acme"), tenant(2).called("Acme")},
                        {company(1).called("Other").link_says("Acme").says_ignore()}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "missing"));
}

TEST(SpellingTest, ALinkInAnotherSpellingIsTheTenantsAndIsStampedAgain)
{
    auto const plan = builders::plan(
        {{tenant(1)}, {customer(1, tenant(1)).links_as("{00000001-0000-0000-0000-00000000007E}")}});
    auto const& drift = only(DriftKind::Unstamped, plan);
    EXPECT_THAT(said(plan), ElementsAre("unstamped"));
    EXPECT_THAT(drift.detail, HasSubstr("another spelling"));
    EXPECT_EQ(models::as<models::AdoptCompany>(*drift.change)->link_text,
              "{00000001-0000-0000-0000-00000000007E}");
}

TEST(SpellingTest, WhatElseDiffersDoesNotWaitForTheStamp)
{
    auto policy = builders::policy();
    policy.handling[DriftKind::Unstamped] = Handling::Report;
    auto const plan = builders::plan(
        {{tenant(1)},
         {customer(1, tenant(1)).links_as("0000000100000000000000000000007E").untagged()}},
        policy);
    EXPECT_THAT(said(plan), ElementsAre("unstamped: report", "untagged"));
}

TEST(SpellingTest, TwoSpellingsOfOneLinkAreDuplicates)
{
    auto const plan = builders::plan(
        {{tenant(1)},
         {customer(1, tenant(1)),
          customer(2, tenant(1)).called("B").links_as("0000000100000000000000000000007E")}});
    EXPECT_THAT(said(plan), ElementsAre("duplicate"));
}

TEST(IllegibleLinkTest, ATenantThatItMentionsGetsNoCompanyBesideIt)
{
    auto const list = "[\"" + tenant_id(1).str() + "\", \"" + tenant_id(2).str() + "\"]";
    auto const plan = builders::plan(
        {{tenant(1), tenant(2), tenant(3)}, {company(1).called("Merged").link_holds(list)}});
    auto const& one = only(DriftKind::Invalid, plan);
    EXPECT_EQ(one.company, company_id(1));
    EXPECT_FALSE(one.change);
    EXPECT_THAT(one.detail, HasSubstr("neither one id nor a name"));
    EXPECT_THAT(tenants_of(one), ElementsAre(tenant_id(1), tenant_id(2)));
    EXPECT_THAT(companies_of(one), ElementsAre(company_id(1))) << "a person can link it";
    EXPECT_EQ(plan.counts.differing, 3U);
    EXPECT_EQ(create_of(tenant_id(3), plan).tenant, tenant_id(3));
}

TEST(IllegibleLinkTest, ACompanyWithTheTenantsNameIsNotOverwritten)
{
    auto const plan =
        builders::plan({{tenant(1)}, {company(1).called("Tenant 1").link_holds("42")}});
    EXPECT_THAT(said(plan), ElementsAre("invalid"));
}

TEST(IllegibleLinkTest, ANumberIsNoName)
{
    auto const plan =
        builders::plan({{tenant(1).called("42")}, {company(1).called("B").link_holds("42")}});
    EXPECT_THAT(said(plan), ElementsAre("invalid"));
}

TEST(IllegibleLinkTest, OneThatMentionsNobodyIsToldOnce)
{
    auto const plan = builders::plan({{tenant(1).made_suspended()},
                                      {company(1).called("B").link_holds("true"),
                                       company(2).called("Tenant 1").link_holds("7")}});
    EXPECT_THAT(said(plan), ElementsAre("invalid", "invalid"));
    EXPECT_EQ(plan.drift.at(0).tenant, std::nullopt);
}

TEST(IgnoreTest, AnOrphanOrALooseCompanyThatSaysSoIsNotMentioned)
{
    auto const plan = builders::plan(
        {{}, {company(1).linked(tenant_id(1)).says_ignore(), company(2).tagged().says_ignore()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.ignored, 2U);
}

}  // namespace
}  // namespace tracking::reconcile
