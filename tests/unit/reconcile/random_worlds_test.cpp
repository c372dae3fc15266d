// Claims about every world. Each seed makes one world of some thirty tenants, with all that goes
// wrong in reality, and one policy.

#include "reconcile/decision/selection.hpp"
#include "tests/support/worlds/random_world.hpp"
#include "tests/support/worlds/reconcile_builders.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace tracking::reconcile {
namespace {

using namespace builders;
using testing::IsEmpty;

constexpr unsigned kWorlds = 200;

struct RandomWorld
{
    explicit RandomWorld(unsigned seed) : dice{seed} {}

    Dice dice;
    World world = random_world(dice);
    Policy policy = random_policy(dice, world);

    /// Grace is a matter of some orphans' past.
    Plan plan_of(State state) const
    {
        for (auto const& orphan : state.orphans) {
            if (orphan.id.bytes()[3] % 2 == 0)
                state.sightings[{DriftKind::Orphaned, orphan.link.value(), orphan.id}] = {
                    .runs = 5, .age = std::chrono::days{9}};
            if (policy.cleanup == CleanupMode::Delete && orphan.id.bytes()[3] % 3 != 0)
                state.blast_radii[orphan.id] = {.company = orphan.id};
        }
        return diff(state, policy);
    }

    Plan plan_of(World const& any) const { return plan_of(read(any, policy)); }
    Plan plan() const { return plan_of(world); }

    models::Tenant const* find(models::TenantId id) const
    {
        auto const found = std::ranges::find(world.tenants, id, &models::Tenant::id);
        return found == world.tenants.end() ? nullptr : &*found;
    }
};

void in_every_world(auto const& claim)
{
    for (unsigned seed = 1; seed <= kWorlds && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomWorld random{seed};
        claim(random);
    }
}

void expect_same(Plan const& one, Plan const& other)
{
    EXPECT_EQ(one.drift.size(), other.drift.size());
    for (std::size_t i = 0; i < std::min(one.drift.size(), other.drift.size()); ++i)
        EXPECT_EQ(testing::PrintToString(one.drift[i]), testing::PrintToString(other.drift[i]));
    EXPECT_EQ(one.remarks, other.remarks);
    EXPECT_EQ(due(one), due(other));
}

std::string shown(models::Change const& change)
{
    return testing::PrintToString(change);
}

TEST(RandomWorldsTest, ConvergeInOneRunAndStaySo)
{
    in_every_world([](RandomWorld& random) {
        auto const before = random.plan();
        for (auto const& result : apply_to(random.world, before).results)
            EXPECT_EQ(result.receipt.outcome, models::Outcome::Applied)
                << before.drift[result.drift];
        auto const after = random.plan();
        EXPECT_THAT(due(after), IsEmpty());
        apply_to(random.world, after);
        expect_same(random.plan(), after);
    });
}

TEST(RandomWorldsTest, AppliedOneByOneBecomeWhatTheyBecomeAllAtOnce)
{
    in_every_world([](RandomWorld& random) {
        auto const plan = random.plan();
        auto other = random.world;
        apply_to(random.world, plan, 1);
        apply_to(other, plan, 1000);
        expect_same(random.plan(), random.plan_of(other));
    });
}

TEST(RandomWorldsTest, ArePlannedAlikeInWhateverOrderTheirRowsCome)
{
    in_every_world([](RandomWorld& random) {
        auto const plan = random.plan();
        std::ranges::shuffle(random.world.tenants, random.dice);
        std::ranges::shuffle(random.world.companies, random.dice);
        std::ranges::shuffle(random.world.lone_contacts, random.dice);
        expect_same(random.plan(), plan);
    });
}

TEST(RandomWorldsTest, ArePlannedAlikeWhenPairsThatAreInOrderAreKeptToo)
{
    in_every_world([](RandomWorld& random) {
        auto const keep_all = [](auto const&, auto const*) { return true; };
        expect_same(random.plan_of(read(random.world, random.policy, keep_all)), random.plan());
    });
}

TEST(RandomWorldsTest, HaveTheirManagementTenantAndIgnoredCompaniesLeftAlone)
{
    in_every_world([](RandomWorld& random) {
        std::set<models::CompanyId> ignored;
        for (auto const& company : random.world.companies) {
            if (company.ignored)
                ignored.insert(company.id);
        }
        for (auto const& change : due(random.plan())) {
            EXPECT_NE(tenant_of(change), management()) << shown(change);
            EXPECT_FALSE(ignored.contains(company_of(change))) << shown(change);
        }
    });
}

TEST(RandomWorldsTest, KeepTheirDuplicatesUntouched)
{
    in_every_world([](RandomWorld& random) {
        std::map<models::TenantId, int> linked;
        for (auto const& company : random.world.companies) {
            if (company.link && !company.ignored)
                ++linked[*company.link];
        }
        for (auto const& change : due(random.plan())) {
            EXPECT_TRUE(linked[tenant_of(change)] < 2 || !random.find(tenant_of(change)))
                << shown(change);
        }
    });
}

TEST(RandomWorldsTest, AreChangedForTrackedTenantsAndCleanedUpAfterGoneOnes)
{
    in_every_world([](RandomWorld& random) {
        for (auto const& change : due(random.plan())) {
            auto const* tenant = random.find(tenant_of(change));
            EXPECT_EQ(!tenant, models::effect_of(change) == models::Effect::TakesAway)
                << shown(change);
            EXPECT_TRUE(!tenant || scope_of(*tenant, random.policy) == Scope::Tracked)
                << shown(change);
        }
    });
}

TEST(RandomWorldsTest, GetOneCustomerATenantANameAndAnAddress)
{
    in_every_world([](RandomWorld& random) {
        std::set<std::string> seen;
        for (auto const& change : due(random.plan())) {
            auto const* create = models::as<models::CreateCustomer>(change);
            if (!create)
                continue;
            EXPECT_TRUE(seen.insert(create->tenant.str()).second) << shown(change);
            EXPECT_TRUE(seen.insert("name " + create->name).second) << shown(change);
            EXPECT_TRUE(!create->contact || seen.insert(create->contact->email).second)
                << shown(change);
        }
    });
}

TEST(RandomWorldsTest, HaveNoTenantThatIsBothMissingAndLinked)
{
    in_every_world([](RandomWorld& random) {
        std::set<models::TenantId> linked;
        for (auto const& company : random.world.companies)
            linked.insert(company.link.value_or(management()));
        for (auto const& drift : random.plan().drift) {
            EXPECT_FALSE(drift.kind == DriftKind::Missing && linked.contains(*drift.tenant))
                << drift;
        }
    });
}

/// Whether a tenant is in scope, decided without the code under test.
std::size_t in_scope_of(RandomWorld const& random)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(random.world.tenants, [&](models::Tenant const& tenant) {
            return tenant.id != management() && scope_of(tenant, random.policy) == Scope::Tracked;
        }));
}

TEST(RandomWorldsTest, AccountForEachTenantInScope)
{
    in_every_world([](RandomWorld& random) {
        auto const plan = random.plan();
        auto const& counts = plan.counts;
        EXPECT_EQ(counts.in_scope, in_scope_of(random));
        EXPECT_TRUE(counts.is_complete())
            << counts.in_scope << " = " << counts.whole << " + " << counts.differing << " + "
            << counts.left_alone << " + " << counts.unwatched;
        std::set<models::TenantId> named;
        for (auto const& drift : plan.drift) {
            for (auto const& key : keys_of(drift)) {
                auto const* const tenant = random.find(key.tenant);
                if (tenant && scope_of(*tenant, random.policy) == Scope::Tracked)
                    named.insert(tenant->id);
            }
        }
        EXPECT_EQ(counts.differing, named.size());
        EXPECT_EQ(counts.left_alone, plan.left_alone.size());
    });
}

TEST(RandomWorldsTest, GetNoCompanyBesideOneWhoseLinkMentionsTheTenant)
{
    in_every_world([](RandomWorld& random) {
        std::set<models::TenantId> mentioned;
        for (auto const& company : random.world.companies) {
            if (!company.is_link_legible && !company.ignored) {
                for (auto const& id : models::uuids_in(*company.link_text))
                    mentioned.insert(models::TenantId{id});
            }
        }
        for (auto const& change : due(random.plan())) {
            bool const is_create = models::as<models::CreateCustomer>(change) != nullptr;
            EXPECT_FALSE(is_create && mentioned.contains(tenant_of(change))) << shown(change);
        }
    });
}

TEST(RandomWorldsTest, AppliedWhollyHaveNothingLeftThatCouldBeDoneAfterASecondNight)
{
    in_every_world([](RandomWorld& random) {
        random.policy.handling.clear();
        random.policy.waivers.clear();
        random.policy.reach = ChangePolicy::Sync;
        random.policy.grace = {.runs = 0, .time = std::chrono::seconds{0}};
        apply_to(random.world, random.plan());
        apply_to(random.world, random.plan());  // renames into names that the first ones have freed
        for (auto const& drift : random.plan().drift)
            EXPECT_TRUE(row_of(drift.kind).remedy == Remedy::Person || !drift.change) << drift;
    });
}

/// Names go round among some customers, and deletions make other names free.
void let_names_pass(RandomWorld& random)
{
    auto& companies = random.world.companies;
    std::vector<models::Company*> customers;
    for (auto& company : companies)
        if (company.link && random.find(*company.link))
            customers.push_back(&company);
    for (std::size_t i = 1; i < customers.size() && i < 4 + random.dice() % 4; ++i)
        std::swap(customers[i]->name, customers[i - 1]->name);
    if (random.dice() % 2 == 0)
        random.policy.cleanup = CleanupMode::Delete;
}

SavedPlan saved(Plan const& plan)
{
    SavedPlan saved;
    std::ranges::copy_if(plan.drift, std::back_inserter(saved.drift), &Drift::is_due);
    saved.witnesses.resize(saved.drift.size());
    return saved;
}

/// Random thirds of what is saved. Each customer is in one of them.
std::vector<Selection> parts_of(SavedPlan const& saved, Dice& dice)
{
    std::map<models::CompanyId, unsigned> part_of;
    for (auto const& drift : saved.drift)
        part_of.emplace(models::company_of(*drift.change), dice() % 3);
    std::vector<Selection> parts(3);
    for (auto const& [company, part] : part_of)
        parts[part].only.push_back(company.str());
    std::erase_if(parts, &Selection::is_empty);
    return parts;
}

std::vector<std::string> tables_of(World const& world)
{
    std::vector<std::string> rows;
    for (auto const& one : world.companies) {
        auto emails = one.emails;
        std::ranges::sort(emails);
        rows.push_back(fmt::format("{} {} {} {} {} {} {}", one.id.str(), one.name,
                                   one.link_text.value_or("-"), one.inactive, one.canceled,
                                   fmt::join(one.tags, ","), fmt::join(emails, ",")));
    }
    std::ranges::sort(rows);
    return rows;
}

TEST(RandomWorldsTest, AppliedInPartsEndInTheSameTablesAsAppliedWhole)
{
    in_every_world([](RandomWorld& random) {
        let_names_pass(random);
        auto const before = random.plan();
        auto const plan = saved(before);
        auto whole = random.world;
        apply_to(whole, before);
        for (auto const& part : parts_of(plan, random.dice)) {
            auto fresh = random.plan();
            auto stale = restrict_to(fresh, plan, plan.witnesses);
            EXPECT_THAT(select(fresh, part, stale), IsEmpty());
            for (auto const& result : apply_to(random.world, fresh).results)
                EXPECT_EQ(result.receipt.outcome, models::Outcome::Applied)
                    << fresh.drift[result.drift];
        }
        EXPECT_EQ(tables_of(random.world), tables_of(whole));
        expect_same(random.plan(), random.plan_of(whole));
    });
}

/// A reading of a part of the world: the selected ones, and what is linked to them.
World part_of(World const& world, Remainder const& remainder)
{
    std::set<models::TenantId> const tenants{remainder.tenants.begin(), remainder.tenants.end()};
    std::set<models::CompanyId> const companies{remainder.companies.begin(),
                                                remainder.companies.end()};
    auto part = world;
    std::erase_if(part.tenants, [&](auto const& one) { return !tenants.contains(one.id); });
    std::erase_if(part.companies, [&](auto const& one) {
        return !companies.contains(one.id) && !(one.link && tenants.contains(*one.link));
    });
    return part;
}

TEST(RandomWorldsTest, AreProvenByWhatWasNotInOrderAsByAFullReading)
{
    in_every_world([](RandomWorld& random) {
        auto const before = random.plan();
        apply_to(random.world, before);
        auto const whole = read(random.world, random.policy);
        auto again = read(part_of(random.world, before.remainder), random.policy);
        // Names and addresses are looked up among all.
        again.named = whole.named;
        again.holders = whole.holders;
        complete(again, before.remainder);

        expect_same(random.plan_of(again), random.plan_of(whole));
        EXPECT_EQ(again.counts.tenants, whole.counts.tenants);
        EXPECT_EQ(again.counts.tracked, whole.counts.tracked);
        EXPECT_EQ(again.counts.companies, whole.counts.companies);
        EXPECT_EQ(again.counts.settled, whole.counts.settled);
        EXPECT_EQ(again.counts.ignored, whole.counts.ignored);
        auto const proven = random.plan_of(again).counts;
        EXPECT_TRUE(proven.is_complete());
        EXPECT_EQ(proven.in_scope, in_scope_of(random));
        EXPECT_EQ(proven.whole, random.plan_of(whole).counts.whole);
    });
}

/// Every tracked tenant has its customer, and there is nothing else.
World equal_sides(RandomWorld const& random)
{
    World equal{random.world.tenants, {}};
    std::set<std::string> names;
    for (auto& tenant : equal.tenants) {
        if (!names.insert(tenant.name).second)
            tenant.name += " of " + tenant.id.str();
        auto made = customer(tenant.id.bytes()[3], tenant);
        if (scope_of(tenant, random.policy) == Scope::Tracked)
            equal.companies.push_back(std::move(made).contact("someone@else.example"));
    }
    return equal;
}

TEST(RandomWorldsTest, WithEqualSidesHaveAnEmptyPlan)
{
    in_every_world([](RandomWorld& random) {
        EXPECT_THAT(random.plan_of(equal_sides(random)).drift, IsEmpty());
    });
}

}  // namespace
}  // namespace tracking::reconcile
