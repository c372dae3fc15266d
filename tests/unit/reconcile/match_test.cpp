#include "reconcile/match/match.hpp"

#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::ElementsAre;
using testing::IsEmpty;

std::string name_of(Tier tier)
{
    constexpr std::array kNames{"uuid", "made", "name", "email", "look"};
    return kNames.at(static_cast<std::size_t>(tier));
}

/// One word a finding: "T1=C2 name", "T1?C1,C2 name", "T1 unmatched", "C1 unlinked".
std::vector<std::string> matched(World const& world)
{
    auto const number = [](auto const& id) {
        return std::stoi(id.str().substr(0, 8), nullptr, 16);
    };
    auto const t = [&](auto const* one) { return "T" + std::to_string(number(one->id)); };
    auto const c = [&](auto const* one) { return "C" + std::to_string(number(one->id)); };
    auto const state = read(world, policy());
    auto const result = match(state);
    std::vector<std::string> found;
    for (auto const& one : result.adoptions)
        found.push_back(t(one.tenant) + "=" + c(one.company) + " " + name_of(one.tier));
    for (auto const& one : result.ambiguities) {
        std::string word;
        for (auto const* tenant : one.tenants)
            word += (tenant == one.tenants.front() ? "" : ",") + t(tenant);
        for (auto const* company : one.companies)
            word += (company == one.companies.front() ? "?" : ",") + c(company);
        found.push_back(word + " " + name_of(*one.tiers.begin()));
    }
    for (auto const* one : result.unmatched)
        found.push_back(t(one) + " unmatched");
    for (auto const* one : result.unlinked)
        found.push_back(c(one) + " unlinked");
    return found;
}

TEST(MatchTest, ALinkTextThatIsTheTenantsNameIsRecognised)
{
    EXPECT_THAT(matched({{tenant(1)}, {company(1).link_says("Tenant 1")}}),
                ElementsAre("T1=C1 name"));
}

TEST(MatchTest, ATaggedCompanyWithTheTenantsNameIsRecognised)
{
    EXPECT_THAT(matched({{tenant(1)}, {company(1).called("Tenant 1").tagged()}}),
                ElementsAre("T1=C1 name"));
}

TEST(MatchTest, AContactWithTheAdminsAddressIsRecognised)
{
    EXPECT_THAT(matched({{tenant(1)}, {company(1).tagged().contact("admin-1@example.com")}}),
                ElementsAre("T1=C1 email"));
}

TEST(MatchTest, AddressesCompareWithoutCase)
{
    EXPECT_THAT(matched({{tenant(1).admin_at(" Ada@EXAMPLE.com")},
                         {company(1).tagged().contact("ada@example.com")}}),
                ElementsAre("T1=C1 email"));
}

TEST(MatchTest, TheTenantsOwnAddressServesWhereThereIsNoAdmin)
{
    EXPECT_THAT(matched({{tenant(1).without_admin()},
                         {company(1).tagged().contact("first-admin-1@example.com")}}),
                ElementsAre("T1=C1 email"));
}

TEST(MatchTest, TheNameComesBeforeTheAddress)
{
    EXPECT_THAT(
        matched({{tenant(1), tenant(2).admin_at("admin-1@example.com")}, {legacy(1, tenant(1))}}),
        ElementsAre("T1=C1 name", "T2 unmatched"));
}

TEST(MatchTest, ACompanyWithAnotherTenantsUuidIsNobodysCandidate)
{
    EXPECT_THAT(matched({{tenant(1)}, {customer(1, tenant(1)).linked(tenant_id(9))}}),
                ElementsAre("T1 unmatched"));
}

TEST(MatchTest, ALinkedTenantLooksForNoOtherCompany)
{
    EXPECT_THAT(matched({{tenant(1)}, {customer(1, tenant(1)).called("B"), legacy(2, tenant(1))}}),
                ElementsAre("C2 unlinked"));
}

TEST(MatchTest, TwoCompaniesForATenantAreAmbiguous)
{
    EXPECT_THAT(
        matched({{tenant(1)},
                 {company(1).link_says("Tenant 1"), company(2).called("Tenant 1").tagged()}}),
        ElementsAre("T1?C1,C2 name"));
}

TEST(MatchTest, ACompanyWhoseLinkAndNamePointToTwoTenantsIsOneGroup)
{
    EXPECT_THAT(
        matched({{tenant(1), tenant(2)}, {company(1).called("Tenant 1").link_says("Tenant 2")}}),
        ElementsAre("T1,T2?C1 name"));
}

TEST(MatchTest, AnAddressThatTwoTenantsShareIsOneGroup)
{
    EXPECT_THAT(matched({{tenant(1).admin_at("a@x.example"), tenant(2).admin_at("a@x.example")},
                         {company(1).tagged().contact("a@x.example")}}),
                ElementsAre("T1,T2?C1 email"));
}

TEST(MatchTest, TwoCompaniesWithTheAdminAreAmbiguous)
{
    EXPECT_THAT(matched({{tenant(1)},
                         {company(1).tagged().contact("admin-1@example.com"),
                          company(2).tagged().contact("admin-1@example.com")}}),
                ElementsAre("T1?C1,C2 email"));
}

TEST(MatchTest, AnAddressMatchToACompanyContestedByNameJoinsItsGroup)
{
    EXPECT_THAT(matched({{tenant(1), tenant(2)},
                         {legacy(1, tenant(1)).without_contacts().contact("admin-2@example.com"),
                          company(2).link_says("Tenant 1")}}),
                ElementsAre("T1,T2?C1,C2 name"));
}

TEST(MatchTest, TwoWaysToOneCompanyAreOneCandidate)
{
    EXPECT_THAT(matched({{tenant(1)}, {legacy(1, tenant(1))}}), ElementsAre("T1=C1 name"));
}

CompanyBuilder made_for(models::Tenant const& tenant, std::string name)
{
    auto one = company(500).called(std::move(name));
    one.id = models::made_company_id(management(), tenant.id);
    return one;
}

std::vector<std::string> tiers_of_adoptions(World const& world)
{
    auto const state = read(world, policy());
    std::vector<std::string> tiers;
    for (auto const& one : match(state).adoptions)
        tiers.push_back(one.company->name + " " + name_of(one.tier));
    return tiers;
}

TEST(MadeTest, ACompanyWithTheIdThatIsMadeForTheTenantIsItsCustomer)
{
    auto const one = tenant(1);
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Renamed")}}),
                ElementsAre("Renamed made"));
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Tagged").tagged()}}),
                ElementsAre("Tagged made"));
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Named").link_says("Tenant 1")}}),
                ElementsAre("Named made"));
}

TEST(MadeTest, TheIdComesBeforeTheName)
{
    auto const one = tenant(1);
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Old"), legacy(2, one)}}),
                ElementsAre("Old made"));
}

TEST(MadeTest, ALinkThatSaysOtherwiseMakesItDoubtful)
{
    auto const one = tenant(1);
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Old").link_says("Tenant 2")}}),
                IsEmpty());
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Old").linked(tenant_id(9))}}),
                IsEmpty());
    EXPECT_THAT(tiers_of_adoptions({{one}, {made_for(one, "Old").says_ignore()}}), IsEmpty());
}

TEST(LookTest, ANameThatOnlyLooksTheSameIsNeitherAdoptedNorIgnored)
{
    for (std::string const name : {"Acme ", "ACME", "Ac\u200Bme", "\uFF21cme", " acme"}) {
        auto const one = tenant(1).called("Acme");
        EXPECT_THAT(matched({{one}, {company(1).called(name).tagged()}}),
                    ElementsAre("T1?C1 look"));
        EXPECT_THAT(matched({{one}, {company(1).called(name)}}), ElementsAre("T1?C1 look"));
        EXPECT_THAT(matched({{one}, {company(1).link_says(name)}}), ElementsAre("T1?C1 look"));
        EXPECT_THAT(matched({{one}, {company(1).called(name).says_ignore()}}),
                    ElementsAre("T1 unmatched"));
        EXPECT_THAT(matched({{one}, {customer(1, tenant(2)).called(name)}}),
                    ElementsAre("T1 unmatched"))
            << "it is another tenant's";
    }
}

TEST(LookTest, AContactProvesWhatAlookDoesNot)
{
    EXPECT_THAT(matched({{tenant(1).called("Acme")},
                         {company(1).called("ACME").tagged().contact("admin-1@example.com")}}),
                ElementsAre("T1=C1 email"));
}

TEST(LookTest, AMereNamesakeOfTheVeryNameStaysNoCandidate)
{
    EXPECT_THAT(matched({{tenant(1).called("Acme")}, {company(1).called("Acme")}}),
                ElementsAre("T1 unmatched"));
}

TEST(LookTest, OneThatIsRecognisedByItsNameIsNobodysLookAlike)
{
    auto const first = tenant(1).called("Acme");
    EXPECT_THAT(matched({{first, tenant(2).called("ACME")}, {legacy(1, first)}}),
                ElementsAre("T1=C1 name", "T2 unmatched"));
}

TEST(NamesakesTest, TheOneWhoseAdminIsAContactIsIt)
{
    auto const first = tenant(1).called("A");
    auto const second = tenant(2).called("A");
    EXPECT_THAT(matched({{first, second}, {legacy(1, second)}}),
                ElementsAre("T2=C1 name", "T1 unmatched"));
}

TEST(NamesakesTest, WithoutSuchAContactNobodyCanTell)
{
    auto const first = tenant(1).called("A");
    auto const second = tenant(2).called("A");
    EXPECT_THAT(matched({{first, second}, {legacy(1, second).without_contacts()}}),
                ElementsAre("T1,T2?C1 name"));
}

TEST(NamesakesTest, WithOneAdminForBothNobodyCanTell)
{
    auto const first = tenant(1).called("A").admin_at("a@x.example");
    auto const second = tenant(2).called("A").admin_at("a@x.example");
    EXPECT_THAT(matched({{first, second}, {legacy(1, second)}}), ElementsAre("T1,T2?C1 name"));
}

TEST(NamesakesTest, OneThatIsLinkedAlreadyStillMakesTheNameDoubtful)
{
    auto const linked = tenant(1).called("A");
    auto const open = tenant(2).called("A");
    auto const theirs = customer(1, linked).called("A (00000001)");
    EXPECT_THAT(matched({{linked, open}, {theirs, legacy(2, open).without_contacts()}}),
                ElementsAre("T2?C2 name"));
    EXPECT_THAT(matched({{linked, open}, {theirs, legacy(2, open)}}), ElementsAre("T2=C2 name"));
}

TEST(NamesakesTest, OneThatIsNotLookedAfterStillMakesTheNameDoubtful)
{
    auto const gone = tenant(1).called("A").made_suspended();
    auto const open = tenant(2).called("A");
    EXPECT_THAT(matched({{gone, open}, {legacy(2, open).without_contacts()}}),
                ElementsAre("T1,T2?C2 name"));
}

TEST(NamesakesTest, EachFindsItsOwnByTheContact)
{
    auto const first = tenant(1).called("A");
    auto const second = tenant(2).called("A");
    EXPECT_THAT(matched({{first, second}, {legacy(1, first), legacy(2, second).called("A Ltd")}}),
                ElementsAre("T1=C1 name", "T2=C2 name"));
}

TEST(StrangerTest, ACompanyThatOnlyHasTheNameIsNoCandidate)
{
    EXPECT_THAT(matched({{tenant(1)}, {company(1).called("Tenant 1")}}),
                ElementsAre("T1 unmatched"));
}

TEST(StrangerTest, ACompanyWithTheNameAndTheAdminIsRecognised)
{
    EXPECT_THAT(
        matched({{tenant(1)}, {company(1).called("Tenant 1").contact("admin-1@example.com")}}),
        ElementsAre("T1=C1 name"));
}

TEST(StrangerTest, ACompanyWithTheAdminButNotTheNameIsNoCandidate)
{
    EXPECT_THAT(matched({{tenant(1)}, {company(1).contact("admin-1@example.com")}}),
                ElementsAre("T1 unmatched"));
}

TEST(StrangerTest, ALooseCompanyIsNotContestedByAMereNamesake)
{
    EXPECT_THAT(
        matched({{tenant(1)}, {company(1).called("Tenant 1"), legacy(2, tenant(1)).called("B")}}),
        ElementsAre("T1=C2 name"));
}

TEST(StrangerTest, IsNotUnlinkedWhenNobodyWantsIt)
{
    EXPECT_THAT(matched({{tenant(1).without_admin().own_address("")},
                         {company(1).called("Tenant 1"), company(2).contact("")}}),
                ElementsAre("T1 unmatched"));
}

TEST(MatchTest, ABlankNameMatchesNoEmptyLink)
{
    EXPECT_THAT(matched({{tenant(1).called("").without_admin().own_address("")},
                         {company(1).link_says("").tagged()}}),
                ElementsAre("T1 unmatched", "C1 unlinked"));
}

TEST(MatchTest, AContactWithoutAddressMatchesNoTenantWithoutAddress)
{
    EXPECT_THAT(
        matched({{tenant(1).admin_at("").own_address("")}, {company(1).tagged().contact("")}}),
        ElementsAre("T1 unmatched", "C1 unlinked"));
}

TEST(MatchTest, TwoNamesAreTwoGroups)
{
    EXPECT_THAT(matched({{tenant(1).called("A"), tenant(2).called("B")},
                         {company(1).link_says("B"), company(2).link_says("A"),
                          company(3).link_says("B"), company(4).link_says("A")}}),
                ElementsAre("T1?C2,C4 name", "T2?C1,C3 name"));
}

TEST(MatchTest, ACompanyWithTheContactOfOneOfManyNamesakesIsThatOnes)
{
    World world;
    for (unsigned i = 1; i <= 5; ++i)
        world.tenants.push_back(tenant(i).called("A"));
    world.companies = {company(1).link_says("A").contact("admin-3@example.com"),
                       company(2).link_says("A")};
    EXPECT_THAT(matched(world), ElementsAre("T1,T2,T3,T4,T5?C1,C2 name"));
    world.companies.pop_back();
    EXPECT_THAT(matched(world), ElementsAre("T3=C1 name", "T1 unmatched", "T2 unmatched",
                                            "T4 unmatched", "T5 unmatched"));
}

TEST(MatchTest, TheOrderOfLooseCompaniesDoesNotMatter)
{
    World world{
        {tenant(1), tenant(2), tenant(3)},
        {company(3).link_says("Tenant 1"), company(1).link_says("Tenant 1"),
         company(2).called("Tenant 1").tagged(), legacy(4, tenant(2)), company(5).tagged()}};
    auto const before = matched(world);
    std::ranges::reverse(world.companies);
    EXPECT_EQ(matched(world), before);
    EXPECT_EQ(before[1], "T1?C1,C2,C3 name");
}

}  // namespace
}  // namespace tracking::reconcile
