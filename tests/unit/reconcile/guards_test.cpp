#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/stale.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace tracking::reconcile {

namespace {

using models::CompanyId;
using models::TenantId;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

TenantId tenant(std::uint8_t n)
{
    models::UuidBytes bytes{};
    bytes.back() = n;
    return TenantId{bytes};
}

CompanyId company(std::uint8_t n)
{
    return CompanyId{tenant(n).bytes()};
}

Drift drift_of(DriftKind kind, models::Change const& change)
{
    return {.kind = kind,
            .tenant = models::tenant_of(change),
            .tenant_name = "Tenant \"1\"",
            .company = models::company_of(change),
            .company_name = "Company\n1",
            .detail = "seen",
            .change = change};
}

/// One of every kind of change.
std::vector<Drift> every_change()
{
    models::PlannedContact const ada{models::ContactId{tenant(9).bytes()}, "Ada", "ada@a.example"};
    return {
        drift_of(DriftKind::Missing, models::CreateCustomer{tenant(1), company(1), "A", "A", "psa",
                                                            "PSA Customer", ada}),
        drift_of(DriftKind::Missing, models::CreateCustomer{tenant(2), company(2), "B", "B", "psa",
                                                            "PSA Customer", std::nullopt}),
        drift_of(DriftKind::Unstamped, models::AdoptCompany{tenant(3), company(3), "C", "C"}),
        drift_of(DriftKind::Unstamped, models::AdoptCompany{tenant(4), company(4), "D", {}}),
        drift_of(DriftKind::Untagged, models::RepairTag{tenant(5), company(5), "PSA Customer"}),
        drift_of(DriftKind::ContactMissing, models::RepairContact{tenant(6), company(6), ada}),
        drift_of(DriftKind::Renamed, models::RenameCompany{tenant(7), company(7), "old", "new"}),
        drift_of(DriftKind::Inactive, models::Reactivate{tenant(8), company(8), "ada@a.example"}),
        drift_of(DriftKind::Orphaned, models::CleanUp{tenant(9), company(9), "Canceled"}),
        drift_of(DriftKind::Orphaned, models::Untag{tenant(10), company(10), {"PSA Customer"}}),
        drift_of(DriftKind::Orphaned,
                 models::DeleteCustomer{
                     tenant(11), company(11), "K", {"PSA Customer", "Canceled"}, 1, 2, 1}),
    };
}

Plan plan_of_clean_ups(std::uint8_t n, std::size_t companies)
{
    Plan plan{.counts = {.companies = companies}};
    for (std::uint8_t i = 0; i < n; ++i)
        plan.drift.push_back(
            drift_of(DriftKind::Orphaned, models::CleanUp{tenant(i), company(i), "Canceled"}));
    return plan;
}

GuardVerdict cleanup_verdict(Plan& plan, Guards const& guards,
                             std::vector<Allowance> const& allowed = {})
{
    auto const verdicts = guard(plan, guards, allowed);
    return *std::ranges::find(verdicts, GuardedKind::Cleanup, &GuardVerdict::kind);
}

TEST(GuardsTest, UpToTheFloorTheRatioIsNotAsked)
{
    auto plan = plan_of_clean_ups(10, 20);
    EXPECT_FALSE(cleanup_verdict(plan, {}).is_tripped());
    EXPECT_TRUE(plan.has_due_changes());
}

TEST(GuardsTest, AboveTheFloorTheRatioDecides)
{
    auto within = plan_of_clean_ups(11, 220);
    auto beyond = plan_of_clean_ups(11, 219);
    EXPECT_FALSE(cleanup_verdict(within, {}).is_tripped());
    EXPECT_TRUE(cleanup_verdict(beyond, {}).holds_back());
    EXPECT_FALSE(beyond.has_due_changes());
}

TEST(GuardsTest, NumberIsNeverExceeded)
{
    auto plan = plan_of_clean_ups(4, 1000);
    Guards guards;
    guards.of(GuardedKind::Cleanup) = {.number = 3, .ratio = 1, .floor = 100};
    EXPECT_EQ(cleanup_verdict(plan, guards).limit, 3U);
    EXPECT_FALSE(plan.has_due_changes());
}

TEST(GuardsTest, AllowanceCountsForItsKindAndItsExactNumberOnly)
{
    for (auto const& [allowance, is_allowed] :
         {std::pair{Allowance{GuardedKind::Cleanup, 11}, true},
          std::pair{Allowance{GuardedKind::Cleanup, 12}, false},
          std::pair{Allowance{GuardedKind::Change, 11}, false}}) {
        auto plan = plan_of_clean_ups(11, 20);
        EXPECT_EQ(cleanup_verdict(plan, {}, {allowance}).is_allowed, is_allowed);
        EXPECT_EQ(plan.has_due_changes(), is_allowed);
    }
}

TEST(GuardsTest, EachCountsSomeKindOfChange)
{
    std::set<GuardedKind> counted;
    for (auto const& change : models::blank_changes())
        counted.insert(guarded_kind_of(change));
    EXPECT_EQ(counted.size(), kGuardTable.size());
}

TEST(GuardsTest, OtherKindsGoOn)
{
    auto plan = plan_of_clean_ups(11, 20);
    plan.drift.push_back(
        drift_of(DriftKind::Untagged, models::RepairTag{tenant(99), company(99), "PSA Customer"}));
    guard(plan, {}, {});
    EXPECT_TRUE(plan.drift.back().is_due());
    EXPECT_EQ(plan.drift.front().restraint, Restraint::Guard);
}

SavedPlan saved(std::vector<Drift> const& drift)
{
    return {.identity = {"db:1", "db:1", "clients", tenant(0)},
            .server_time = "2026-11-23T03:00:00Z",
            .drift = drift,
            .witnesses = std::vector<std::string>(drift.size())};
}

TEST(PlanFileTest, EveryKindOfChangeComesBackAsItWas)
{
    auto const written = every_change();
    auto const read = read_plan_file(write_plan_file(saved(written)));
    ASSERT_THAT(read.drift, SizeIs(written.size()));
    for (std::size_t i = 0; i < written.size(); ++i) {
        EXPECT_EQ(read.drift[i].change, written[i].change);
        EXPECT_EQ(read.drift[i].kind, written[i].kind);
        EXPECT_EQ(read.drift[i].company_name, written[i].company_name);
    }
    EXPECT_EQ(read.identity, saved({}).identity);
}

TEST(PlanFileTest, AnyCutOrChangedByteIsNoticed)
{
    auto const text = write_plan_file(saved(every_change()));
    for (std::size_t i = 0; i + 1 < text.size(); i += 7) {
        EXPECT_THROW(read_plan_file(text.substr(0, i)), PlanFileError) << i;
        auto changed = text;
        changed[i] = changed[i] == '7' ? '8' : '7';
        EXPECT_THROW(read_plan_file(changed), PlanFileError) << i << changed.substr(i, 20);
    }
}

TEST(PlanFileTest, TruncationIsNamedWithItsPlace)
{
    auto const text = write_plan_file(saved(every_change()));
    auto const cut = text.substr(0, text.find("\"adopt\""));
    EXPECT_THAT([&] { read_plan_file(cut); },
                ThrowsMessage<PlanFileError>(HasSubstr("line 9, column")));
}

/// Where nothing that the changes depend on has changed.
std::vector<StaleChange> restricted(Plan& fresh, SavedPlan const& plan)
{
    return restrict_to(fresh, plan, plan.witnesses);
}

TEST(PlanFileTest, ChangeWhoseRowsHaveChangedIsStaleAndSaysHow)
{
    Plan fresh{.drift = every_change()};
    auto plan = saved({every_change()[4]});
    plan.witnesses[0] = R"({"company": {"name": "E", "properties": {"a": 1, "b": [2]}}})";
    std::vector<std::string> const now{
        R"({"company": {"properties": {"b": [3], "a": 1, "c": true}, "name": "E"}})"};
    auto const stale = restrict_to(fresh, plan, now);
    ASSERT_THAT(stale, SizeIs(1));
    EXPECT_EQ(stale[0].found,
              "company.properties.b: expected [2], found [3]; "
              "company.properties.c: expected null, found true");
    EXPECT_FALSE(fresh.has_due_changes());
}

TEST(PlanFileTest, WitnessComesBackAsItWas)
{
    auto plan = saved({every_change()[0]});
    plan.witnesses = {R"({"company":null,"name_of":null})"};
    EXPECT_EQ(read_plan_file(write_plan_file(plan)).witnesses, plan.witnesses);
}

TEST(PlanFileTest, EditedChangeIsNamed)
{
    auto text = write_plan_file(saved(every_change()));
    text.replace(text.find("\"old\""), 5, "\"OLD\"");
    EXPECT_THAT([&] { read_plan_file(text); },
                ThrowsMessage<PlanFileError>(HasSubstr("change 7 was edited")));
}

TEST(PlanFileTest, FreshPlanKeepsExactlyWhatWasSaved)
{
    Plan fresh{.drift = every_change()};
    auto const stale = restricted(fresh, saved({every_change()[0]}));
    EXPECT_THAT(stale, IsEmpty());
    EXPECT_TRUE(fresh.drift[0].is_due());
    EXPECT_EQ(fresh.drift[1].restraint, Restraint::PlanFile);
}

TEST(PlanFileTest, ChangeThatIsNotDueAsItWasIsStale)
{
    auto drift = every_change();
    models::unboxed(std::get<models::Boxed<models::RenameCompany>>(*drift[6].change)).to = "newer";
    Plan fresh{.drift = {drift[6]}};
    auto const stale = restricted(fresh, saved({every_change()[6], every_change()[8]}));
    ASSERT_THAT(stale, SizeIs(2));
    EXPECT_EQ(stale[0].found, "");
    EXPECT_EQ(stale[0].instead, drift[6].change);
    EXPECT_THAT(stale[1].found, HasSubstr("nothing is to be done"));
    EXPECT_FALSE(fresh.has_due_changes());
}

}  // namespace

}  // namespace tracking::reconcile
