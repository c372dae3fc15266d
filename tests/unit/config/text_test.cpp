// How texts are read: durations, connection strings, suggestions.

#include "config/notation/dsn.hpp"
#include "config/notation/duration.hpp"
#include "config/notation/problems.hpp"

#include <gmock/gmock.h>

namespace tracking::config {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

TEST(DurationTest, ReadsUnitsAndTheirCombinations)
{
    std::pair<char const*, std::chrono::milliseconds> const table[] = {
        {"0", 0ms},         {"0s", 0ms},      {"500ms", 500ms},
        {"90s", 90s},       {"15m", 15min},   {"72h", 72h},
        {"7d", 168h},       {"1h30m", 90min}, {"1d2h3m4s5ms", 26h + 3min + 4s + 5ms},
        {"1m1ms", 60001ms}, {"007s", 7s},
    };
    for (auto const& [text, length] : table)
        EXPECT_EQ(parse_duration(text), length) << text;
}

TEST(DurationTest, RefusesEverythingElse)
{
    for (auto const* text :
         {"", " ", "5", "00", "m", "1.5h", "-1s", "+1s", "1 h", "1h ", "1H", "1w", "30m1h", "1h1h",
          "1hm", "1h30", "99999999999999999999s", "200000d", "100000000000000000h"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(DurationTest, WhatIsShownReadsBackTheSame)
{
    for (auto const length : {0ms, 1ms, 999ms, 1000ms, 60'000ms, 90'061'001ms, 259'200'000ms})
        EXPECT_EQ(parse_duration(show_duration(length)), length);
    EXPECT_EQ(show_duration(72h), "72h");
    EXPECT_EQ(show_duration(90s), "1m30s");
}

TEST(DsnTest, MasksEveryPasswordAndNothingElse)
{
    std::pair<char const*, char const*> const table[] = {
        {"", ""},
        {"host=db dbname=server", "host=db dbname=server"},
        {"host=a,b port=1,2 dbname=s", "host=a,b port=1,2 dbname=s"},
        {"host=db password=secret user=u", "user=u password=******** host=db"},
        {"password = 'a \\' b' host=x", "password=******** host=x"},
        {"password=a\\ b host=x", "password=******** host=x"},
        {"sslpassword=k passfile='/p q'", "passfile='/p q' sslpassword=********"},
        {"application_name='password=x'", "application_name='password=x'"},
        {"password=x application_name='a \\' \\\\'",
         "password=******** application_name='a \\' \\\\'"},
        {"postgresql://db:5432/server", "postgresql://db:5432/server"},
        {"postgres://u@db/server", "postgres://u@db/server"},
        {"postgres://u:pw@a:1,b:2/s", "user=u password=******** dbname=s host=a,b port=1,2"},
        {"postgres://u:p%40w@db/s", "user=u password=******** dbname=s host=db"},
        {"postgres://u:p?w@db/s", "user=u password=******** dbname=s host=db"},
        {"postgres://db/s?user=u&password=pw&sslmode=require",
         "user=u password=******** dbname=s host=db sslmode=require"},
        {"postgres://db/s?password=p@w", "password=******** dbname=s host=db"},
    };
    for (auto const& [dsn, shown] : table) {
        EXPECT_EQ(mask_passwords(dsn), shown);
        EXPECT_EQ(holds_password(dsn), std::string_view{dsn} != shown) << dsn;
    }
}

TEST(DsnTest, WhatLibpqCannotReadIsNoDsn)
{
    for (auto const* dsn : {"server", "host=db server", "host='db", "=x", "hosst=db",
                            "mysql://db/s", "postgres://db/s?x=1"})
        EXPECT_EQ(mask_passwords(dsn), std::nullopt) << dsn;
}

/// libpq would look for a host or a database whose name holds a part of the password.
TEST(DsnTest, APasswordThatNobodyEncodedMakesNoDsn)
{
    for (auto const* dsn : {"postgres://u:p@w@db/s", "postgres://u:p/w@db/s"}) {
        EXPECT_EQ(mask_passwords(dsn), std::nullopt) << dsn;
        EXPECT_FALSE(holds_password(dsn)) << dsn;
    }
    EXPECT_EQ(mask_passwords(std::string("host=a\0 password=b", 18)), std::nullopt);
}

TEST(SuggestionTest, NamesTheNearestWithinATypingErrorOrTwo)
{
    EXPECT_EQ(did_you_mean("polcy", {"report", "policy"}), "; did you mean \"policy\"?");
    EXPECT_EQ(did_you_mean("snyc", {"sync"}), "; did you mean \"sync\"?");
    EXPECT_THAT(did_you_mean("elephant", {"policy", "report"}), IsEmpty());
    EXPECT_EQ(did_you_mean("elephant", {"policy"}, "; ask"), "; ask");
    EXPECT_THAT(did_you_mean(std::string(100'000, 'x'), {"policy"}), IsEmpty());
}

}  // namespace
}  // namespace tracking::config
