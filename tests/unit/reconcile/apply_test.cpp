#include "models/rules/rule_violation.hpp"
#include "models/values/errors.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::Outcome;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Applies, and keeps all that a test looks at afterwards.
struct ApplyTest : testing::Test
{
    World world;
    RecordingSink sink{world};
    Applied applied;
    std::vector<std::size_t> progress;

    void apply_all(std::size_t batch_size, Policy const& policy = builders::policy())
    {
        apply(plan(world, policy), sink, batch_size, applied,
              [&](std::size_t done, std::size_t) { progress.push_back(done); });
    }

    void add_tenants(unsigned count)
    {
        for (unsigned i = 1; i <= count; ++i)
            world.tenants.push_back(tenant(i));
    }

    std::vector<std::size_t> batch_sizes() const
    {
        std::vector<std::size_t> sizes;
        for (auto const& batch : sink.batches)
            sizes.push_back(batch.size());
        return sizes;
    }

    std::vector<Outcome> outcomes() const
    {
        std::vector<Outcome> all;
        for (auto const& result : applied.results)
            all.push_back(result.receipt.outcome);
        return all;
    }

    /// Every batch that holds one of these tenants fails.
    void refuse(std::vector<models::TenantId> tenants)
    {
        sink.before_each = [tenants = std::move(tenants)](models::Change const& change) {
            if (std::ranges::count(tenants, tenant_of(change)) != 0)
                throw models::StatementFailed{"canceling statement", "55P03"};
        };
    }
};

TEST_F(ApplyTest, AnEmptyPlanTouchesNothing)
{
    apply_all(10);
    EXPECT_EQ(sink.tries, 0U);
    EXPECT_THAT(progress, IsEmpty());
}

TEST_F(ApplyTest, BatchesAreCutAtTheirSize)
{
    add_tenants(5);
    apply_all(2);
    EXPECT_THAT(batch_sizes(), ElementsAre(2, 2, 1));
    EXPECT_THAT(progress, ElementsAre(2, 4, 5));
    EXPECT_EQ(applied.transactions, 3U);
    EXPECT_EQ(applied.rollbacks, 0U);
}

TEST_F(ApplyTest, BatchesAreCutAtTheirBytesToo)
{
    add_tenants(5);
    sink.bytes_of_each = kBatchBytes / 2;
    apply_all(100);
    EXPECT_THAT(batch_sizes(), ElementsAre(2, 2, 1));
}

TEST_F(ApplyTest, AChangeThatIsLargerThanABatchStandsAlone)
{
    add_tenants(2);
    sink.bytes_of_each = 2 * kBatchBytes;
    apply_all(100);
    EXPECT_THAT(batch_sizes(), ElementsAre(1, 1));
}

TEST_F(ApplyTest, BatchesOfOneWork)
{
    add_tenants(3);
    apply_all(1);
    EXPECT_THAT(batch_sizes(), ElementsAre(1, 1, 1));
}

TEST_F(ApplyTest, ABatchMayBeLargerThanThePlan)
{
    add_tenants(3);
    apply_all(1000);
    EXPECT_THAT(batch_sizes(), ElementsAre(3));
}

TEST_F(ApplyTest, ABatchIsOfOneKindAndTheKindsComeInTheirOrder)
{
    world = {{tenant(1), tenant(2), tenant(3), tenant(4), tenant(5)},
             {legacy(2, tenant(2)), customer(3, tenant(3)).untagged().called("Old"),
              customer(4, tenant(4)).without_contacts(), customer(5, tenant(5)).made_inactive(),
              customer(9, tenant(9))}};
    apply_all(100);
    std::vector<std::string_view> names;
    for (auto const& batch : sink.batches) {
        ASSERT_THAT(batch, SizeIs(1));
        names.push_back(name_of(batch.front()));
    }
    EXPECT_THAT(names, ElementsAre("adopt", "rename", "create", "repair_tag", "repair_contact",
                                   "reactivate", "clean_up"));
}

TEST_F(ApplyTest, ChangesThatBelongTogetherAreNeverParted)
{
    for (unsigned n = 1; n <= 6; ++n) {
        auto const live = tenant(n).called("Name " + std::to_string(n));
        auto const former = n <= 4 ? n % 4 + 1 : n + 10;  // the first four go round
        world.tenants.push_back(live);
        world.companies.push_back(customer(n, live).called("Name " + std::to_string(former)));
    }
    apply_all(2);
    EXPECT_THAT(batch_sizes(), ElementsAre(2, 4));
}

// Both kinds of change name the same company as the one that they belong together with.
TEST_F(ApplyTest, NamesAndAddressesThatTheSameCompaniesPassOnAreTwoBatches)
{
    for (unsigned n = 1; n <= 2; ++n) {
        auto const former = 3 - n;
        auto live = tenant(n)
                        .called("Name " + std::to_string(n))
                        .admin_at("a" + std::to_string(n) + "@x.example");
        auto const was = "a" + std::to_string(former) + "@x.example";
        models::UserId const user{live.id.bytes()};
        auto company = customer(n, live).called("Name " + std::to_string(former));
        auto const contact = models::made_contact_id(management(), company.id, was);
        company.emails = {was};
        company.notable = {{.email = was,
                            .full_name = live.admin->full_name,
                            .maker = models::NotableContact::Maker::Job}};
        world.own_contacts.push_back({contact, company.id, live.admin->full_name, was, true});
        world.written.push_back({contact, company.id, live.id, user, live.admin->full_name, was});
        world.users.push_back({live.id, user, live.admin->full_name, live.admin->email});
        live.admin->user = user;
        world.tenants.push_back(live);
        world.companies.push_back(company);
    }
    apply_all(100);
    EXPECT_THAT(batch_sizes(), ElementsAre(2, 2));
    for (auto const& batch : sink.batches)
        EXPECT_EQ(batch.front().index(), batch.back().index());
}

TEST_F(ApplyTest, OfChangesThatBelongTogetherAllFailWithOne)
{
    for (unsigned n = 1; n <= 3; ++n) {
        auto const live = tenant(n).called("Name " + std::to_string(n));
        world.tenants.push_back(live);
        world.companies.push_back(
            customer(n, live).called(n == 3 ? "Other" : "Name " + std::to_string(3 - n)));
    }
    sink.before_each = [](models::Change const& change) {
        if (tenant_of(change) == tenant_id(1))
            throw models::StatementFailed{"refused", "P0001"};
    };
    apply_all(100);
    EXPECT_EQ(sink.failures.size(), 2U);
    EXPECT_EQ(world.companies.at(2).name, "Name 3");
}

TEST_F(ApplyTest, WithinAKindThePlansOrderStays)
{
    add_tenants(4);
    apply_all(3);
    std::vector<models::TenantId> order;
    for (auto const& batch : sink.batches)
        std::ranges::transform(batch, std::back_inserter(order), models::tenant_of);
    EXPECT_THAT(order, ElementsAre(tenant_id(1), tenant_id(2), tenant_id(3), tenant_id(4)));
}

TEST_F(ApplyTest, ResultsPointToTheirDrift)
{
    world = {{tenant(1), tenant(2)}, {legacy(2, tenant(2))}};
    apply_all(10);
    ASSERT_THAT(applied.results, SizeIs(2));
    EXPECT_EQ(applied.results.at(0).drift, 1U) << "the adoption, which stands after the create";
    EXPECT_EQ(applied.results.at(1).drift, 0U);
}

TEST_F(ApplyTest, WhatIsHeldIsNotWritten)
{
    add_tenants(2);
    auto policy = builders::policy();
    policy.waivers = {waiver(tenant_id(1).str(), DriftKind::Missing)};
    apply_all(10, policy);
    ASSERT_THAT(sink.batches, SizeIs(1));
    EXPECT_THAT(sink.batches.at(0), SizeIs(1));
}

TEST_F(ApplyTest, AFailingBatchIsHalvedUntilTheCulpritStandsAlone)
{
    add_tenants(8);
    refuse({tenant_id(6)});
    apply_all(8);
    EXPECT_EQ(sink.tries, 7U) << "8, 4, 4, 2, 1, 1, 2";
    EXPECT_THAT(batch_sizes(), ElementsAre(4, 1, 2));
    EXPECT_EQ(applied.rollbacks, 4U);
    ASSERT_THAT(sink.failures, SizeIs(1));
    EXPECT_EQ(tenant_of(sink.failures.at(0)), tenant_id(6));
}

TEST_F(ApplyTest, OnlyCulpritsFailAndAllOthersAreWritten)
{
    add_tenants(9);
    refuse({tenant_id(1), tenant_id(5), tenant_id(9)});
    apply_all(9);
    EXPECT_EQ(std::ranges::count(outcomes(), Outcome::Failed), 3);
    EXPECT_EQ(std::ranges::count(outcomes(), Outcome::Applied), 6);
    EXPECT_THAT(sink.failures, SizeIs(3));
    EXPECT_THAT(world.companies, SizeIs(6));
}

TEST_F(ApplyTest, WhenAllFailEachIsRecordedOnce)
{
    add_tenants(4);
    refuse({tenant_id(1), tenant_id(2), tenant_id(3), tenant_id(4)});
    apply_all(4);
    EXPECT_THAT(outcomes(),
                ElementsAre(Outcome::Failed, Outcome::Failed, Outcome::Failed, Outcome::Failed));
    EXPECT_THAT(sink.failures, SizeIs(4));
    EXPECT_EQ(applied.rollbacks, 7U);
    EXPECT_EQ(applied.transactions, 0U);
    EXPECT_THAT(progress, ElementsAre(4));
}

TEST_F(ApplyTest, AFailureKeepsItsSqlstateAndReason)
{
    add_tenants(1);
    refuse({tenant_id(1)});
    apply_all(1);
    EXPECT_EQ(applied.results.at(0).receipt.sqlstate, "55P03");
    EXPECT_EQ(applied.results.at(0).receipt.reason, "canceling statement");
}

TEST_F(ApplyTest, WhatAModelRefusesFailsWithoutSqlstate)
{
    add_tenants(2);
    sink.before_each = [](models::Change const& change) {
        if (tenant_of(change) == tenant_id(2))
            throw models::RuleViolation{"name", "", "is blank"};
    };
    apply_all(2);
    EXPECT_THAT(outcomes(), ElementsAre(Outcome::Applied, Outcome::Failed));
    EXPECT_THAT(applied.results.at(1).receipt.sqlstate, IsEmpty());
}

TEST_F(ApplyTest, ALostConnectionLeavesATrueAccount)
{
    add_tenants(6);
    sink.before_each = [](models::Change const& change) {
        if (tenant_of(change) == tenant_id(5))
            throw models::ConnectionLost{"server closed the connection"};
    };
    EXPECT_THROW(apply_all(2), models::ConnectionLost);
    EXPECT_THAT(outcomes(), SizeIs(4));
    EXPECT_THAT(outcomes(), Each(Outcome::Applied));
    EXPECT_EQ(applied.transactions, 2U);
    EXPECT_THAT(world.companies, SizeIs(4));
}

TEST_F(ApplyTest, AConnectionLostWhileHalvingLeavesATrueAccount)
{
    add_tenants(4);
    sink.before_each = [&](models::Change const& change) {
        if (tenant_of(change) == tenant_id(4))
            sink.tries == 1 ? throw models::StatementFailed{"deadlock", "40P01"}
                            : throw models::ConnectionLost{"gone"};
    };
    EXPECT_THROW(apply_all(4), models::ConnectionLost);
    EXPECT_THAT(outcomes(), ElementsAre(Outcome::Applied, Outcome::Applied));
    EXPECT_EQ(applied.rollbacks, 1U);
}

TEST_F(ApplyTest, AStaleReceiptIsKept)
{
    world = {{tenant(1)}, {customer(1, tenant(1)).untagged()}};
    auto const plan = builders::plan(world);
    world.companies.clear();
    apply(plan, sink, 10, applied, [](std::size_t, std::size_t) {});
    EXPECT_THAT(outcomes(), ElementsAre(Outcome::Stale));
}

TEST_F(ApplyTest, AfterwardsThePlanIsEmpty)
{
    world = {{tenant(1), tenant(2), tenant(3).called("Tenant 2")},
             {legacy(1, tenant(1)).untagged(), customer(9, tenant(9))}};
    apply_all(2);
    EXPECT_THAT(plan(world).drift, IsEmpty());
}

}  // namespace
}  // namespace tracking::reconcile
