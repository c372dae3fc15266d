#include "reconcile/match/candidates.hpp"

#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <string>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::ElementsAre;
using testing::IsEmpty;

/// "sign number" of each candidate of tenant 1.
std::vector<std::string> candidates(World const& world)
{
    auto const state = read(world, policy(), [](auto const&, auto const*) { return true; });
    std::vector<std::string> found;
    for (auto const& [company, sign] : candidates_of(world.tenants.front(), state))
        found.push_back(std::string{name_of(sign)} + " " + company->name);
    return found;
}

TEST(CandidatesTest, AreFoundByEachSignAndComeByTheirPrecedence)
{
    World const world{{tenant(1)},
                      {company(1).called("By mail").tagged().contact("admin-1@example.com"),
                       company(2).called("By name").tagged().link_says("Tenant 1"),
                       company(3).called("By id").linked(tenant_id(1))}};
    EXPECT_THAT(candidates(world), ElementsAre("uuid By id", "name By name", "e-mail By mail"));
}

TEST(CandidatesTest, CountOnceByTheirStrongestSign)
{
    World const world{{tenant(1)}, {legacy(1, tenant(1))}};
    EXPECT_THAT(candidates(world), ElementsAre("name Tenant 1"));
}

TEST(CandidatesTest, DoNotComeFromWhatAnotherTenantIsLinkedTo)
{
    World const world{{tenant(1), tenant(2)}, {customer(2, tenant(2)).called("Tenant 1")}};
    EXPECT_THAT(candidates(world), IsEmpty());
}

}  // namespace
}  // namespace tracking::reconcile
