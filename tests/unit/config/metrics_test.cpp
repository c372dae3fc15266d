// Where metrics go: an address that may hold a password, and what belongs to it.

#include "config/notation/web_address.hpp"
#include "config/sources/command_line.hpp"
#include "config/sources/load.hpp"
#include "tests/support/loading.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace tracking::config {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::map<std::string, std::string> const kUrlWithPassword{
    {"CUSTOMER_RECONCILE_METRICS_PUSHGATEWAY", "https://job:hunter2@push.example/base/"}};

std::vector<std::string> problems(std::vector<std::string> const& arguments,
                                  std::map<std::string, std::string> const& environment = {})
{
    Problems found;
    load({{}, environment, parse_command_line(arguments).settings}, found);
    try {
        found.raise();
    } catch (ConfigError const& error) {
        return lines_of(error);
    }
    return {};
}

TEST(WebAddressTest, IsTakenApartAndDecoded)
{
    EXPECT_EQ(parse_web_address("http://push"), (WebAddress{.host = "push", .port = 80}));
    EXPECT_EQ(parse_web_address("HTTPS://u%40x:p%3A@Push.example:9091/a%20b/"),
              (WebAddress{.is_encrypted = true,
                          .host = "Push.example",
                          .port = 9091,
                          .path = "/a%20b",
                          .user = "u@x",
                          .password = "p:"}));
    auto const ipv6 = parse_web_address("https://[::1]/");
    ASSERT_TRUE(ipv6);
    EXPECT_EQ(ipv6->host, "::1");
    EXPECT_EQ(ipv6->shown(), "https://[::1]:443");
    EXPECT_EQ(ipv6->authority(), "[::1]");
    EXPECT_EQ(parse_web_address("http://push:443")->authority(), "push:443");
}

TEST(WebAddressTest, OtherUrlsAreNone)
{
    for (auto const* url : {"", "push:9091", "//push", "ftp://push", "http://", "http:///x",
                            "http://push:0", "http://push:65536", "http://push:x",
                            "http://push/?a=b", "http://push/#x", "http://pu sh/"})
        EXPECT_EQ(parse_web_address(url), std::nullopt) << url;
}

TEST(MetricsConfigTest, PasswordsInAUrlAreReadAndNotShown)
{
    auto const loaded = load({{}, kUrlWithPassword, {}});
    EXPECT_EQ(parse_web_address(loaded.config.metrics.pushgateway)->password, "hunter2");
    EXPECT_THAT(loaded.show(),
                AllOf(Contains(HasSubstr("\"https://job:********@push.example/base/\"")),
                      Not(Contains(HasSubstr("hunter2")))));
}

TEST(MetricsConfigTest, AFlagMayNotHoldAPassword)
{
    EXPECT_THAT(problems({"--metrics-pushgateway=http://job:hunter2@push"}),
                ElementsAre(AllOf(StartsWith("--metrics-pushgateway: "), Not(HasSubstr("hunter2")),
                                  HasSubstr("metrics.pushgateway-password-file"))));
    EXPECT_THAT(problems({"--metrics-pushgateway=http://job@push"}), IsEmpty());
    EXPECT_THAT(problems({"--metrics-pushgateway=job:hunter2@push"}),
                ElementsAre(Not(HasSubstr("hunter2"))));
}

TEST(MetricsConfigTest, PasswordAndUserComeFromOnePlace)
{
    EXPECT_THAT(problems({"--metrics-pushgateway-user=other"}, kUrlWithPassword),
                ElementsAre(HasSubstr("keep one")));
    auto const file = ::testing::TempDir() + "pushgateway-password";
    std::ofstream{file} << "hunter2\nsecond\n";
    EXPECT_THAT(problems({"--metrics-pushgateway-password-file=" + file}),
                ElementsAre(HasSubstr("set metrics.pushgateway-user")));
    auto const flags = parse_command_line(
        {"--metrics-pushgateway-user=job", "--metrics-pushgateway-password-file=" + file});
    EXPECT_EQ(load({{}, {}, flags.settings}).config.metrics.pushgateway_password, "hunter2");
    std::filesystem::remove(file);
}

TEST(MetricsConfigTest, ATextfileIsOneThatTheCollectorReads)
{
    EXPECT_THAT(problems({"--metrics-textfile=/x/job.txt"}), ElementsAre(HasSubstr(".prom")));
    EXPECT_THAT(problems({"--metrics-textfile=/x/job.prom"}), IsEmpty());
}

TEST(MetricsConfigTest, WhatCouldBeReadHoldsBesideProblems)
{
    Problems found;
    auto const flags = parse_command_line({"--metrics-timeout=3s", "--batch-size=0"});
    auto const loaded = load({{}, kUrlWithPassword, flags.settings}, found);
    EXPECT_EQ(loaded.config.metrics.timeout, 3s);
    EXPECT_NE(loaded.config.metrics.pushgateway, "");
    EXPECT_EQ(loaded.config.batch_size, Config{}.batch_size);
    EXPECT_THROW(found.raise(), ConfigError);
}

}  // namespace
}  // namespace tracking::config
