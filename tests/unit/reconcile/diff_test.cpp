#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using namespace std::chrono_literals;
using models::AdoptCompany;
using models::Reactivate;
using models::RenameCompany;
using models::RepairTag;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(DiffTest, EqualSidesGiveAnEmptyPlan)
{
    auto const plan =
        builders::plan({{tenant(1), tenant(2).on("algadesk")},
                        {customer(1, tenant(1)), customer(2, tenant(2).on("algadesk"))}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_THAT(plan.remarks, IsEmpty());
    EXPECT_FALSE(plan.has_due_changes());
}

TEST(DiffTest, NothingAtAllGivesAnEmptyPlan)
{
    EXPECT_THAT(plan({{}, {}}).drift, IsEmpty());
}

TEST(MissingTest, ATenantWithoutCustomerGetsOne)
{
    auto const plan = builders::plan({{tenant(1)}, {}});
    EXPECT_THAT(said(plan), ElementsAre("missing"));
    auto const create = create_of(tenant_id(1), plan);
    EXPECT_EQ(create.name, "Tenant 1");
    EXPECT_EQ(create.tenant_name, "Tenant 1");
    EXPECT_EQ(create.product, "psa");
    EXPECT_EQ(create.tag, "PSA Customer");
    ASSERT_TRUE(create.contact);
    EXPECT_EQ(create.contact->email, "admin-1@example.com");
    EXPECT_EQ(create.contact->full_name, "Ada Admin");
}

// The id that the job would give is another company's by now.
TEST(MissingTest, AnIdThatIsTakenMakesWayForTheNext)
{
    World const world{{tenant(1), tenant(2)}, {}};
    auto state = read(world, policy());
    state.company_ids.emplace(tenant_id(1), company_id(99));
    auto const plan = diff(std::move(state), policy());
    EXPECT_EQ(create_of(tenant_id(1), plan).company, company_id(99));
    EXPECT_EQ(create_of(tenant_id(2), plan).company,
              models::made_company_id(management(), tenant_id(2)));
}

TEST(MissingTest, TheTagIsThatOfTheProduct)
{
    EXPECT_EQ(create_of(tenant_id(1), plan({{tenant(1).on("algadesk")}, {}})).tag,
              "AlgaDesk Customer");
}

TEST(MissingTest, PlanningTwicePlansTheSameIds)
{
    World const world{{tenant(1), tenant(2)}, {}};
    EXPECT_EQ(due(plan(world)), due(plan(world)));
    EXPECT_NE(company_of(due(plan(world)).at(0)), company_of(due(plan(world)).at(1)));
}

TEST(MissingTest, TheIdsAreTheManagementTenantsOwn)
{
    World const world{{tenant(1)}, {}};
    auto elsewhere = read(world, policy());
    elsewhere.occasion.management = tenant_id(77);
    EXPECT_NE(company_of(due(plan(world)).at(0)),
              company_of(due(diff(std::move(elsewhere), policy())).at(0)));
}

TEST(MissingTest, TenantsThatAreNotLookedAfterGetNone)
{
    auto policy = builders::policy();
    policy.exclude = {tenant_id(1)};
    World const world{
        {tenant(1), tenant(2).on("other"), tenant(3).made_suspended(), tenant(4).aged(14min)}, {}};
    EXPECT_THAT(plan(world, policy).drift, IsEmpty());
}

TEST(MissingTest, ATenantWithoutCreationTimeGetsOne)
{
    EXPECT_THAT(said(plan({{tenant(1).aged(std::nullopt)}, {}})), ElementsAre("missing"));
}

TEST(MissingTest, TheManagementTenantIsNoCustomer)
{
    auto own = tenant(1);
    own.id = management();
    EXPECT_THAT(plan({{own}, {}}).drift, IsEmpty());
}

TEST(MissingTest, ABlankNameIsInvalid)
{
    auto const plan = builders::plan({{tenant(1).called(" \t")}, {}});
    EXPECT_THAT(said(plan), ElementsAre("invalid"));
    EXPECT_THAT(due(plan), IsEmpty());
}

TEST(NameTakenTest, AStrangerWithTheNameKeepsIt)
{
    auto const plan = builders::plan({{tenant(1)}, {company(9).called("Tenant 1")}});
    EXPECT_EQ(create_of(tenant_id(1), plan).name, "Tenant 1 (00000001)");
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr("name_taken"));
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr(company_id(9).str()));
    EXPECT_THAT(plan.drift.at(0).candidates, ElementsAre(company_id(9))) << "it can be linked";
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("name_taken: 1 new customer")));
}

TEST(NameTakenTest, WhyNobodyTookTheHolderForTheTenantsIsSaid)
{
    auto holder = CompanyBuilder{company(9).called("Tenant 1").made_inactive()};
    holder.prospect = true;
    EXPECT_THAT(plan({{tenant(1)}, {holder}}).drift.at(0).detail,
                HasSubstr(", a prospect, inactive; will be called"));
}

TEST(NameTakenTest, AnotherTenantsCustomerKeepsIt)
{
    auto const first = tenant(1).called("A");
    auto const plan = builders::plan({{first, tenant(2).called("A")}, {customer(1, first)}});
    EXPECT_EQ(create_of(tenant_id(2), plan).name, "A (00000002)");
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr(company_id(1).str()));
}

TEST(NameTakenTest, EitherFormCountsAsEqualAfterwards)
{
    auto const named = tenant(1);
    EXPECT_THAT(
        plan({{named},
              {customer(1, named).called("Tenant 1 (00000001)"), company(9).called("Tenant 1")}})
            .drift,
        IsEmpty());
    EXPECT_THAT(said(plan({{named}, {customer(1, named).called("Tenant 1 (00000002)")}})),
                ElementsAre("renamed"));
}

TEST(NameTakenTest, ThePlainNameIsTakenWhereItIsFreeAgain)
{
    auto const named = tenant(1);
    auto const changes = due(plan({{named}, {customer(1, named).called("Tenant 1 (00000001)")}}));
    EXPECT_THAT(changes, ElementsAre(RenameCompany{tenant_id(1), company_id(1),
                                                   "Tenant 1 (00000001)", "Tenant 1"}));
}

TEST(RenamedTest, NamesThatAreSwappedEndInThePlainNamesInOneNight)
{
    auto const one = tenant(1).called("Beta");
    auto const two = tenant(2).called("Acme");
    World world{{one, two}, {customer(1, one).called("Acme"), customer(2, two).called("Beta")}};
    apply_to(world, plan(world), 1);
    EXPECT_EQ(world.companies.at(0).name, "Beta");
    EXPECT_EQ(world.companies.at(1).name, "Acme");
    EXPECT_THAT(plan(world).drift, IsEmpty());
}

TEST(RenamedTest, AChainOfNamesEndsInThePlainNamesInOneNight)
{
    auto const one = tenant(1).called("Beta");
    auto const two = tenant(2).called("Gamma");
    World world{{one, two, tenant(3).called("Acme")},
                {customer(1, one).called("Acme"), customer(2, two).called("Beta")}};
    apply_to(world, plan(world), 1);
    EXPECT_EQ(world.companies.at(0).name, "Beta");
    EXPECT_EQ(world.companies.at(1).name, "Gamma");
    EXPECT_EQ(world.companies.at(2).name, "Acme") << "of the tenant that came";
}

TEST(RenamedTest, AWaivedRenameGivesNothingAway)
{
    auto const one = tenant(1).called("Beta");
    auto const two = tenant(2).called("Acme");
    World world{{one, two}, {customer(1, one).called("Acme"), customer(2, two).called("Beta")}};
    auto policy = builders::policy();
    policy.waivers = {waiver(tenant_id(1).str(), DriftKind::Renamed)};
    apply_to(world, plan(world, policy), 1);
    EXPECT_EQ(world.companies.at(0).name, "Acme");
    EXPECT_EQ(world.companies.at(1).name, "Acme (00000002)");
    EXPECT_THAT(said(plan(world, policy)), ElementsAre("renamed: waived"));
}

TEST(RenamedTest, ANameThatIsHeldBackIsNotTaken)
{
    auto const one = tenant(1).called("Beta");
    auto policy = builders::policy();
    policy.handling[DriftKind::Renamed] = Handling::Report;
    World const world{{one, tenant(2).called("Acme")}, {customer(1, one).called("Acme")}};
    EXPECT_EQ(create_of(tenant_id(2), plan(world, policy)).name, "Acme (00000002)");
}

TEST(NameTakenTest, OfTwoNewNamesakesTheFirstGetsTheName)
{
    auto const plan = builders::plan({{tenant(2).called("A"), tenant(1).called("A")}, {}});
    EXPECT_EQ(create_of(tenant_id(1), plan).name, "A");
    EXPECT_EQ(create_of(tenant_id(2), plan).name, "A (00000002)");
    EXPECT_THAT(plan.drift.at(1).detail, HasSubstr("planned for tenant " + tenant_id(1).str()));
}

TEST(NameTakenTest, WhereBothFormsAreTakenNothingIsCreated)
{
    auto const plan = builders::plan(
        {{tenant(1)}, {company(8).called("Tenant 1"), company(9).called("Tenant 1 (00000001)")}});
    EXPECT_THAT(said(plan), ElementsAre("invalid"));
    EXPECT_THAT(plan.drift.at(0).detail, HasSubstr(company_id(9).str()));
}

TEST(NameTakenTest, AReportedRenameTakesNoName)
{
    auto policy = builders::policy();
    policy.handling = {{DriftKind::Renamed, Handling::Report}};
    auto const first = tenant(1).called("A");
    World const world{{first, tenant(2).called("A")}, {customer(1, first).called("Old")}};
    EXPECT_EQ(create_of(tenant_id(2), plan(world, policy)).name, "A");
    EXPECT_EQ(create_of(tenant_id(2), plan(world)).name, "A (00000002)");
}

TEST(UnstampedTest, ACompanyFoundByNameIsAdoptedAsItWasSeen)
{
    auto const plan = builders::plan({{tenant(1)}, {legacy(1, tenant(1))}});
    EXPECT_THAT(due(plan),
                ElementsAre(AdoptCompany{tenant_id(1), company_id(1), "Tenant 1", "Tenant 1"}));
    EXPECT_EQ(plan.drift.at(0).detail, "recognised by its name; the link reads \"Tenant 1\"");
}

TEST(UnstampedTest, ACompanyFoundByAddressIsAdopted)
{
    auto const plan = builders::plan(
        {{tenant(1)}, {company(1).called("Old").tagged().contact("admin-1@example.com")}});
    EXPECT_THAT(said(plan), ElementsAre("unstamped", "renamed"));
    EXPECT_EQ(plan.drift.at(0).detail, "recognised by its admin's e-mail; the link reads nothing");
}

TEST(UnstampedTest, AHalfMadeCompanyIsAdoptedAndCompleted)
{
    auto const plan =
        builders::plan({{tenant(1)}, {company(1).called("Tenant 1").link_says("Tenant 1")}});
    EXPECT_THAT(said(plan), ElementsAre("unstamped", "untagged", "contact_missing"));
}

TEST(UnstampedTest, PropertiesThatCannotCarryALinkAreInvalidAndNothingIsMadeTwice)
{
    auto const odd = company(1).called("Tenant 1").tagged().with_odd_properties();
    auto const plan = builders::plan({{tenant(1)}, {odd}});
    EXPECT_THAT(said(plan), ElementsAre("invalid"));
    EXPECT_EQ(plan.drift.at(0).company, company_id(1));
    EXPECT_THAT(due(plan), IsEmpty());
}

TEST(UnstampedTest, TenantsThatAreNotLookedAfterAdoptNothing)
{
    auto const plan = builders::plan({{tenant(1).made_suspended(), tenant(2).aged(1min)},
                                      {legacy(1, tenant(1)), legacy(2, tenant(2))}});
    EXPECT_THAT(plan.drift, IsEmpty());
}

TEST(UnstampedTest, TheOneOfTwoNamesakesWithoutCompanyGetsANewOne)
{
    auto const first = tenant(1).called("A");
    auto const second = tenant(2).called("A");
    auto const plan = builders::plan({{first, second}, {legacy(1, second)}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "unstamped"));
    EXPECT_EQ(create_of(tenant_id(1), plan).name, "A (00000001)");
}

TEST(UntaggedTest, TheTagIsPutBack)
{
    EXPECT_THAT(due(plan({{tenant(1)}, {customer(1, tenant(1)).untagged()}})),
                ElementsAre(RepairTag{tenant_id(1), company_id(1), "PSA Customer"}));
}

TEST(UntaggedTest, AfterAnUpgradeTheFormerProductsTagStaysAndIsRemarkedOn)
{
    auto const upgraded = customer(1, tenant(1)).untagged().tagged("AlgaDesk Customer");
    auto const plan = builders::plan({{tenant(1)}, {upgraded}});
    EXPECT_THAT(due(plan), ElementsAre(RepairTag{tenant_id(1), company_id(1), "PSA Customer"}));
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("\"AlgaDesk Customer\" of another product")));
}

TEST(UntaggedTest, TwoTagsAreARemarkAndNoDrift)
{
    auto const plan =
        builders::plan({{tenant(1)}, {customer(1, tenant(1)).tagged("AlgaDesk Customer")}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_THAT(plan.remarks, SizeIs(1));
}

TEST(RenamedTest, TheCompanyGetsTheTenantsName)
{
    EXPECT_THAT(due(plan({{tenant(1)}, {customer(1, tenant(1)).called("Old")}})),
                ElementsAre(RenameCompany{tenant_id(1), company_id(1), "Old", "Tenant 1"}));
}

TEST(RenamedTest, WhereTheNameIsTakenItGetsTheDistinctOne)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).called("Old"), company(9).called("Tenant 1")}};
    EXPECT_THAT(due(plan(world)), ElementsAre(RenameCompany{tenant_id(1), company_id(1), "Old",
                                                            "Tenant 1 (00000001)"}));
}

TEST(RenamedTest, WhereBothNamesAreTakenItIsOnlySaid)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).called("Old"), company(8).called("Tenant 1"),
                       company(9).called("Tenant 1 (00000001)")}};
    EXPECT_THAT(said(plan(world)), ElementsAre("renamed"));
    EXPECT_FALSE(plan(world).has_due_changes());
    EXPECT_THAT(plan(world).drift.at(0).detail, HasSubstr("is taken too, by company \"Tenant 1 ("));
}

TEST(RenamedTest, OfTwoThatWantOneNameTheFirstGetsIt)
{
    auto const one = tenant(1).called("A");
    auto const two = tenant(2).called("A");
    auto const changes =
        due(plan({{one, two}, {customer(1, one).called("X"), customer(2, two).called("Y")}}));
    EXPECT_THAT(changes,
                ElementsAre(RenameCompany{tenant_id(1), company_id(1), "X", "A"},
                            RenameCompany{tenant_id(2), company_id(2), "Y", "A (00000002)"}));
}

TEST(RenamedTest, ABlankTenantNameIsInvalid)
{
    EXPECT_THAT(said(plan({{tenant(1).called("")}, {customer(1, tenant(1))}})),
                ElementsAre("invalid"));
}

TEST(InactiveTest, ALiveTenantsCompanyIsReactivatedWithItsAdmin)
{
    EXPECT_THAT(due(plan({{tenant(1)}, {customer(1, tenant(1)).made_inactive()}})),
                ElementsAre(Reactivate{tenant_id(1), company_id(1), ""}));
}

TEST(InactiveTest, ASuspendedTenantsCompanyIsLeftAsItIs)
{
    EXPECT_THAT(plan({{tenant(1).made_suspended()},
                      {customer(1, tenant(1)).made_inactive().untagged().called("Old")}})
                    .drift,
                IsEmpty());
}

TEST(DiffTest, DriftIsOrderedByKindThenTenantThenCompany)
{
    auto const plan = builders::plan(
        {{tenant(4), tenant(3), tenant(2), tenant(1)},
         {customer(1, tenant(2)).untagged(), legacy(2, tenant(1)).untagged(),
          customer(9, tenant(9)), customer(8, tenant(9)).called("B"), company(7).tagged()}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "missing", "unstamped", "untagged", "untagged",
                                        "orphaned", "orphaned", "unlinked"));
    EXPECT_EQ(plan.drift.at(0).tenant, tenant_id(3));
    EXPECT_EQ(plan.drift.at(3).tenant, tenant_id(1));
    EXPECT_EQ(plan.drift.at(5).company, company_id(8));
}

TEST(DiffTest, OddNamesAreShownOnOneLineAndWrittenAsTheyAre)
{
    std::string const odd = "Robert\"; \n\\ \u202Eevil";
    auto const plan = builders::plan({{tenant(1).called(odd)}, {company(9).called(odd)}});
    EXPECT_EQ(create_of(tenant_id(1), plan).name, odd + " (00000001)");
    EXPECT_EQ(plan.drift.at(0).detail.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace tracking::reconcile
