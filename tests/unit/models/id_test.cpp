#include "models/rules/id.hpp"

#include <gmock/gmock.h>

#include <type_traits>
#include <unordered_set>

namespace tracking::models {
namespace {

constexpr char const* kDnsSpace = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

TEST(IdTest, ParsesEitherCaseAndFormatsInLowerCase)
{
    auto const id = TenantId::parse("6BA7B810-9dad-11D1-80b4-00C04FD430C8");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->str(), kDnsSpace);
    EXPECT_EQ(TenantId::parse(id->str()), id);
}

TEST(IdTest, KeepsEveryByteInItsPlace)
{
    UuidBytes const bytes{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                          0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF};
    EXPECT_EQ(TenantId{bytes}.str(), "00112233-4455-6677-8899-aabbccddeeff");
    EXPECT_EQ(parse_uuid("00112233-4455-6677-8899-aabbccddeeff"), bytes);
}

class AnotherSpelling : public testing::TestWithParam<char const*>
{};

TEST_P(AnotherSpelling, IsTheSameId)
{
    auto const id = TenantId::parse(GetParam());
    ASSERT_TRUE(id);
    EXPECT_EQ(id->str(), kDnsSpace);
}

INSTANTIATE_TEST_SUITE_P(IdTest, AnotherSpelling,
                         testing::Values("6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
                                         "6ba7b8109dad11d180b400c04fd430c8",
                                         "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
                                         "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                                         "URN:UUID:6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
                                         " 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                                         "\t6ba7b810-9dad-11d1-80b4-00c04fd430c8\r\n",
                                         " {6BA7B8109dad11d180b400c04fd430c8} "));

TEST(IdTest, FindsTheIdsThatStandAsWordsInALongerText)
{
    UuidBytes const id = TenantId::parse(kDnsSpace)->bytes();
    auto const text = std::string{kDnsSpace};
    EXPECT_THAT(uuids_in("[\"" + text + "\", \"6BA7B8109dad11d180b400c04fd430c8\"]"),
                testing::ElementsAre(id, id));
    EXPECT_THAT(uuids_in(text + " (merged)"), testing::ElementsAre(id));
    EXPECT_THAT(uuids_in("x" + text + " " + text + "0 Acme"), testing::IsEmpty());
}

class NotAnId : public testing::TestWithParam<char const*>
{};

TEST_P(NotAnId, IsRefused)
{
    EXPECT_EQ(TenantId::parse(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    IdTest, NotAnId,
    testing::Values("", " ", "Acme", "urn:uuid:", "{}", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                    "6ba7b810-9dad-11d1-80b4-00c04fd430c8 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                    "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
                    "6ba7b810-9dad-11d1-80b4-00c04fd430-8", "6ba7b8109-dad-11d1-80b4-00c04fd430c8",
                    "6ba7b810--9dad-11d1-80b4-00c04fd430c8", "6ba7b810_9dad_11d1_80b4_00c04fd430c8",
                    "------------------------------------"));

TEST(IdTest, OrdersByUnsignedBytesAsPostgresqlDoes)
{
    auto const low = TenantId::parse("7fffffff-ffff-ffff-ffff-ffffffffffff");
    auto const high = TenantId::parse("80000000-0000-0000-0000-000000000000");
    EXPECT_LT(*low, *high);
    EXPECT_LT(TenantId{}, *low);
}

TEST(IdTest, DefaultIsNil)
{
    EXPECT_TRUE(TenantId{}.is_nil());
    EXPECT_EQ(TenantId{}.str(), "00000000-0000-0000-0000-000000000000");
    EXPECT_FALSE(TenantId::parse(kDnsSpace)->is_nil());
}

TEST(IdTest, OneKindNeverConvertsToAnother)
{
    EXPECT_FALSE((std::is_convertible_v<TenantId, CompanyId>));
    EXPECT_FALSE((std::is_constructible_v<CompanyId, TenantId>));
}

TEST(IdTest, HashesDifferWhereOnlyOneByteDoes)
{
    std::unordered_set<std::size_t> hashes;
    for (std::size_t i = 0; i < 16; ++i) {
        UuidBytes bytes{};
        bytes[i] = 1;
        hashes.insert(std::hash<TenantId>{}(TenantId{bytes}));
    }
    EXPECT_EQ(hashes.size(), 16U);
}

TEST(IdTest, NameBasedIsVersionFiveOfTheRfc)
{
    auto const id = name_based<CompanyId>(*TenantId::parse(kDnsSpace), "www.example.com");
    EXPECT_EQ(id.str(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

}  // namespace
}  // namespace tracking::models
