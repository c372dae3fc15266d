#include "job/forms/text_report.hpp"

#include "job/document/document.hpp"

#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace tracking::job {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string plain(Report const& report)
{
    return render_text(report, {});
}

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

TEST(TextReportTest, LinesEndWithoutBlanksAndTheLastWithANewline)
{
    for (auto const& report : samples::all()) {
        auto const text = plain(report);
        EXPECT_THAT(text, EndsWith("\n"));
        EXPECT_THAT(text, Not(HasSubstr(" \n")));
        EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
    }
}

TEST(TextReportTest, SaysTheSameWithColoursAndWithout)
{
    std::regex const colour{"\x1B\\[[0-9;]*m"};
    for (auto const& report : samples::all()) {
        auto const coloured = render_text(report, {.colors = Colors::On});
        EXPECT_NE(coloured, plain(report));
        EXPECT_EQ(std::regex_replace(coloured, colour, ""), plain(report));
    }
}

TEST(TextReportTest, PlainTextHoldsNoControlCharacters)
{
    auto const text = plain(samples::apply_with_every_outcome());
    EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1B")), Not(HasSubstr("\u202E"))));
    EXPECT_THAT(text, HasSubstr("Zürich Versicherung \\u202Eevil"));
}

TEST(TextReportTest, FitsEightyColumns)
{
    for (auto const& report : samples::all()) {
        for (auto const& line : lines_of(render_text(report, {.width = 80}))) {
            bool const is_command = line.find("customer-reconcile ") != line.npos;
            EXPECT_TRUE(is_command || display_width(line) <= 80) << line;
        }
    }
}

TEST(TextReportTest, CommandsStandOnOneLineAtEveryWidth)
{
    auto const commands = [](int width) {
        std::vector<std::string> found;
        for (auto const& line :
             lines_of(render_text(samples::plan_with_every_kind(), {.width = width}))) {
            if (auto const at = line.find("customer-reconcile link"); at != line.npos)
                found.push_back(line.substr(at));
        }
        return found;
    };
    EXPECT_FALSE(commands(80).empty());
    EXPECT_EQ(commands(80), commands(200));
}

TEST(TextReportTest, HeadingSaysWhatRanOnWhatAndWhen)
{
    EXPECT_THAT(plain(samples::plan_in_sync()),
                StartsWith(R"(customer-reconcile 0.1.0 plan: ok (exit code 0)
  database     db.internal:5432/server as reconcile (clients generation)
  management   "Nine Minds LLC" a0000000-0000-4000-8000-000000000999
  to do        0 to create, 0 to change, 0 to clean up
  compared     with no earlier run: there is no journal
  person       nothing waits for a decision
  read         2026-10-01 02:00:03 UTC, took 1.2 s (connect 0.1, read_companies 1.1)
)"));
}

TEST(TextReportTest, FirstScreenSaysHowMuchWhatIsNewAndWhatWaits)
{
    auto report = samples::plan_with_every_kind();
    report.plan->since =
        reconcile::SinceRun{.ended = *report.server_time, .fresh = 3, .gone = 41, .as_before = 8};
    EXPECT_THAT(plain(report), HasSubstr(R"(
  to do        2 to create, 5 to change, 1 to clean up
  compared     since the last run: 3 new, 41 gone, 8 as before (it ended at 2026-10-01 02:00:03 UTC)
  person       5 items wait for a decision
)"));
}

TEST(TextReportTest, TheRunThatSinceNamesIsSaid)
{
    auto report = samples::plan_in_sync();
    report.plan->since =
        reconcile::SinceRun{.ended = *report.server_time,
                            .run = models::RunId::parse("00000000-0000-4000-8000-0000000000aa")};
    EXPECT_THAT(plain(report), HasSubstr("since run 00000000-0000-4000-8000-0000000000aa: 0 new"));
}

TEST(TextReportTest, TheTrendIsALineOfWhatEachRunSawLast)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1, "Acme")};
    report.trend = {{.outcome = "ok", .found = 7, .left = 0},  // the newest first
                    {.outcome = ""},
                    {.outcome = "refused", .found = 14}};
    EXPECT_THAT(
        plain(report),
        HasSubstr("\n  trend        █×▁▂ left by 3 runs, and now: 14 at most; × saw none\n"));
}

TEST(TextReportTest, AReadingInDoubtIsNoneInTheTrend)
{
    EXPECT_THAT(plain(samples::apply_in_doubt()),
                HasSubstr("█× left by 1 run, and now: 7 at most; × saw none"));
}

TEST(TextReportTest, ThereIsNoTrendWithoutEarlierRunsAndInOtherCommands)
{
    auto report = samples::plan_in_sync();
    EXPECT_THAT(plain(report), Not(HasSubstr("trend")));
    report.trend = {{.outcome = "ok", .found = 7, .left = 0}};
    EXPECT_THAT(plain(report), HasSubstr("▁▁ left by"));
    report.command = "undo";
    EXPECT_THAT(plain(report), Not(HasSubstr("trend")));
}

TEST(TextReportTest, ApplySaysHowMuchOfItIsDone)
{
    EXPECT_THAT(plain(samples::apply_with_every_outcome()), HasSubstr("\n  done         "));
}

TEST(TextReportTest, NewItemsAreMarkedWhereTheLastRunIsKnown)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1, "Acme"), samples::missing(3, "Bolt")};
    report.plan->drift.front().seen = reconcile::Sighting{.runs = 1, .age = std::chrono::hours{24}};
    EXPECT_THAT(plain(report), Not(HasSubstr("*+ tenant")));
    report.plan->since = reconcile::SinceRun{};
    auto const text = plain(report);
    EXPECT_THAT(text, AllOf(HasSubstr("  + tenant   " + samples::tenant_id(1).str()),
                            HasSubstr(" *+ tenant   " + samples::tenant_id(3).str())));
}

TEST(TextReportTest, CleanUpsComeFirstThenWhatAPersonDecides)
{
    auto const text = plain(samples::plan_with_every_kind());
    EXPECT_LT(text.find("\norphaned ("), text.find("\nduplicate ("));
    EXPECT_LT(text.find("\nunlinked ("), text.find("\nmissing ("));
}

TEST(TextReportTest, ACutListNeverDropsACleanUp)
{
    auto report = samples::plan_in_sync();
    for (int number = 0; number < 30; ++number) {
        report.plan->drift.push_back(samples::orphaned_in_grace(number, "Gone"));
        if (number >= 5)
            report.plan->drift.back().restraint = reconcile::Restraint::None;
    }
    auto const text = render_text(report, {.list_limit = 3});
    EXPECT_THAT(text, HasSubstr("... and 5 more;"));
    EXPECT_THAT(text, HasSubstr(samples::company_id(29).str()));
}

TEST(TextReportTest, ValuesBeforeAndAfterAreSaid)
{
    EXPECT_THAT(plain(samples::plan_with_every_kind()),
                AllOf(HasSubstr("    state    inactive -> active\n"),
                      HasSubstr("    link     \"Initech\" -> the tenant's id\n")));
}

TEST(TextReportTest, PlanInSyncHasNothingToDo)
{
    auto const text = plain(samples::plan_in_sync());
    EXPECT_THAT(text, HasSubstr("No drift: every tenant in scope has its customer."));
    EXPECT_THAT(text, EndsWith("\nNothing to do.\n"));
}

TEST(TextReportTest, PlanTellsTheNextStepLast)
{
    EXPECT_THAT(plain(samples::plan_with_every_kind()),
                EndsWith("5 items wait for a person: customer-reconcile explain TENANT|COMPANY\n"
                         "8 changes would be applied: customer-reconcile apply\n"));
}

TEST(TextReportTest, TheCommandThatAppliesAPlanHasThePlansOptions)
{
    auto report = samples::plan_with_every_kind();
    report.repeated.flags["apply"] = {"--policy=create"};
    EXPECT_THAT(plain(report), HasSubstr(": customer-reconcile apply --policy=create\n"));
}

TEST(TextReportTest, TableCountsEachKindThatWasFound)
{
    auto const lines = lines_of(plain(samples::plan_with_every_kind()));
    EXPECT_THAT(lines, Contains("  orphaned             3      1      2       -"
                                "   companies whose tenant is gone"));
    EXPECT_THAT(lines, Contains("  all                 23      8     10       5"));
}

TEST(TextReportTest, ItemSaysWhatWillBeDone)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::missing(1, "Acme")};
    EXPECT_THAT(plain(report), HasSubstr(R"(
missing (1): 1 to apply
  + tenant   a0000000-0000-4000-8000-000000000001  "Acme"
    will     create company "Acme" with tag "PSA Customer" and contact Ada Lovelace
             <ada@tenant1.example>
)"));
}

TEST(TextReportTest, AGroupNamesItsFirstRowsAndSaysHowManyThereAreMore)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::crowd(1'500, 1'490)};
    auto const text = plain(report);
    EXPECT_THAT(text,
                AllOf(HasSubstr(R"(
    company  c0000000-0000-4000-8000-000000000010  "Trial 10"
    company  ... and 1480 more; all of them are in --report FILE.json
)"),
                      HasSubstr("    tenant   ... and 1490 more"), Not(HasSubstr("000000000011"))));
    EXPECT_THAT(text, HasSubstr("link a0000000-0000-4000-8000-000000000010 COMPANY --reason"));
}

TEST(TextReportTest, AGroupOfOneTenantHasACommandForEachCompany)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::crowd(1, 2)};
    EXPECT_THAT(plain(report), HasSubstr(R"(
  ! tenant   a0000000-0000-4000-8000-000000000001  "Trial"
    company  c0000000-0000-4000-8000-000000000001  "Trial 1"
    company  c0000000-0000-4000-8000-000000000002  "Trial 2"
    seen     1 tenants match)"));
}

TEST(TextReportTest, ItemTellsHowOldItIs)
{
    EXPECT_THAT(plain(samples::plan_with_every_kind()),
                HasSubstr("    age      seen by 3 runs, for 49 h; the tenant is 12 days old\n"));
}

TEST(TextReportTest, GraceTellsWhenItEnds)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::orphaned_in_grace(1, "Gone"),
                          samples::orphaned_in_grace(2, "G")};
    EXPECT_THAT(plain(report),
                AllOf(HasSubstr("orphaned (2): 2 in grace (first due 2026-10-03 03:00:03 UTC)"),
                      HasSubstr("for 24 h of 72 h; due 2026-10-03 04:00:03 UTC")));
}

TEST(TextReportTest, GraceThatOnlyWaitsForAnotherRunSaysSo)
{
    auto report = samples::plan_in_sync();
    report.plan->drift = {samples::orphaned_in_grace(1, "Gone")};
    report.plan->drift.front().due_in = std::chrono::seconds{0};
    EXPECT_THAT(plain(report), HasSubstr("in grace (first due at the next run)"));
}

TEST(TextReportTest, LongListsAreCutAndSayWhereTheRestIs)
{
    auto report = samples::plan_in_sync();
    for (int number = 0; number < 30; ++number)
        report.plan->drift.push_back(samples::missing(number, "Acme"));
    auto const rest = HasSubstr("\n    ... and 10 more; all of them are in --report FILE.json\n");
    EXPECT_THAT(render_text(report, {.list_limit = 20}), rest);
    EXPECT_THAT(render_text(report, {.list_limit = 0}), Not(HasSubstr("more;")));
}

TEST(TextReportTest, ManyRemarksAreCutToo)
{
    auto report = samples::plan_in_sync();
    report.plan->remarks.assign(30, "the waiver matches no drift");
    EXPECT_THAT(render_text(report, {.list_limit = 20}),
                AllOf(HasSubstr("\nRemarks (30)\n"), HasSubstr("... and 10 more;")));
}

TEST(TextReportTest, ManyOfOneKindLeaveTheOthersRoomInADocumentThatIsCut)
{
    auto report = samples::plan_in_sync();
    auto const add = [&](reconcile::DriftKind kind, int count) {
        for (int i = 1; i <= count; ++i) {
            report.plan->drift.push_back(samples::missing(i, "A"));
            report.plan->drift.back().kind = kind;
        }
    };
    add(reconcile::DriftKind::Missing, 1'000);
    add(reconcile::DriftKind::Untagged, 1'000);
    add(reconcile::DriftKind::Renamed, 10);
    add(reconcile::DriftKind::Unlinked, 30);
    for (auto& drift : std::span{report.plan->drift}.last(30))
        drift.change.reset();
    std::map<std::string, std::size_t> listed;
    for (auto const& section : document_of(report, {.in_all = 100}).sections)
        listed[section.title] = section.entries.size();
    EXPECT_EQ(listed, (std::map<std::string, std::size_t>{
                          {"missing", 30}, {"untagged", 30}, {"renamed", 10}, {"unlinked", 30}}));
    EXPECT_EQ(document_of(report, {.in_all = 10}).sections.front().entries.size(), 30U)
        << "what waits for a person is always there";
}

TEST(TextReportTest, FailuresComeBeforeEverythingThatIsDone)
{
    auto const text = plain(samples::apply_with_every_outcome());
    EXPECT_LT(text.find("\nFailed (1)"), text.find("\nStale: "));
    EXPECT_LT(text.find("\nStale: "), text.find("\nNot reached: "));
    EXPECT_LT(text.find("\nNot reached: "), text.find("\nDone: "));
    EXPECT_LT(text.find("\nDone: "), text.find("\nLeft, by a fresh read:"));
    EXPECT_THAT(text,
                HasSubstr("    failed   SQLSTATE 55P03: ERROR:  canceling statement due to lock "
                          "timeout; CONTEXT: ...\n"));
}

TEST(TextReportTest, ApplyTellsWhatBecameOfTheChanges)
{
    auto const lines = lines_of(plain(samples::apply_with_every_outcome()));
    EXPECT_THAT(lines, Contains("  create               2        1              -      -       1"
                                "            -"));
    EXPECT_THAT(
        lines,
        Contains("  Written: 4 companies, 2 contacts, 1 tag in 6 transactions; 1 rollback."));
}

TEST(TextReportTest, WhatWasTriedAgainIsSaidWhereThereWasAny)
{
    EXPECT_THAT(lines_of(plain(samples::apply_with_every_outcome())),
                Contains("  tried again  2 deadlock, 1 connection failure"));
    EXPECT_THAT(plain(samples::apply_that_converged()), Not(HasSubstr("tried again")));
}

TEST(TextReportTest, ApplyEndsWithWhetherItConverged)
{
    EXPECT_THAT(plain(samples::apply_that_converged()), EndsWith("\n\nconverged: yes\n"));
    EXPECT_THAT(plain(samples::apply_with_every_outcome()),
                EndsWith("\nconverged: no (1 failed, 1 stale, 1 not reached)\n"));
}

TEST(TextReportTest, WithoutAFreshReadConvergenceIsUnknown)
{
    auto report = samples::apply_with_every_outcome();
    report.residual.reset();
    EXPECT_THAT(plain(report),
                AllOf(HasSubstr("What is left is not known"), EndsWith("\nconverged: unknown\n")));
}

TEST(TextReportTest, DryRunSaysThatNothingWasWrittenAndWhy)
{
    EXPECT_THAT(plain(samples::dry_run()),
                AllOf(HasSubstr("\nDRY RUN  nothing was written: tracking-enabled is false\n"),
                      EndsWith("\nDry run: 8 changes would be applied.\n")));
}

TEST(TextReportTest, ApplyThatHasNotBegunReadsAsItsPlan)
{
    auto report = samples::plan_with_every_kind();
    report.command = "apply";
    EXPECT_THAT(plain(report), AllOf(EndsWith("\n8 changes to apply.\n"),
                                     Not(HasSubstr("not reached")), Not(HasSubstr("converged"))));
}

TEST(TextReportTest, ErrorBeforeTheConnectionComesWithWhatToDoAboutIt)
{
    EXPECT_EQ(plain(samples::without_connection()),
              "customer-reconcile 0.1.0 apply: unavailable (exit code 69): no connection\n"
              "  took         0.0 s\n"
              "\n"
              "ERROR    cannot connect to db.internal:5432: connection refused\n"
              "\n"
              "See what is missing, check by check: customer-reconcile doctor\n");
}

TEST(TextReportTest, EveryLineOfAnErrorStandsByItself)
{
    auto report = samples::without_connection();
    report.error = "job.yaml:3: unknown key\njob.yaml:7: not a duration\n";
    EXPECT_THAT(plain(report), HasSubstr("\nERROR    job.yaml:3: unknown key\n"
                                         "ERROR    job.yaml:7: not a duration\n"));
}

TEST(TextReportTest, RehearsalSaysWhatWouldFailAndThatNothingWasWritten)
{
    auto const text = plain(samples::rehearsal());
    EXPECT_THAT(text, HasSubstr("TRIED    2 of 4 changes would be applied, 1 would fail."));
    EXPECT_THAT(text, AllOf(HasSubstr("\nFailed (1)"), HasSubstr("\nStale: ")));
    EXPECT_THAT(text, Not(HasSubstr("Written:")));
}

TEST(TextReportTest, WhereAPersonDecidesTheCommandsStandReady)
{
    auto const text = plain(samples::plan_with_every_kind());
    auto const link = [](std::string const& tenant, int company) {
        return "decide   customer-reconcile link " + tenant + " " +
               samples::company_id(company).str() + " --reason \"...\"";
    };
    EXPECT_THAT(text, AllOf(HasSubstr(link(samples::tenant_id(81).str(), 82)),
                            HasSubstr(link(samples::tenant_id(81).str(), 83)),
                            HasSubstr(link("TENANT", 91)),
                            HasSubstr("decide   customer-reconcile ignore " +
                                      samples::company_id(71).str() + " --reason \"...\"\n")));
}

}  // namespace
}  // namespace tracking::job
