#include "models/crm/customer_removal.hpp"
#include "models/writing/batch.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <array>

namespace tracking::models {

namespace {

using ::testing::HasSubstr;

/// A person saw the company. It may be different when the link is written.
class LinkCompanyTest : public ModelsTest
{
protected:
    LinkCompanyTest()
    {
        world.tenant({.n = 1, .name = "Acme"});
        world.company({.n = 11, .name = "Acme Inc", .link = "Acme"});
    }

    Receipt link(LinkCompany const& planned)
    {
        return committed([&](Transaction& tx) {
            std::array<Change, 1> const batch{planned};
            auto living = ask_for_living_tenants(tx, profile, batch, owner);
            return write_batch(tx, {profile, owner}, batch, std::move(living)).front().receipt;
        });
    }

    std::string link_of(int n)
    {
        return database.value(
            "SELECT properties ->> 'tenant_id' FROM {companies} WHERE "
            "{company}_id = '" +
            testing::company_id(n) + "'");
    }

    LinkCompany const planned_{tenant(1), company(11), "Acme Inc", "Acme"};
};

TEST_P(LinkCompanyTest, StampsTheTenantsId)
{
    EXPECT_EQ(link(planned_).outcome, Outcome::Applied);
    EXPECT_EQ(link_of(11), testing::tenant_id(1));
}

TEST_P(LinkCompanyTest, TenantThatGotACustomerInTheMeantimeIsLeftAlone)
{
    world.company({.n = 12, .name = "Other", .link = testing::tenant_id(1)});
    auto const receipt = link(planned_);
    EXPECT_EQ(receipt.outcome, Outcome::Stale);
    EXPECT_THAT(receipt.reason, HasSubstr("found company \"Other\""));
    EXPECT_EQ(link_of(11), "Acme");
}

TEST_P(LinkCompanyTest, ACustomerWhoseLinkIsSpelledOtherwiseCounts)
{
    auto link_text = testing::tenant_id(1);
    std::erase(link_text, '-');
    world.company({.n = 12, .name = "Other", .link = "{" + link_text + "}"});
    EXPECT_THAT(link(planned_).reason, HasSubstr("found company \"Other\""));
}

TEST_P(LinkCompanyTest, TheTenantsOwnIdInAnotherSpellingIsStampedAgain)
{
    auto const spelled = "urn:uuid:" + testing::tenant_id(1);
    world.company({.n = 12, .name = "Other", .link = spelled});
    EXPECT_EQ(link({tenant(1), company(12), "Other", spelled}).outcome, Outcome::Applied);
    EXPECT_EQ(link_of(12), testing::tenant_id(1));
}

TEST_P(LinkCompanyTest, CustomerThatSaysIgnoreIsNoneThatCounts)
{
    world.company({.n = 12,
                   .name = "Other",
                   .properties_json = R"({"reconcile": "ignore", "tenant_id": ")" +
                                      testing::tenant_id(1) + "\"}"});
    EXPECT_EQ(link(planned_).outcome, Outcome::Applied);
}

TEST_P(LinkCompanyTest, LinkThatNamesALivingTenantByNowIsKept)
{
    world.tenant({.n = 2, .name = "Bolt"});
    world.company({.n = 12, .name = "Bolt Ltd", .link = testing::tenant_id(2)});
    auto const receipt = link({tenant(1), company(12), "Bolt Ltd", testing::tenant_id(2)});
    EXPECT_EQ(receipt.outcome, Outcome::Stale);
    EXPECT_THAT(receipt.reason, HasSubstr(testing::tenant_id(2)));
    EXPECT_EQ(link_of(12), testing::tenant_id(2));
}

TEST_P(LinkCompanyTest, LinkOfATenantThatIsGoneAndOfTheManagementTenantGiveWay)
{
    world.company({.n = 12, .name = "Gone", .link = testing::tenant_id(77)});
    EXPECT_EQ(link({tenant(1), company(12), "Gone", testing::tenant_id(77)}).outcome,
              Outcome::Applied);
    world.tenant({.n = 3, .name = "Third"});
    world.company({.n = 13, .name = "Ours", .link = testing::tenant_id(0)});
    EXPECT_EQ(link({tenant(3), company(13), "Ours", testing::tenant_id(0)}).outcome,
              Outcome::Applied);
}

TEST_P(LinkCompanyTest, CompanyThatIsNotAsSeenIsLeftAlone)
{
    auto const renamed = link({tenant(1), company(11), "Acme Incorporated", "Acme"});
    EXPECT_EQ(renamed.outcome, Outcome::Stale);
    EXPECT_THAT(renamed.reason, HasSubstr("found \"Acme Inc\""));
    EXPECT_EQ(link({tenant(1), company(11), "Acme Inc", {}}).outcome, Outcome::Stale);
    EXPECT_EQ(link_of(11), "Acme");
}

TEST_P(LinkCompanyTest, TenantOrCompanyThatIsNotThereIsSaid)
{
    EXPECT_EQ(link({tenant(5), company(11), "Acme Inc", "Acme"}).outcome, Outcome::Stale);
    EXPECT_EQ(link({owner, company(11), "Acme Inc", "Acme"}).outcome, Outcome::Stale);
    EXPECT_EQ(link({tenant(1), company(99), "Acme Inc", "Acme"}).outcome, Outcome::Stale);
}

TEST_P(LinkCompanyTest, LinkingTwiceIsNoChange)
{
    link(planned_);
    EXPECT_EQ(link(planned_).outcome, Outcome::AlreadyPresent);
}

TEST_P(LinkCompanyTest, PropertiesOfAnotherTypeAreKept)
{
    world.company({.n = 12, .name = "Odd", .properties_json = "[1]"});
    EXPECT_EQ(link({tenant(1), company(12), "Odd", {}}).outcome, Outcome::Stale);
}

TEST_BOTH_GENERATIONS(LinkCompanyTest);

}  // namespace

}  // namespace tracking::models
