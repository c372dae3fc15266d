#include "models/rules/url.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace tracking::models {
namespace {

using Domain = std::optional<std::string>;

class DomainOfUrl : public testing::TestWithParam<std::tuple<char const*, Domain>>
{};

TEST_P(DomainOfUrl, IsTheHostWithoutOneLeadingWww)
{
    auto const& [url, domain] = GetParam();
    EXPECT_EQ(domain_of(url), domain) << url;
}

INSTANTIATE_TEST_SUITE_P(
    Facts, DomainOfUrl,
    testing::Values(std::tuple{"https://www.example.com/path?q=1", Domain{"example.com"}},
                    std::tuple{"http://Example.COM", Domain{"example.com"}},
                    std::tuple{"example.org", Domain{"example.org"}},
                    std::tuple{"www.example.org:8443/x", Domain{"example.org"}},
                    std::tuple{"https://www.www.example.com", Domain{"www.example.com"}},
                    std::tuple{"https://sub.domain.example.co.uk./",
                               Domain{"sub.domain.example.co.uk."}},
                    std::tuple{"https://münchen.example", Domain{"xn--mnchen-3ya.example"}},
                    std::tuple{"https://[::1]:3000/", Domain{"[::1]"}},
                    std::tuple{"user:pw@host.example", Domain{"host.example"}},
                    std::tuple{"localhost:3000", Domain{"localhost"}}, std::tuple{"", Domain{}},
                    std::tuple{"not a url", Domain{}}, std::tuple{"https://", Domain{}},
                    std::tuple{"ftp://files.example.net", Domain{"files.example.net"}},
                    std::tuple{"HTTPS://UPPER.example", Domain{"upper.example"}}));

INSTANTIATE_TEST_SUITE_P(
    Corners, DomainOfUrl,
    testing::Values(
        std::tuple{"  https://example.com\n", Domain{"example.com"}},
        std::tuple{"https:///example.com", Domain{"example.com"}},
        std::tuple{"https://a@b@example.com\\x", Domain{"example.com"}},
        std::tuple{"example.com/?u=https://other.example", Domain{"example.com"}},
        std::tuple{"https://MÜNCHEN.example.", Domain{"xn--mnchen-3ya.example."}},
        std::tuple{"https://m%C3%BCnchen.example", Domain{"xn--mnchen-3ya.example"}},
        std::tuple{"https://例え.テスト", Domain{"xn--r8jz45g.xn--zckzah"}},
        std::tuple{"https://faß.example", Domain{"xn--fa-hia.example"}},
        std::tuple{"https://[2001:DB8:0:0::1]", Domain{"[2001:db8::1]"}},
        std::tuple{"https://0x7f.1", Domain{"127.0.0.1"}},
        std::tuple{"https://1.2.3.4.5", Domain{}}, std::tuple{"https://1.2.3.256", Domain{}},
        std::tuple{"https://[::1", Domain{}}, std::tuple{"https://[::g]", Domain{}},
        std::tuple{"https://a.example:65536", Domain{}},
        std::tuple{"https://a.example:8x", Domain{}}, std::tuple{"https://:80", Domain{}},
        std::tuple{"https://a%00b", Domain{}}, std::tuple{"https://a%2Fb", Domain{}},
        std::tuple{"https://a／b.example", Domain{}}, std::tuple{"https://\xFF.example", Domain{}},
        std::tuple{"https://www.", Domain{}}, std::tuple{"file:///etc/hosts", Domain{}}));

TEST(DomainOfUrlTest, StopsAtNoNul)
{
    EXPECT_EQ(domain_of(std::string{"https://ü\0.example", 18}), std::nullopt);
}

class ValidUrl : public testing::TestWithParam<char const*>
{};

TEST_P(ValidUrl, IsAccepted)
{
    EXPECT_TRUE(is_valid_url(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(UrlTest, ValidUrl,
                         testing::Values("https://example.com", "HTTP://example.com:80/a b?c#d",
                                         "https://münchen.example/ü", "ftp://files.example.net",
                                         "https:example.com", "mailto:ada@example.com",
                                         "localhost:3000", "file:///srv/x", "https://[::1]/"));

class InvalidUrl : public testing::TestWithParam<char const*>
{};

TEST_P(InvalidUrl, IsRefused)
{
    EXPECT_FALSE(is_valid_url(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(UrlTest, InvalidUrl,
                         testing::Values("", " ", "example.com", "www.example.com/x", "not a url",
                                         "//example.com", "https://", "https://a b.example",
                                         "https://a.example:port", "1http://example.com", ":"));

}  // namespace
}  // namespace tracking::models
