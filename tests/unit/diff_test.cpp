#include "tests/support/reconcile_builders.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using namespace std::chrono_literals;
using models::AdoptCompany;
using models::CleanUp;
using models::CreateCustomer;
using models::Reactivate;
using models::RenameCompany;
using models::RepairContact;
using models::RepairTag;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

CreateCustomer create_of(models::TenantId tenant, Plan const& plan)
{
    for (auto const& drift : plan.drift) {
        if (drift.tenant == tenant && drift.change && drift.kind == DriftKind::Missing)
            return std::get<CreateCustomer>(*drift.change);
    }
    throw std::logic_error{"no create for tenant " + tenant.str()};
}

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

// missing

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

TEST(MissingTest, TheTagIsThatOfTheProduct)
{
    EXPECT_EQ(create_of(tenant_id(1), plan({{tenant(1).on("algadesk")}, {}})).tag,
              "AlgaDesk Customer");
}

TEST(MissingTest, PlanningTwicePlansTheSameIds)
{
    World const world{{tenant(1), tenant(2)}, {}};
    EXPECT_EQ(due(plan(world)), due(plan(world)));
    EXPECT_NE(company_of(due(plan(world))[0]), company_of(due(plan(world))[1]));
}

TEST(MissingTest, TheIdsAreTheManagementTenantsOwn)
{
    auto elsewhere = policy();
    elsewhere.management = tenant_id(77);
    World const world{{tenant(1)}, {}};
    EXPECT_NE(company_of(due(plan(world))[0]), company_of(due(plan(world, elsewhere))[0]));
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

// names

TEST(NameTakenTest, AStrangerWithTheNameKeepsIt)
{
    auto const plan = builders::plan({{tenant(1)}, {company(9).called("Tenant 1")}});
    EXPECT_EQ(create_of(tenant_id(1), plan).name, "Tenant 1 (00000001)");
    EXPECT_THAT(plan.drift[0].detail, HasSubstr("name_taken"));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr(company_id(9).str()));
}

TEST(NameTakenTest, AnotherTenantsCustomerKeepsIt)
{
    auto const first = tenant(1).called("A");
    auto const plan = builders::plan({{first, tenant(2).called("A")}, {customer(1, first)}});
    EXPECT_EQ(create_of(tenant_id(2), plan).name, "A (00000002)");
    EXPECT_THAT(plan.drift[0].detail, HasSubstr(company_id(1).str()));
}

TEST(NameTakenTest, EitherFormCountsAsEqualAfterwards)
{
    auto const named = tenant(1);
    EXPECT_THAT(plan({{named}, {customer(1, named).called("Tenant 1 (00000001)")}}).drift,
                IsEmpty());
    EXPECT_THAT(said(plan({{named}, {customer(1, named).called("Tenant 1 (00000002)")}})),
                ElementsAre("renamed"));
}

TEST(NameTakenTest, OfTwoNewNamesakesTheFirstGetsTheName)
{
    auto const plan = builders::plan({{tenant(2).called("A"), tenant(1).called("A")}, {}});
    EXPECT_EQ(create_of(tenant_id(1), plan).name, "A");
    EXPECT_EQ(create_of(tenant_id(2), plan).name, "A (00000002)");
    EXPECT_THAT(plan.drift[1].detail, HasSubstr("planned for tenant " + tenant_id(1).str()));
}

TEST(NameTakenTest, WhereBothFormsAreTakenNothingIsCreated)
{
    auto const plan = builders::plan(
        {{tenant(1)}, {company(8).called("Tenant 1"), company(9).called("Tenant 1 (00000001)")}});
    EXPECT_THAT(said(plan), ElementsAre("invalid"));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr(company_id(9).str()));
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

// unstamped

TEST(UnstampedTest, ACompanyFoundByNameIsAdoptedAsItWasSeen)
{
    auto const plan = builders::plan({{tenant(1)}, {legacy(1, tenant(1))}});
    EXPECT_THAT(due(plan),
                ElementsAre(AdoptCompany{tenant_id(1), company_id(1), "Tenant 1", "Tenant 1"}));
    EXPECT_EQ(plan.drift[0].detail, "recognised by its name; the link reads \"Tenant 1\"");
}

TEST(UnstampedTest, ACompanyFoundByAddressIsAdopted)
{
    auto const plan = builders::plan(
        {{tenant(1)}, {company(1).called("Old").tagged().contact("admin-1@example.com")}});
    EXPECT_THAT(said(plan), ElementsAre("unstamped", "renamed"));
    EXPECT_EQ(plan.drift[0].detail, "recognised by its admin's e-mail; the link reads nothing");
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
    EXPECT_EQ(plan.drift[0].company, company_id(1));
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

// untagged

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

// contacts

TEST(ContactTest, TheAdminIsAddedToTheOthers)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).without_contacts().contact("other@example.com")}};
    auto const plan = builders::plan(world);
    ASSERT_THAT(said(plan), ElementsAre("contact_missing"));
    EXPECT_EQ(std::get<RepairContact>(due(plan)[0]).contact.email, "admin-1@example.com");
    EXPECT_EQ(plan.drift[0].detail, "the tenant's admin is not among its contacts");
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
    EXPECT_EQ(plan.drift[0].detail, "the admin's e-mail \"nobody\" is not valid");
    EXPECT_EQ(plan.drift[0].company, company_id(1));
}

TEST(ContactTest, AnAddressOfAnotherCompanyIsTaken)
{
    World const world{{tenant(1)}, {company(9).contact("admin-1@example.com")}};
    auto const plan = builders::plan(world);
    EXPECT_THAT(said(plan), ElementsAre("missing", "email_taken"));
    EXPECT_EQ(create_of(tenant_id(1), plan).contact, std::nullopt);
    EXPECT_THAT(plan.drift[1].detail, HasSubstr("\"Company 9\""));
}

TEST(ContactTest, AnAddressOfAContactWithoutCompanyIsTaken)
{
    auto const plan = builders::plan({{tenant(1)}, {}, {"admin-1@example.com"}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "email_taken"));
    EXPECT_THAT(plan.drift[1].detail, HasSubstr("of no company"));
}

TEST(ContactTest, OfTwoNewTenantsWithOneAdminTheFirstGetsTheContact)
{
    auto const plan = builders::plan(
        {{tenant(2).admin_at("a@x.example"), tenant(1).admin_at("a@x.example")}, {}});
    EXPECT_TRUE(create_of(tenant_id(1), plan).contact);
    EXPECT_FALSE(create_of(tenant_id(2), plan).contact);
    EXPECT_EQ(only(DriftKind::EmailTaken, plan).tenant, tenant_id(2));
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

TEST(ContactTest, ATakenAddressIsNoMatterForACompanyWithOtherContacts)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).without_contacts().contact("other@example.com"),
                       company(9).contact("admin-1@example.com")}};
    EXPECT_THAT(plan(world).drift, IsEmpty());
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

// renamed, inactive

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
    EXPECT_THAT(plan(world).drift[0].detail, HasSubstr("is taken too, by company \"Tenant 1 ("));
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
                ElementsAre(Reactivate{tenant_id(1), company_id(1), "admin-1@example.com"}));
}

TEST(InactiveTest, ASuspendedTenantsCompanyIsLeftAsItIs)
{
    EXPECT_THAT(plan({{tenant(1).made_suspended()},
                      {customer(1, tenant(1)).made_inactive().untagged().called("Old")}})
                    .drift,
                IsEmpty());
}

// orphaned

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
    EXPECT_EQ(plan.drift[0].detail, "is linked to the management tenant itself");
}

// anomalies

TEST(DuplicateTest, TheSecondCustomerOfATenantIsReportedAndAllAreLeftAlone)
{
    auto const plan = builders::plan({{tenant(1)},
                                      {customer(2, tenant(1)).called("B"),
                                       customer(1, tenant(1)).untagged().without_contacts()}});
    EXPECT_THAT(said(plan), ElementsAre("duplicate"));
    EXPECT_EQ(plan.drift[0].company, company_id(2));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr(company_id(1).str()));
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
    EXPECT_THAT(plan.drift[0].detail, HasSubstr(company_id(1).str()));
    EXPECT_THAT(plan.drift[0].detail, HasSubstr(company_id(2).str()));
    EXPECT_THAT(due(plan), IsEmpty());
}

TEST(AmbiguousTest, ACompanyThatPointsToTwoTenantsIsLeftForAPerson)
{
    auto const plan = builders::plan(
        {{tenant(1), tenant(2)}, {company(1).called("Tenant 1").link_says("Tenant 2").tagged()}});
    EXPECT_THAT(said(plan), ElementsAre("ambiguous", "ambiguous"));
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
    EXPECT_EQ(plan.drift[0].detail,
              "carries a customer tag, but matches no tenant without a customer");
    EXPECT_EQ(plan.drift[1].detail, "the link \"Gone\" names no tenant without a customer");
}

TEST(UnlinkedTest, AnInactiveOneIsSettled)
{
    auto const plan = builders::plan({{}, {company(1).tagged().made_inactive()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.settled, 1U);
}

// ignore

TEST(IgnoreTest, ALinkedCompanyThatSaysSoIsLeftAlone)
{
    auto const plan = builders::plan(
        {{tenant(1)},
         {customer(1, tenant(1)).untagged().called("B").made_inactive().says_ignore()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.ignored, 1U);
}

TEST(IgnoreTest, ARecognisedCompanyThatSaysSoIsNotAdoptedNorMadeAgain)
{
    auto const plan = builders::plan({{tenant(1)}, {legacy(1, tenant(1)).says_ignore()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.ignored, 1U);
}

TEST(IgnoreTest, AnOrphanOrALooseCompanyThatSaysSoIsNotMentioned)
{
    auto const plan = builders::plan(
        {{}, {company(1).linked(tenant_id(1)).says_ignore(), company(2).tagged().says_ignore()}});
    EXPECT_THAT(plan.drift, IsEmpty());
    EXPECT_EQ(plan.counts.ignored, 2U);
}

// order

TEST(DiffTest, DriftIsOrderedByKindThenTenantThenCompany)
{
    auto const plan = builders::plan(
        {{tenant(4), tenant(3), tenant(2), tenant(1)},
         {customer(1, tenant(2)).untagged(), legacy(2, tenant(1)).untagged(),
          customer(9, tenant(9)), customer(8, tenant(9)).called("B"), company(7).tagged()}});
    EXPECT_THAT(said(plan), ElementsAre("missing", "missing", "unstamped", "untagged", "untagged",
                                        "orphaned", "orphaned", "unlinked"));
    EXPECT_EQ(plan.drift[0].tenant, tenant_id(3));
    EXPECT_EQ(plan.drift[3].tenant, tenant_id(1));
    EXPECT_EQ(plan.drift[5].company, company_id(8));
}

TEST(DiffTest, OddNamesAreShownOnOneLineAndWrittenAsTheyAre)
{
    std::string const odd = "Robert\"; \n\\ \u202Eevil";
    auto const plan = builders::plan({{tenant(1).called(odd)}, {company(9).called(odd)}});
    EXPECT_EQ(create_of(tenant_id(1), plan).name, odd + " (00000001)");
    EXPECT_EQ(plan.drift[0].detail.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace tracking::reconcile
