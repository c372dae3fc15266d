#include "models/values/described.hpp"

#include "models/values/change.hpp"

#include <gmock/gmock.h>

#include <string>
#include <type_traits>

namespace tracking::models {

namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

struct Told
{
    TenantId tenant;
    std::optional<PersonName> name;
    std::vector<ThingName> things;
};
BOOST_DESCRIBE_STRUCT(Told, (), (tenant, name, things))

struct WithBareText
{
    TenantId tenant;
    std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(WithBareText, (), (tenant, name))

struct WithForgottenMember
{
    TenantId tenant;
    PersonName name;
};
BOOST_DESCRIBE_STRUCT(WithForgottenMember, (), (tenant))

static_assert(SaysWhatItIs<Told>::value);
static_assert(!SaysWhatItIs<WithBareText>::value);
static_assert(!SaysWhatItIs<WithForgottenMember>::value);
static_assert(!std::is_convertible_v<PersonName, ThingName>);
static_assert(!std::is_convertible_v<Email, PersonName>);
static_assert(std::is_convertible_v<Email, std::string>);

TEST(DescribedTest, MembersComeInTheirOrder)
{
    RenameCompany const change;
    std::vector<std::string> names;
    for_each_member(change, [&](std::string_view name, auto const&) { names.emplace_back(name); });
    EXPECT_THAT(names, ElementsAre("tenant", "company", "from", "to", "together"));
}

TEST(DescribedTest, ABlankChangeIsFoundByItsName)
{
    EXPECT_THAT(blank_change("rename"), Optional(Change{RenameCompany{}}));
    EXPECT_THAT(blank_change("restore"), Optional(Change{Restore{}}));
    EXPECT_EQ(blank_change("renamed"), std::nullopt);
}

}  // namespace

}  // namespace tracking::models
