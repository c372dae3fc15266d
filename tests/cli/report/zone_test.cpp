#include "config/notation/format.hpp"
#include "tests/cli/job_test.hpp"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace tracking::testing {

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr char const* kZones[] = {"America/New_York", "Asia/Kolkata"};

/// How many seconds the clock reading of UTC is away from now.
long distance_from_now(std::smatch const& stamp)
{
    using namespace std::chrono;
    auto const number = [&](std::size_t group) { return std::stoi(stamp[group]); };
    sys_seconds const time = sys_days{year{number(1)} / number(2) / number(3)} + hours{number(4)} +
                             minutes{number(5)} + seconds{number(6)};
    return std::abs((time - floor<seconds>(system_clock::now())).count());
}

/// Every time in the text is one of the last minutes, and says that it is UTC. Returns how many
/// there are.
int expect_recent_times(std::string const& text)
{
    static std::regex const pattern{
        R"((\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d+)?( UTC|Z|\+00:00)?)"};
    int count = 0;
    for (std::sregex_iterator it{text.begin(), text.end(), pattern}, end; it != end; ++it) {
        EXPECT_LT(distance_from_now(*it), 900) << it->str() << " in\n" << text;
        EXPECT_TRUE((*it)[8].matched) << it->str() << " does not say that it is UTC";
        ++count;
    }
    return count;
}

class ZoneTest : public JobTest
{
protected:
    ZoneTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.company({.n = 9, .name = "Gone", .link = tenant_id(99)});
        world.company({.n = 8, .name = "Waived", .link = tenant_id(98)});
        fs::create_directory(folder_);
        std::ofstream{folder_ / "job.yaml"}
            << "waivers: [{item: Waived, kind: orphaned, reason: later, until: 2099-12-31}]\n";
        init();
    }
    ~ZoneTest() override { fs::remove_all(folder_); }

    /// As the owner, in the zone, as seen by the program and by the server's session.
    Ended in_zone(std::string const& zone, std::vector<std::string> arguments) const
    {
        arguments.push_back("--config=" + (folder_ / "job.yaml").string());
        return job(
            arguments,
            {{"TZ", zone}, {"PGTZ", zone}, {"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
    }

    std::string file(std::string const& name) const
    {
        std::ifstream stream{folder_ / name};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    fs::path const folder_ = fs::temp_directory_path() / ("zone_" + database.name());
};

TEST_P(ZoneTest, TimesOfReportsAndLogsAreUtcInEveryForm)
{
    in_zone("UTC", {"apply", "--yes"});  // the orphan has been seen once
    for (auto const* zone : kZones)
        for (auto const& [format, form, suffix] : config::kFormats) {
            auto const ended = in_zone(zone, {"plan", "--format=" + std::string{form},
                                              "--log-format=json", "--grace-time=5m"});
            EXPECT_EQ(ended.exit_code, 0) << ended.err;
            EXPECT_GT(expect_recent_times(ended.out), 0) << ended.out;
            EXPECT_GT(expect_recent_times(ended.err), 0);
        }
}

TEST_P(ZoneTest, AWaiversLastDayStaysThatDay)
{
    for (auto const* zone : kZones)
        EXPECT_THAT(in_zone(zone, {"plan", "--format=json"}).out,
                    HasSubstr("waived until 2099-12-31"));
}

TEST_P(ZoneTest, TimesOfThePastAreUtc)
{
    in_zone("UTC", {"apply", "--yes"});
    auto const run = latest_run();
    for (auto const* zone : kZones) {
        EXPECT_GT(expect_recent_times(in_zone(zone, {"history"}).out), 0);
        EXPECT_GT(expect_recent_times(in_zone(zone, {"history", "--format=json"}).out), 0);
        EXPECT_GT(expect_recent_times(in_zone(zone, {"show", run}).out), 0);
        EXPECT_GT(expect_recent_times(in_zone(zone, {"explain", "Acme"}).out), 0);
        EXPECT_GT(expect_recent_times(in_zone(zone, {"undo", run, "--dry-run"}).out), 0);
        EXPECT_EQ(in_zone(zone, {"doctor"}).exit_code, 0);
    }
}

/// The test compares rows as they stand, not as a session in some zone would write them.
TEST_P(ZoneTest, PlansAndUndosGoOnInAnotherZone)
{
    auto const plan = "--out=" + (folder_ / "plan.json").string();
    EXPECT_EQ(in_zone(kZones[0], {"plan", plan}).exit_code, 0);
    auto const applied = in_zone(kZones[1], {"apply", (folder_ / "plan.json").string(), "--yes"});
    EXPECT_EQ(applied.exit_code, 0) << applied.out << applied.err;
    auto const run = latest_run();
    EXPECT_GT(expect_recent_times(file("plan.json")), 0);
    auto const undone = in_zone(kZones[0], {"undo", run, "--yes"});
    EXPECT_EQ(undone.exit_code, 0) << undone.out << undone.err;
    auto const again = in_zone(kZones[1], {"undo", run, "--yes"});
    EXPECT_EQ(again.exit_code, 65);
    EXPECT_EQ(expect_recent_times(again.err), 1) << again.err;
}

TEST_BOTH_GENERATIONS(ZoneTest);

}  // namespace

}  // namespace tracking::testing
