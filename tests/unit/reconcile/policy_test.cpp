#include "tests/support/worlds/reconcile_builders.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace tracking::reconcile {
namespace {

using namespace builders;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(ScopeTest, EachReasonToLeaveATenantAloneIsTold)
{
    auto policy = builders::policy();
    policy.exclude = {tenant_id(9)};
    EXPECT_EQ(scope_of(tenant(1), policy), Scope::Tracked);
    EXPECT_EQ(scope_of(tenant(1).on("algadesk"), policy), Scope::Tracked);
    EXPECT_EQ(scope_of(tenant(1).on("other"), policy), Scope::OtherProduct);
    EXPECT_EQ(scope_of(tenant(9), policy), Scope::Excluded);
    EXPECT_EQ(scope_of(tenant(1).made_suspended(), policy), Scope::Suspended);
    EXPECT_EQ(scope_of(tenant(1).aged(15min - 1s), policy), Scope::Young);
    EXPECT_EQ(scope_of(tenant(1).aged(-1min), policy), Scope::Young);
}

TEST(ScopeTest, ATenantIsOldEnoughAtTheMinimumAgeAndWithoutATime)
{
    EXPECT_EQ(scope_of(tenant(1).aged(15min), policy()), Scope::Tracked);
    EXPECT_EQ(scope_of(tenant(1).aged(std::nullopt), policy()), Scope::Tracked);
}

TEST(ReachTest, EachPolicyReachesItsKinds)
{
    for (auto const kind : kDriftKinds) {
        EXPECT_TRUE(reaches(ChangePolicy::Sync, kind)) << kind;
        EXPECT_EQ(reaches(ChangePolicy::UpsertOnly, kind), kind != DriftKind::Orphaned) << kind;
        EXPECT_EQ(reaches(ChangePolicy::CreateOnly, kind), kind == DriftKind::Missing) << kind;
    }
}

TEST(DriftTest, KindsHaveNamesAndAnomaliesComeLast)
{
    std::set<std::string_view> names;
    for (auto const kind : kDriftKinds)
        names.insert(name_of(kind));
    EXPECT_THAT(names, SizeIs(kDriftKinds.size()));
    auto const is_repaired = [](auto kind) { return row_of(kind).remedy != Remedy::Person; };
    EXPECT_TRUE(std::ranges::is_partitioned(kDriftKinds, is_repaired));
    EXPECT_TRUE(is_repaired(DriftKind::Orphaned));
    EXPECT_FALSE(is_repaired(DriftKind::Duplicate));
}

/// One of each: a create, a repair, an orphan.
World three_drifts()
{
    return {{tenant(1), tenant(2)},
            {customer(2, tenant(2)).untagged(), company(3).linked(tenant_id(3))}};
}

TEST(PolicyTest, SyncAppliesAll)
{
    EXPECT_THAT(said(plan(three_drifts())), ElementsAre("missing", "untagged", "orphaned"));
}

TEST(PolicyTest, UpsertOnlyHoldsCleanUps)
{
    auto policy = builders::policy();
    policy.reach = ChangePolicy::UpsertOnly;
    EXPECT_THAT(said(plan(three_drifts(), policy)),
                ElementsAre("missing", "untagged", "orphaned: policy"));
}

TEST(PolicyTest, CreateOnlyHoldsAllButCreates)
{
    auto policy = builders::policy();
    policy.reach = ChangePolicy::CreateOnly;
    EXPECT_THAT(said(plan(three_drifts(), policy)),
                ElementsAre("missing", "untagged: policy", "orphaned: policy"));
}

TEST(PolicyTest, AKindIsReportedOrLeftOutOnItsOwn)
{
    auto policy = builders::policy();
    policy.handling = {{DriftKind::Missing, Handling::Report},
                       {DriftKind::Untagged, Handling::Off},
                       {DriftKind::Orphaned, Handling::Apply}};
    auto const plan = builders::plan(three_drifts(), policy);
    EXPECT_THAT(said(plan), ElementsAre("missing: report", "orphaned"));
    EXPECT_EQ(plan.drift.at(0).restraint_reason, "drift.missing: report");
}

TEST(PolicyTest, TheKeyThatHoldsIsSpeltAsInTheConfiguration)
{
    auto policy = builders::policy();
    policy.handling = {{DriftKind::ContactMissing, Handling::Report}};
    World const world{{tenant(1)}, {customer(1, tenant(1)).without_contacts()}};
    EXPECT_EQ(only(DriftKind::ContactMissing, plan(world, policy)).restraint_reason,
              "drift.contact-missing: report");
}

TEST(PolicyTest, AnAnomalyIsLeftOutWhenItsKindIsOff)
{
    auto policy = builders::policy();
    policy.handling = {{DriftKind::Unlinked, Handling::Off}};
    EXPECT_THAT(said(plan({{tenant(1)}, {customer(1, tenant(1)), company(2).tagged()}}, policy)),
                IsEmpty());
}

TEST(PolicyTest, RepairsWaitForAnAdoptionThatIsHeld)
{
    World const world{{tenant(1)},
                      {legacy(1, tenant(1)).untagged().without_contacts().made_inactive()}};
    auto policy = builders::policy();
    for (auto const handling : {Handling::Report, Handling::Off}) {
        policy.handling[DriftKind::Unstamped] = handling;
        auto const plan = builders::plan(world, policy);
        EXPECT_THAT(due(plan), IsEmpty());
        EXPECT_EQ(only(DriftKind::Untagged, plan).restraint, Restraint::Adoption);
        EXPECT_EQ(only(DriftKind::ContactMissing, plan).restraint, Restraint::Adoption);
        EXPECT_EQ(only(DriftKind::Inactive, plan).restraint, Restraint::Adoption);
    }
}

TEST(PolicyTest, AHeldAdoptionHoldsNoOtherTenantsCustomerBack)
{
    auto policy = builders::policy();
    policy.waivers = {waiver(tenant_id(1).str(), DriftKind::Unstamped)};
    World const world{{tenant(1), tenant(2)}, {legacy(1, tenant(1)).untagged()}};
    EXPECT_THAT(said(plan(world, policy)),
                ElementsAre("missing", "unstamped: waived", "untagged: adoption"));
}

TEST(PolicyTest, AHeldAdoptionHoldsNoOtherCompanysRepairs)
{
    auto policy = builders::policy();
    policy.waivers = {waiver(tenant_id(1).str(), DriftKind::Unstamped)};
    World const world{{tenant(1), tenant(2)},
                      {legacy(1, tenant(1)), legacy(2, tenant(2)).untagged()}};
    EXPECT_THAT(said(plan(world, policy)),
                ElementsAre("unstamped: waived", "unstamped", "untagged"));
}

Plan plan_of_orphan(Sighting seen, Grace grace)
{
    auto policy = builders::policy();
    policy.grace = grace;
    auto state = read({{tenant(2)}, {company(1).linked(tenant_id(1))}}, policy);
    state.sightings[{DriftKind::Orphaned, tenant_id(1), company_id(1)}] = seen;
    return diff(state, policy);
}

Drift orphan(Sighting seen, Grace grace = {})
{
    return only(DriftKind::Orphaned, plan_of_orphan(seen, grace));
}

TEST(GraceTest, AnOrphanSeenForTheFirstTimeWaits)
{
    auto const drift = orphan({});
    EXPECT_EQ(drift.restraint, Restraint::Grace);
    EXPECT_EQ(drift.restraint_reason, "grace: seen by 1 of 2 runs, for 0 h of 72 h");
    EXPECT_EQ(drift.due_in, 72h);
}

TEST(GraceTest, TimeAloneIsNotEnough)
{
    auto const drift = orphan({.runs = 0, .age = 100h});
    EXPECT_EQ(drift.restraint, Restraint::Grace);
    EXPECT_EQ(drift.due_in, 0s);
}

TEST(GraceTest, RunsAloneAreNotEnough)
{
    auto const drift = orphan({.runs = 9, .age = 71h});
    EXPECT_EQ(drift.restraint, Restraint::Grace);
    EXPECT_EQ(drift.due_in, 1h);
}

TEST(GraceTest, ThisReadingIsASightingToo)
{
    EXPECT_TRUE(orphan({.runs = 1, .age = 72h}).is_due());
    EXPECT_FALSE(orphan({.runs = 1, .age = 72h - 1s}).is_due());
    EXPECT_EQ(orphan({.runs = 1, .age = 72h}).due_in, std::nullopt);
}

TEST(GraceTest, NoGraceIsAskedForWhereNoneIsConfigured)
{
    EXPECT_TRUE(orphan({}, {.runs = 0, .time = 0s}).is_due());
    EXPECT_TRUE(orphan({}, {.runs = 1, .time = 0s}).is_due());
    EXPECT_FALSE(orphan({}, {.runs = 2, .time = 0s}).is_due());
}

TEST(GraceTest, AReportedKindIsDueAtNoTime)
{
    auto policy = builders::policy();
    policy.grace = {};
    policy.handling = {{DriftKind::Orphaned, Handling::Report}};
    auto const plan = builders::plan({{tenant(2)}, {company(1).linked(tenant_id(1))}}, policy);
    EXPECT_EQ(only(DriftKind::Orphaned, plan).due_in, std::nullopt);
}

TEST(SightingTest, EveryKindCarriesWhatEarlierRunsHaveSeen)
{
    auto state = read({{tenant(1), tenant(2)}, {customer(2, tenant(2)).untagged()}}, policy());
    Sighting const seen{.runs = 3, .age = 49h};
    state.sightings = {{{DriftKind::Untagged, tenant_id(2), company_id(2)}, seen}};
    auto const plan = diff(state, policy());
    EXPECT_EQ(only(DriftKind::Untagged, plan).seen, seen);
    EXPECT_EQ(only(DriftKind::Missing, plan).seen, std::nullopt);
}

TEST(SightingTest, OfAnotherCompanyAreNotTaken)
{
    auto state = read({{tenant(2)}, {company(1).linked(tenant_id(1))}}, policy());
    state.sightings = {{{DriftKind::Orphaned, tenant_id(1), company_id(9)}, {.runs = 3}}};
    EXPECT_EQ(only(DriftKind::Orphaned, diff(state, policy())).seen, std::nullopt);
}

// What waited for a person was told as new once more as soon as the company was made.
TEST(SightingTest, OfATenantThatHadNoCompanyYetAreTaken)
{
    auto const one = tenant(1).without_admin().own_address("");
    auto state = read({{one}, {customer(1, one).without_contacts()}}, policy());
    state.sightings = {{{DriftKind::NoAdmin, tenant_id(1), {}}, {.runs = 3}}};
    state.compared.emplace();
    auto const plan = diff(state, policy());
    EXPECT_EQ(only(DriftKind::NoAdmin, plan).seen, (Sighting{.runs = 3}));
    EXPECT_EQ(plan.since, (SinceRun{.ended = {}, .as_before = 1}));
}

TEST(SightingTest, MissingTellsTheTenantsAge)
{
    EXPECT_EQ(only(DriftKind::Missing, plan({{tenant(1)}, {}})).tenant_age, std::chrono::days{365});
}

World without_tag()
{
    return {
        {tenant(1).called("Acme")},
        {customer(1, tenant(1)).called("Acme (00000001)").untagged(), company(9).called("Acme")}};
}

Plan plan_with(std::vector<Waiver> waivers, World const& world = without_tag())
{
    auto policy = builders::policy();
    policy.waivers = std::move(waivers);
    return plan(world, policy);
}

class WaivedItem : public testing::TestWithParam<std::string>
{};

TEST_P(WaivedItem, IsHeldAndStillSaid)
{
    auto const plan = plan_with({waiver(GetParam(), DriftKind::Untagged)});
    EXPECT_THAT(said(plan), ElementsAre("untagged: waived"));
    EXPECT_EQ(plan.drift.at(0).restraint_reason, "waived until 2026-03-15: agreed");
    EXPECT_THAT(plan.remarks, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(WaiverTest, WaivedItem,
                         testing::Values(tenant_id(1).str(), company_id(1).str(), "Acme",
                                         "Acme (00000001)", " Acme "));

TEST(WaiverTest, IsOfOneKindOnly)
{
    auto const plan = plan_with({waiver("Acme", DriftKind::Renamed)});
    EXPECT_THAT(said(plan), ElementsAre("untagged"));
    EXPECT_THAT(plan.remarks, ElementsAre("the waiver of renamed for \"Acme\" matches no drift: "
                                          "remove it"));
}

TEST(WaiverTest, EndsAfterItsDayAndThatIsSaid)
{
    auto const yesterday = today() - std::chrono::days{1};
    auto const plan = plan_with({waiver("Acme", DriftKind::Untagged, yesterday)});
    EXPECT_THAT(said(plan), ElementsAre("untagged"));
    EXPECT_THAT(plan.remarks, ElementsAre("the waiver of untagged for \"Acme\" lapsed on "
                                          "2026-03-14: renew or remove it"));
}

TEST(WaiverTest, ManyWithoutDriftAreOneRemark)
{
    std::vector<Waiver> waivers;
    waivers.reserve(24'000);
    for (int i = 0; i < 24'000; ++i)
        waivers.push_back(waiver("Nobody " + std::to_string(i), DriftKind::Renamed));
    auto const plan = plan_with(std::move(waivers));
    EXPECT_THAT(plan.remarks,
                ElementsAre(AllOf(StartsWith("24000 waivers match no drift: the waiver of renamed"),
                                  EndsWith("; and 23995 more"))));
    EXPECT_LT(plan.remarks.front().size(), 1'000U);
}

TEST(WaiverTest, ALapsedOneDoesNotHideItsRenewal)
{
    auto const yesterday = today() - std::chrono::days{1};
    auto const plan = plan_with(
        {waiver("Acme", DriftKind::Untagged, yesterday), waiver("Acme", DriftKind::Untagged)});
    EXPECT_THAT(said(plan), ElementsAre("untagged: waived"));
    EXPECT_THAT(plan.remarks, ElementsAre(HasSubstr("lapsed")));
}

TEST(WaiverTest, HoldsAnomaliesToo)
{
    auto const plan = plan_with({waiver(company_id(2).str(), DriftKind::Unlinked)},
                                {{tenant(1)}, {customer(1, tenant(1)), company(2).tagged()}});
    EXPECT_THAT(said(plan), ElementsAre("unlinked: waived"));
}

TEST(WaiverTest, WinsOverGraceAndReport)
{
    auto policy = builders::policy();
    policy.grace = {};
    policy.handling = {{DriftKind::Orphaned, Handling::Report}};
    policy.waivers = {waiver(company_id(1).str(), DriftKind::Orphaned)};
    auto const plan = builders::plan(
        {{tenant(2)}, {customer(2, tenant(2)), company(1).linked(tenant_id(1))}}, policy);
    EXPECT_THAT(said(plan), ElementsAre("orphaned: waived"));
}

TEST(WaiverTest, AWaivedCreateTakesNeitherNameNorAddressFromAnother)
{
    World const world{{tenant(1).called("A").admin_at("a@x.example"),
                       tenant(2).called("A").admin_at("a@x.example")},
                      {}};
    auto const plan = plan_with({waiver(tenant_id(1).str(), DriftKind::Missing)}, world);
    EXPECT_THAT(said(plan), ElementsAre("missing: waived", "missing"));
    auto const& create = *models::as<models::CreateCustomer>(*plan.drift.at(1).change);
    EXPECT_EQ(create.name, "A");
    EXPECT_EQ(create.contact->email, "a@x.example");
}

TEST(WaiverTest, AWaivedCreateSaysNothingOfItsContact)
{
    World const world{{tenant(1).without_admin().own_address("")}, {}};
    auto const plan = plan_with({waiver(tenant_id(1).str(), DriftKind::Missing)}, world);
    EXPECT_THAT(said(plan), ElementsAre("missing: waived"));
}

}  // namespace
}  // namespace tracking::reconcile
