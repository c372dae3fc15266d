#include "reconcile/apply/rehearsal.hpp"

#include "models/values/errors.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace tracking::reconcile {
namespace {

using namespace builders;
using models::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// Writes into a copy of the world, which goes with it.
class Trial : public models::ChangeSink
{
public:
    Trial(World world, std::vector<models::Change>& tried) : world_{std::move(world)}, tried_{tried}
    {}

    std::vector<models::Receipt> write(std::span<models::Change const> batch) override
    {
        tried_.insert(tried_.end(), batch.begin(), batch.end());
        return sink_.write(batch);
    }
    void record_failure(models::Change const&, models::Receipt const&) override {}

private:
    World world_;
    RecordingSink sink_{world_};
    std::vector<models::Change>& tried_;
};

struct RehearsalTest : testing::Test
{
    /// What each sink was given.
    std::vector<std::vector<models::Change>> portions;
    Applied applied;
    std::vector<std::size_t> progress;

    void rehearse_all(World const& world, Plan const& plan, std::size_t batch_size)
    {
        portions.reserve(100);  // the sinks hold on to them
        auto const make_sink = [&] {
            return std::make_unique<Trial>(world, portions.emplace_back());
        };
        rehearse(plan, make_sink, batch_size, applied,
                 [&](std::size_t done, std::size_t) { progress.push_back(done); });
    }

    std::vector<std::size_t> tried() const
    {
        std::vector<std::size_t> indices;
        for (auto const& result : applied.results)
            indices.push_back(result.drift);
        return indices;
    }
};

TEST_F(RehearsalTest, AllThatIsDueIsTriedAndTheWorldStaysAsItIs)
{
    World const world{{tenant(1), tenant(2), tenant(3)}, {legacy(2, tenant(2)).untagged()}};
    auto const planned = plan(world);
    rehearse_all(world, planned, 1);
    EXPECT_THAT(tried(), SizeIs(due(planned).size()));
    for (auto const& result : applied.results)
        EXPECT_EQ(result.receipt.outcome, Outcome::Applied) << result.receipt.reason;
    EXPECT_EQ(said(plan(world)), said(planned));
}

TEST_F(RehearsalTest, ChangesOfOneCompanyShareASinkAndOthersDoNotNeedTo)
{
    World const world{{tenant(1), tenant(2)},
                      {legacy(1, tenant(1)).untagged().without_contacts().link_says("Tenant 1"),
                       customer(2, tenant(2)).untagged()}};
    rehearse_all(world, plan(world), 1);
    ASSERT_THAT(portions, SizeIs(2));
    for (auto const& portion : portions) {
        for (auto const& change : portion)
            EXPECT_EQ(company_of(change), company_of(portion.front()));
    }
}

TEST_F(RehearsalTest, ResultsNameTheDriftOfTheWholePlan)
{
    World const world{{tenant(1), tenant(2), tenant(3)}, {customer(3, tenant(3)).untagged()}};
    auto const planned = plan(world);
    rehearse_all(world, planned, 1);
    EXPECT_THAT(tried(), UnorderedElementsAre(0, 1, 2));
    EXPECT_THAT(progress, ElementsAre(1, 2, 3));
}

TEST_F(RehearsalTest, WhatAGuardHoldsIsTriedAndNothingElseThatIsHeld)
{
    World const world{{tenant(1), tenant(2)}, {}};
    auto planned = plan(world);
    planned.drift.at(0).restraint = Restraint::Guard;
    planned.drift.at(1).restraint = Restraint::Waived;
    rehearse_all(world, planned, 10);
    EXPECT_THAT(tried(), ElementsAre(0));
}

TEST_F(RehearsalTest, NothingDueOpensNoSink)
{
    rehearse_all({}, plan({}), 10);
    EXPECT_THAT(portions, IsEmpty());
}

}  // namespace
}  // namespace tracking::reconcile
