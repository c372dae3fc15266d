// What the comparison costs when reading is free: the rows are in memory, in order.

#include "reconcile/diff/diff.hpp"
#include "reconcile/match/match.hpp"
#include "reconcile/reading/state.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

using namespace tracking;
namespace builders = reconcile::builders;

/// Reads the rows of a world again and again, into the same row, as from a cursor.
template <class Base, class Row>
class Replay final : public Base
{
public:
    explicit Replay(std::vector<Row> const& rows) : at_{rows.begin()}, end_{rows.end()} {}

    bool next(Row& into) override
    {
        if (at_ == end_)
            return false;
        into = *at_++;
        return true;
    }

private:
    typename std::vector<Row>::const_iterator at_;
    typename std::vector<Row>::const_iterator end_;
};

/// So many tenants, each with the customer that `customer_of` makes.
builders::World world_of(benchmark::State const& bench, auto const& customer_of)
{
    builders::World world;
    for (auto number = 1U; number <= static_cast<unsigned>(bench.range(0)); ++number) {
        world.tenants.push_back(builders::tenant(number));
        world.companies.push_back(customer_of(number, world.tenants.back()));
    }
    return world;
}

builders::World in_sync(benchmark::State const& bench)
{
    return world_of(bench, builders::customer);
}

builders::World all_legacy(benchmark::State const& bench)
{
    return world_of(bench, builders::legacy);
}

builders::World all_missing(benchmark::State const& bench)
{
    auto world = in_sync(bench);
    world.companies.clear();
    return world;
}

reconcile::State merged(builders::World const& world, reconcile::Policy const& policy)
{
    Replay<models::CompanyStream, models::Company> companies{world.companies};
    Replay<models::TenantStream, models::Tenant> tenants{world.tenants};
    return reconcile::merge({builders::management(), builders::today()}, companies, tenants, policy,
                            [&](auto const& tenant, auto const* company) {
                                return company && !reconcile::is_in_order(tenant, *company, policy);
                            });
}

/// The items are tenants.
void run_all(benchmark::State& bench, auto const& work)
{
    for (auto _ : bench)
        benchmark::DoNotOptimize(work());
    bench.SetItemsProcessed(bench.iterations() * bench.range(0));
}

template <auto make_world>
void merge(benchmark::State& bench)
{
    auto const policy = builders::policy();
    auto const world = make_world(bench);
    run_all(bench, [&] { return merged(world, policy); });
}

template <auto make_world>
void match(benchmark::State& bench)
{
    auto const state = merged(make_world(bench), builders::policy());
    run_all(bench, [&] { return reconcile::match(state); });
}

template <auto make_world>
void diff(benchmark::State& bench)
{
    auto const policy = builders::policy();
    auto const state = merged(make_world(bench), policy);
    run_all(bench, [&] { return reconcile::diff(state, policy); });
}

void sizes(benchmark::internal::Benchmark* bench)
{
    bench->RangeMultiplier(10)->Range(1'000, 100'000)->Unit(benchmark::kMillisecond);
}

BENCHMARK(merge<in_sync>)->Apply(sizes);
BENCHMARK(merge<all_missing>)->Apply(sizes);
BENCHMARK(merge<all_legacy>)->Apply(sizes);
BENCHMARK(match<all_legacy>)->Apply(sizes);
BENCHMARK(diff<all_missing>)->Apply(sizes);
BENCHMARK(diff<all_legacy>)->Apply(sizes);

}  // namespace
