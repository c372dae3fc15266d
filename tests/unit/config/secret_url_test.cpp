#include "config/sources/secret_url.hpp"

#include "tests/unit/config/config_test.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace tracking::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SecretUrlTest : public ConfigTest
{};

TEST_F(SecretUrlTest, AUrlIsCalledAsItStands)
{
    for (auto const& [url, target] :
         std::map<std::string, std::string>{{"https://chat.example/services/T0/B0/?sig=a%2Bb&x=/",
                                             "/services/T0/B0/?sig=a%2Bb&x=/"},
                                            {"https://chat.example", "/"},
                                            {"https://chat.example?a", "/?a"}}) {
        write("url", url + "\r\nsomething else\n");
        auto const read = read_secret_url("url");
        ASSERT_TRUE(read.url) << read.objection;
        EXPECT_EQ(read.url->target, target);
        EXPECT_EQ(read.url->server,
                  (WebAddress{.is_encrypted = true, .host = "chat.example", .port = 443}));
    }
}

TEST_F(SecretUrlTest, WhatIsWrongIsToldWithoutTheSecret)
{
    for (auto const* text :
         {"hush", "ftp://hush", "https://host/hush#part", "https://ho st/hush"}) {
        write("url", text);
        auto const read = read_secret_url("url");
        EXPECT_FALSE(read.url);
        EXPECT_THAT(read.objection, AllOf(HasSubstr("\"url\""), Not(HasSubstr("hush")))) << text;
    }
    EXPECT_THAT(read_secret_url("none").objection, HasSubstr("No such file or directory"));
}

TEST_F(SecretUrlTest, AFileThatWouldNeverEndIsNotRead)
{
    ASSERT_EQ(mkfifo("fifo", 0600), 0);
    for (auto const* file : {"fifo", "/dev/zero", "."})
        EXPECT_THAT(read_secret_url(file).objection, HasSubstr("no regular file")) << file;
}

}  // namespace
}  // namespace tracking::config
