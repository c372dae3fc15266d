#include "job/notify/digest.hpp"
#include "job/notify/occasions.hpp"

#include "tests/support/reports/sample_report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tracking::job {
namespace {

using config::Occasion;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

Report ended(Ending outcome)
{
    Report report{.command = "apply"};
    report.outcome = outcome;
    return report;
}

/// Held back by the guards of these kinds, as `apply` and as the journal tells it.
Report refused(std::vector<reconcile::GuardedKind> const& kinds)
{
    auto report = ended(Ending::Refused);
    for (auto const kind : kinds)
        report.guards.push_back({.kind = kind, .due = 9, .limit = 1});
    return report;
}

Report waiting(std::vector<bool> const& was_seen)
{
    auto report = ended(Ending::Ok);
    report.residual.emplace();
    for (bool const seen : was_seen) {
        report.residual->drift.push_back({.kind = reconcile::DriftKind::NoAdmin});
        if (seen)
            report.residual->drift.back().seen.emplace();
    }
    return report;
}

std::vector<Occasion> news(Report const& now, Report const& former)
{
    std::vector<Occasion> occasions;
    for (auto const& one : news_in(now, &former))
        occasions.push_back(one.occasion);
    return occasions;
}

TEST(NotifyTest, WhatStaysAsItWasIsNoNews)
{
    using enum reconcile::GuardedKind;
    EXPECT_THAT(news(ended(Ending::Ok), ended(Ending::Ok)), IsEmpty());
    EXPECT_THAT(news(refused({Create}), refused({Create})), IsEmpty());
    EXPECT_THAT(news(refused({Create}), refused({Create, Cleanup})), IsEmpty());
    EXPECT_THAT(news(ended(Ending::Partial), ended(Ending::Partial)), IsEmpty());
    EXPECT_THAT(news(waiting({true, true}), ended(Ending::Ok)), IsEmpty());
}

TEST(NotifyTest, ARefusalBesideAStandingOneIsNews)
{
    using enum reconcile::GuardedKind;
    EXPECT_THAT(news(refused({Create}), ended(Ending::Ok)), ElementsAre(Occasion::Refused));
    EXPECT_THAT(news(refused({Create, Cleanup}), refused({Create})),
                ElementsAre(Occasion::Refused));
    auto doubtful = refused({});
    doubtful.refusals = {"no tenants"};
    EXPECT_THAT(news(doubtful, refused({Create})), ElementsAre(Occasion::Refused));
    auto lagging = refused({});
    lagging.held_for_source = 1;
    EXPECT_THAT(news(lagging, doubtful), ElementsAre(Occasion::Refused));
}

TEST(NotifyTest, AnotherFailureIsNews)
{
    for (auto const ending : {Ending::Failed, Ending::Partial, Ending::Interrupted, Ending::Data,
                              Ending::Unavailable, Ending::Denied, Ending::Config})
        EXPECT_THAT(news(ended(ending), ended(Ending::Ok)), ElementsAre(Occasion::Failed));
    EXPECT_THAT(news(ended(Ending::Failed), ended(Ending::Partial)), ElementsAre(Occasion::Failed));
    for (auto const ending : {Ending::Busy, Ending::Stale})
        EXPECT_THAT(news(ended(ending), ended(Ending::Ok)), IsEmpty());
}

TEST(NotifyTest, AGoodRunAfterABadOneIsNews)
{
    using enum reconcile::GuardedKind;
    EXPECT_THAT(news(ended(Ending::Ok), refused({Create})), ElementsAre(Occasion::Recovered));
    EXPECT_THAT(news(ended(Ending::Ok), ended(Ending::Partial)), ElementsAre(Occasion::Recovered));
    EXPECT_THAT(news(refused({Create}), ended(Ending::Failed)), ElementsAre(Occasion::Refused));
}

TEST(NotifyTest, OfItemsThatWaitOnlyNewOnesAreNews)
{
    auto report = waiting({true, false, false});
    EXPECT_EQ(news_in(report, nullptr),
              std::vector({News{Occasion::Decision, "2 new items wait for a person."}}));
    report.residual->drift.front().restraint = reconcile::Restraint::Waived;
    report.residual->drift.back().restraint = reconcile::Restraint::Waived;
    EXPECT_EQ(news_in(report, nullptr),
              std::vector({News{Occasion::Decision, "1 new item waits for a person."}}));
}

TEST(NotifyTest, WithoutARunBeforeEverythingButARecoveryIsNews)
{
    using enum reconcile::GuardedKind;
    EXPECT_THAT(news_in(ended(Ending::Ok), nullptr), IsEmpty());
    EXPECT_THAT(news_in(refused({Create}), nullptr), SizeIs(1));
    EXPECT_EQ(news_in(ended(Ending::Unavailable), nullptr),
              std::vector({News{Occasion::Failed, "No run before is known."}}));
}

TEST(NotifyTest, TheDigestSaysFirstHowTheRunEndedAndWhy)
{
    auto const text = digest_of(samples::apply_with_every_outcome(),
                                {{Occasion::Failed, "The run before ended as \"ok\"."}}, "eu");
    EXPECT_THAT(text,
                StartsWith("⚠️ customer-reconcile 0.1.0 apply: partial (exit code 4): some "
                           "changes failed, the others did not\n\n"
                           "The run before ended as \"ok\".\n\n"
                           "- environment: `eu`\n"
                           "- database: `"));
    EXPECT_THAT(text, AllOf(HasSubstr("- done: `"), HasSubstr("- person: `"),
                            HasSubstr("```\ncustomer-reconcile explain TENANT|COMPANY\n```\n")));
}

TEST(NotifyTest, NewItemsForAPersonAreNamedEachWithItsCommand)
{
    auto report = samples::apply_that_converged();
    report.residual->drift.clear();
    for (int n = 1; n <= 7; ++n) {
        report.residual->drift.push_back({.kind = reconcile::DriftKind::Unlinked,
                                          .company = samples::company_id(n),
                                          .company_name = fmt::format("Old {}", n)});
    }
    report.residual->drift.front().seen.emplace();
    EXPECT_THAT(digest_of(report, news_in(report, nullptr), ""),
                HasSubstr("\nNew for a person:\n\n"
                          "- unlinked: `\"Old 2\"`\n- unlinked: `\"Old 3\"`\n"
                          "- unlinked: `\"Old 4\"`\n- unlinked: `\"Old 5\"`\n"
                          "- unlinked: `\"Old 6\"`\n- and 1 more\n"
                          "```\ncustomer-reconcile explain " +
                          samples::company_id(2).str() + "\n"));
}

TEST(NotifyTest, EveryDigestIsShortAndHoldsNoPersonalData)
{
    for (auto report : samples::all()) {
        report.error = "ERROR: x; DETAIL: Key (email)=(ada@acme.example) exists";
        report.warnings =
            std::vector<std::string>(100, "bob@acme.example " + std::string(999, 'x'));
        auto const text = digest_of(report, news_in(report, nullptr), "carl@acme.example");
        EXPECT_LT(text.size(), 10'000U);
        for (auto const* person : {"ada@", "bob@", "carl@", "Ada", "admin@"})
            EXPECT_THAT(text, Not(HasSubstr(person)));
    }
}

TEST(NotifyTest, NoTextOfTheDatabaseMentionsAnybody)
{
    auto report = samples::plan_with_every_kind();
    report.management_tenant_name = "`<!channel> @all <https://x|y>`";
    report.warnings = {"<!here> *x*"};
    auto const text = digest_of(report, {}, "<!everyone>");
    EXPECT_THAT(text, AllOf(Not(HasSubstr("<!")), Not(HasSubstr("<h"))));
    EXPECT_THAT(text, HasSubstr("- environment: `‹!everyone›`\n"));
    EXPECT_THAT(text, HasSubstr("``\"`‹!channel› @all"));
}

}  // namespace
}  // namespace tracking::job
