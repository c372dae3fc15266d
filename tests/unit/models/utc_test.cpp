#include "models/rules/utc.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tracking::models {

namespace {

using namespace std::chrono;
using ::testing::IsEmpty;

/// The process's time zone is another one while this lives.
class Zone
{
public:
    explicit Zone(char const* name)
    {
        setenv("TZ", name, 1);
        tzset();
    }
    ~Zone()
    {
        unsetenv("TZ");
        tzset();
    }
    Zone(Zone const&) = delete;
    Zone& operator=(Zone const&) = delete;
};

class UtcTest : public ::testing::TestWithParam<char const*>
{
    Zone zone_{GetParam()};
};

TEST_P(UtcTest, TimesAreUtcWhateverTheZone)
{
    auto const time = sys_days{2026y / 12 / 31} + 23h + 5min + 9s;
    EXPECT_EQ(utc_text(time), "2026-12-31 23:05:09 UTC");
    EXPECT_EQ(utc_stamp(time), "2026-12-31T23:05:09Z");
    EXPECT_EQ(utc_stamp(time + 45ms), "2026-12-31T23:05:09.045Z");
    EXPECT_EQ(day_text(floor<days>(time)), "2026-12-31");
}

TEST_P(UtcTest, YearsThatAreOddAreWritten)
{
    EXPECT_EQ(utc_stamp(sys_days{20231y / 1 / 2} + 0s), "20231-01-02T00:00:00Z");
    EXPECT_EQ(utc_stamp(sys_days{1969y / 12 / 31} + 23h + 59min + 59s), "1969-12-31T23:59:59Z");
    EXPECT_EQ(utc_stamp(sys_days{-43y / 3 / 15} + 0s), "-043-03-15T00:00:00Z");
}

INSTANTIATE_TEST_SUITE_P(Zones, UtcTest,
                         ::testing::Values("UTC", "America/New_York", "Asia/Kolkata"),
                         [](auto const& zone) {
                             std::string name = zone.param;
                             std::erase_if(name, [](char c) { return c == '/' || c == '_'; });
                             return name;
                         });

/// fmt and the C library format by the local time of the process, or do so in some versions.
TEST(UtcRuleTest, NobodyElseFormatsATime)
{
    constexpr std::array kForbidden{"fmt/chrono.h", "strftime", "put_time", "localtime", "gmtime"};
    std::vector<std::string> offenders;
    for (auto const* layer : {"config", "models", "reconcile", "job"})
        for (auto const& entry :
             std::filesystem::recursive_directory_iterator{REPOSITORY "/" + std::string{layer}}) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream stream{entry.path()};
            std::string const text{std::istreambuf_iterator<char>{stream}, {}};
            for (auto const* word : kForbidden)
                if (text.find(word) != text.npos)
                    offenders.push_back(entry.path().string() + ": " + word);
        }
    EXPECT_THAT(offenders, IsEmpty());
}

}  // namespace

}  // namespace tracking::models
