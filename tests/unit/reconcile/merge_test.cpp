#include "tests/support/worlds/reconcile_builders.hpp"

#include "reconcile/reading/look_up.hpp"

#include <gmock/gmock.h>

namespace tracking::reconcile {
namespace {

using namespace builders;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(MergeTest, WhatIsInOrderLeavesNothingBehindButCounts)
{
    auto const state =
        read({{tenant(1), tenant(2)}, {customer(1, tenant(1)), customer(2, tenant(2))}}, policy());
    EXPECT_EQ(state.counts.tenants, 2U);
    EXPECT_EQ(state.counts.companies, 2U);
    EXPECT_EQ(state.counts.tracked, 2U);
    EXPECT_THAT(state.pairs, IsEmpty());
    EXPECT_THAT(state.open, IsEmpty());
    EXPECT_THAT(state.named, IsEmpty());
}

TEST(MergeTest, OrphansAreFoundBeforeBetweenAndAfterTheTenants)
{
    World const world{{tenant(2), tenant(4)},
                      {company(1).linked(tenant_id(1)), company(3).linked(tenant_id(3)),
                       company(5).linked(tenant_id(5)), customer(2, tenant(2))}};
    auto const state = read(world, policy());
    ASSERT_THAT(state.orphans, SizeIs(3));
    EXPECT_EQ(state.orphans.at(1).id, company_id(3));
    ASSERT_THAT(state.open, SizeIs(1));
    EXPECT_EQ(state.open.at(0).id, tenant_id(4));
}

TEST(MergeTest, EmptySidesMerge)
{
    EXPECT_THAT(read({{}, {company(1).linked(tenant_id(1))}}, policy()).orphans, SizeIs(1));
    EXPECT_THAT(read({{tenant(1)}, {}}, policy()).open, SizeIs(1));
    EXPECT_EQ(read({{}, {}}, policy()).counts.companies, 0U);
}

TEST(MergeTest, AnInactiveCompanyWithoutTenantIsSettledAndForgotten)
{
    auto const state =
        read({{tenant(2)}, {company(1).linked(tenant_id(1)).made_inactive()}}, policy());
    EXPECT_THAT(state.orphans, IsEmpty());
    EXPECT_EQ(state.counts.settled, 1U);
}

TEST(MergeTest, WhatIsReadAgainBesideAnOrphanIsCountedOnce)
{
    World world{{tenant(2)},
                {company(1).linked(tenant_id(1)).made_inactive(), company(3).linked(tenant_id(1)),
                 company(4).linked(tenant_id(1)).says_ignore(),
                 company(5).linked(tenant_id(5)).made_inactive()}};
    auto const remainder = remainder_of(read(world, policy()));
    world.companies[1].inactive = true;
    world.companies.pop_back();  // nobody asks for it again
    auto again = read(world, policy());
    complete(again, remainder);
    EXPECT_EQ(again.counts.companies, 4U);
    EXPECT_EQ(again.counts.settled, 3U);
    EXPECT_EQ(again.counts.ignored, 1U);
}

TEST(MergeTest, AnIgnoredCompanyBesideAPairThatIsReadAgainIsCountedOnce)
{
    World const world{{tenant(1)},
                      {customer(1, tenant(1)).untagged(), customer(2, tenant(1)).says_ignore()}};
    auto again = read(world, policy());
    complete(again, remainder_of(read(world, policy())));
    EXPECT_EQ(again.counts.companies, 2U);
    EXPECT_EQ(again.counts.ignored, 1U);
}

TEST(MergeTest, AnOrphanThatSaysIgnoreIsCountedAndForgotten)
{
    auto const state =
        read({{tenant(2)}, {company(1).linked(tenant_id(1)).says_ignore()}}, policy());
    EXPECT_THAT(state.orphans, IsEmpty());
    EXPECT_EQ(state.counts.ignored, 1U);
}

TEST(MergeTest, SeveralCompaniesOfOneTenantAreACrowd)
{
    auto const state =
        read({{tenant(1)}, {customer(1, tenant(1)), customer(2, tenant(1)).called("B")}}, policy());
    ASSERT_THAT(state.crowds, SizeIs(1));
    EXPECT_THAT(state.crowds.at(0).companies, SizeIs(2));
    EXPECT_THAT(state.pairs, IsEmpty());
    EXPECT_EQ(state.counts.tracked, 1U);
}

TEST(MergeTest, EachTenantIsCountedInItsScope)
{
    auto policy = builders::policy();
    policy.exclude = {tenant_id(1)};
    World const world{{tenant(1), tenant(2).on("other"), tenant(3).made_suspended(),
                       tenant(4).aged(1min), tenant(5)},
                      {}};
    auto const counts = read(world, policy).counts;
    EXPECT_EQ(counts.tenants, 5U);
    EXPECT_EQ(counts.excluded, 1U);
    EXPECT_EQ(counts.other_product, 1U);
    EXPECT_EQ(counts.suspended, 1U);
    EXPECT_EQ(counts.young, 1U);
}

TEST(MergeTest, TenantsThatAreNotLookedAfterTakeNoMemory)
{
    auto policy = builders::policy();
    policy.exclude = {tenant_id(1)};
    World const world{{tenant(1), tenant(2).on("other"), tenant(3).made_suspended()}, {}};
    EXPECT_THAT(read(world, policy).open, IsEmpty());
}

TEST(MergeTest, TenantsThatAreNotLookedAfterAreKeptWhereALooseCompanyMayBeTheirs)
{
    World const world{{tenant(1).made_suspended(), tenant(2).made_suspended()},
                      {legacy(1, tenant(1)), company(2).tagged().contact("admin-2@example.com")}};
    EXPECT_THAT(read(world, policy()).open, SizeIs(2));
}

TEST(MergeTest, BearersAreCountedForTheNamesAndLinksOfLooseCompaniesThatSeveralHave)
{
    World const world{{tenant(1).called("A"), tenant(2).called("A"), tenant(3).called("B"),
                       tenant(4).called("B"), tenant(5).called("C")},
                      {company(1).called("A").link_says("C")}};
    EXPECT_THAT(read(world, policy()).bearers, UnorderedElementsAre(std::pair{"A", 2}));
}

TEST(LookUpTest, FindsWhoHoldsWantedNamesAndAddresses)
{
    World const world{{tenant(1)},
                      {company(7).called("Tenant 1"), company(8).contact("admin-1@example.com")}};
    auto const state = read(world, policy());
    ASSERT_THAT(state.named, SizeIs(1));
    EXPECT_EQ(state.named.at(0).id, company_id(7));
    ASSERT_THAT(state.holders, SizeIs(1));
    EXPECT_EQ(state.holders.at(0).company, company_id(8));
}

TEST(LookUpTest, FindsAnotherIdWhereTheFirstOnesAreTaken)
{
    auto const id = [](std::size_t attempt) {
        return models::made_company_id(management(), tenant_id(1), attempt);
    };
    auto first = company(7);
    first.id = id(0);
    auto second = company(8);
    second.id = id(1);
    World const world{{tenant(1), tenant(2)}, {first, second}};
    EXPECT_THAT(read(world, policy()).company_ids,
                UnorderedElementsAre(std::pair{tenant_id(1), id(2)}));
}

TEST(LookUpTest, AsksForTheDistinctNameWhereTheFirstChoiceMayBeGone)
{
    auto const sought = [](World const& world) {
        std::vector<std::string> names;
        for (auto const& company : read(world, policy()).named)
            names.push_back(company.name);
        return names;
    };
    auto const second = company(2).called("A (00000002)");
    EXPECT_THAT(sought({{tenant(2).called("A")}, {second}}), IsEmpty());
    EXPECT_THAT(sought({{tenant(2).called("A")}, {company(1).called("A"), second}}),
                ElementsAre("A", "A (00000002)"));
    EXPECT_THAT(sought({{tenant(1).called("A"), tenant(2).called("A")}, {second}}),
                ElementsAre("A (00000002)"));
}

/// A lookup that answers each question with the same company.
struct Repetitive : models::CompanyLookup
{
    std::vector<models::Company> named(std::span<std::string const> names) override
    {
        asked.push_back(names.size());
        return {company(7).called("A")};
    }
    std::vector<models::Company> with_ids(std::span<models::CompanyId const>) override
    {
        return {};
    }
    std::vector<models::Company> unlinked(std::function<bool(std::string_view)> const&) override
    {
        return {};
    }
    std::vector<models::EmailHolder> holders_of(std::span<std::string const> emails) override
    {
        addresses.insert(addresses.end(), emails.begin(), emails.end());
        return {};
    }

    std::vector<std::size_t> asked;
    std::vector<std::string> addresses;
};

World const nowhere;
WorldPeople nobody{nowhere};

TEST(LookUpTest, ACompanyThatIsFoundInTwoPortionsCountsOnce)
{
    State state;
    for (unsigned i = 0; i < 10'001; ++i)
        state.open.push_back(tenant(i).called("A"));
    Repetitive lookup;
    look_up(state, {lookup, nobody}, policy());
    EXPECT_THAT(lookup.asked, ElementsAre(10'000, 1, 10'000, 1));
    EXPECT_THAT(state.named, SizeIs(1));
}

TEST(LookUpTest, WhatALooseCompanyHoldsIsNotAskedFor)
{
    State state;
    state.open = {tenant(1), tenant(2)};
    state.loose = {company(8).contact("admin-1@example.com")};
    Repetitive lookup;
    look_up(state, {lookup, nobody}, policy());
    EXPECT_THAT(lookup.addresses, ElementsAre("admin-2@example.com"));
}

TEST(InOrderTest, EachDeparturePutsAPairOutOfOrder)
{
    auto const ada = tenant(1);
    auto const in_order = [&](models::Company const& company) {
        return is_in_order(ada, company, policy());
    };
    EXPECT_TRUE(in_order(customer(1, ada)));
    EXPECT_FALSE(in_order(customer(1, ada).called("Tenant 1 (00000001)")))
        << "the plain name may be free again";
    EXPECT_TRUE(in_order(customer(1, ada).contact("other@example.com")));
    EXPECT_FALSE(in_order(customer(1, ada).untagged()));
    EXPECT_FALSE(in_order(customer(1, ada).tagged("AlgaDesk Customer")));
    EXPECT_FALSE(in_order(customer(1, ada).without_contacts()));
    EXPECT_FALSE(in_order(customer(1, ada).called("Other")));
    EXPECT_FALSE(in_order(customer(1, ada).made_inactive()));
    EXPECT_FALSE(in_order(customer(1, ada).says_ignore())) << "it is left alone, and named";
    EXPECT_FALSE(in_order(customer(1, ada).links_as("0000000100000000000000000000007E")));
}

}  // namespace
}  // namespace tracking::reconcile
