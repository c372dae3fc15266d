#include "job/report/repeated_options.hpp"

#include "job/commands/command_table.hpp"
#include "job/document/document.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>

#include <boost/program_options.hpp>

#include <algorithm>

namespace tracking::job {
namespace {

using ::testing::SizeIs;
using ::testing::StartsWith;

config::CommandLine parsed(std::string const& command)
{
    auto words = boost::program_options::split_unix(command);
    words.erase(words.begin());
    return config::parse_command_line(words);
}

/// A plan that was asked for with an option of each sort.
RepeatedOptions given()
{
    return repeated_options(
        parsed("customer-reconcile plan --config 'a b.yaml' --statement-timeout=20s --policy=sync "
               "--source-dsn='host=db password=secret' --out=p.json --only=Acme --format=json "
               "--metrics-textfile=m.prom --deadline=5m --batch-size=7"));
}

std::vector<std::string> commands_of(Document const& document)
{
    std::vector<std::string> all;
    auto const take = [&](auto const& ones) {
        for (auto const& one : ones)
            all.insert(all.end(), one.commands.begin(), one.commands.end());
    };
    auto const take_facts = [&](std::vector<Section> const& sections) {
        for (auto const& section : sections)
            for (auto const& entry : section.entries)
                for (auto const& fact : entry.facts)
                    if (fact.is_command)
                        all.push_back(fact.text);
    };
    take(document.notices);
    take(document.guards);
    take(document.closing);
    if (document.allowance)
        take(std::vector{*document.allowance});
    take_facts(document.sections);
    if (document.left)
        take_facts(document.left->sections);
    if (!document.selecting.empty())
        all.push_back(document.selecting);
    std::erase_if(all, [](auto const& one) { return !one.starts_with("customer-reconcile "); });
    return all;
}

std::vector<Report> reports()
{
    auto all = samples::all();
    for (auto report : samples::all()) {
        report.plan_file = "a plan.json";
        all.push_back(report);
        report.command = "undo";
        report.undoes = models::RunId{};
        if (report.plan)
            all.push_back(std::move(report));
    }
    return all;
}

TEST(RepeatedOptionsTest, EveryPrintedCommandTakesWhatItRepeats)
{
    std::size_t seen = 0;
    for (auto& report : reports()) {
        report.repeated = given();
        for (auto const& command : commands_of(document_of(report, {}))) {
            ++seen;
            EXPECT_NO_THROW(command_of(parsed(command))) << command;
            EXPECT_THAT(parsed(command).config, SizeIs(1)) << command;
        }
    }
    EXPECT_GT(seen, 50U);
}

TEST(RepeatedOptionsTest, EachCommandRepeatsWhatItTakes)
{
    auto const complete = [](std::string const& text) { return given().complete(text); };
    EXPECT_EQ(complete("customer-reconcile apply"),
              "customer-reconcile apply --config='a b.yaml' --batch-size=7 --policy=sync "
              "--source-dsn='password=******** host=db' --statement-timeout=20s");
    EXPECT_EQ(complete("customer-reconcile apply p.json --allow create=3"),
              "customer-reconcile apply p.json --allow create=3 --config='a b.yaml' "
              "--batch-size=7 --source-dsn='password=******** host=db' --statement-timeout=20s");
    EXPECT_EQ(complete("customer-reconcile doctor"),
              "customer-reconcile doctor --config='a b.yaml' "
              "--source-dsn='password=******** host=db' --statement-timeout=20s");
    EXPECT_THAT(complete("customer-reconcile config show"),
                StartsWith("customer-reconcile config show --config='a b.yaml'"));
}

TEST(RepeatedOptionsTest, NothingIsSaidTwiceAndOtherTextsStayAsTheyAre)
{
    for (auto const* text : {"UPDATE t SET a = 1;", "", "customer-reconcile", "psql -c 'x'"})
        EXPECT_EQ(given().complete(text), text);
    EXPECT_EQ(given().complete("customer-reconcile apply --config=b --batch-size 9 --policy=sync "
                               "--source-dsn=x --statement-timeout=1s"),
              "customer-reconcile apply --config=b --batch-size 9 --policy=sync --source-dsn=x "
              "--statement-timeout=1s");
}

}  // namespace
}  // namespace tracking::job
