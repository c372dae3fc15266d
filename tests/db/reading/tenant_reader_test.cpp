#include "models/reading/tenant_reader.hpp"

#include "models/schema/inspection.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

class TenantReaderTest : public ModelsTest
{
protected:
    std::vector<Tenant> tenants(Admins admins = Admins::First)
    {
        auto tx = session.begin(Access::ReadOnly);
        auto const stream = read_tenants(tx, profile, owner, admins);
        std::vector<Tenant> all;
        for (Tenant one; stream->next(one);)
            all.push_back(one);
        return all;
    }

    void tenant_with_admin()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    }

    std::optional<Admin> admin_of_first() { return tenants().at(0).admin; }

    void change_admin(std::string const& assignment)
    {
        database.execute("UPDATE users SET " + assignment + " WHERE user_id = '" +
                         testing::user_id(1) + "'");
    }
};
TEST_BOTH_GENERATIONS(TenantReaderTest);

class ClientsTenantReaderTest : public TenantReaderTest
{};
TEST_ONE_GENERATION(ClientsTenantReaderTest, Clients);

TEST_P(TenantReaderTest, ReadsATenantWithItsAdmin)
{
    world.tenant({.n = 1,
                  .name = "O'Hara \\ Söhne",
                  .admin_email = "ada@ohara.example",
                  .email = " Office@OHARA.example ",
                  .created = "now() - interval '1 hour'"});

    auto const all = tenants();

    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].id, tenant(1));
    EXPECT_EQ(all[0].name, "O'Hara \\ Söhne");
    EXPECT_EQ(all[0].email, "office@ohara.example");
    EXPECT_EQ(all[0].product, "psa");
    EXPECT_FALSE(all[0].suspended);
    EXPECT_NEAR(static_cast<double>(all[0].age.value().count()), 3600, 60);
}

TEST_P(TenantReaderTest, TenantsComeInOrderOfIdAndWithoutTheManagementTenant)
{
    for (int const n : {3, 1, 2})
        world.tenant({.n = n, .name = "Acme"});

    EXPECT_THAT(tenants(), ElementsAre(Field(&Tenant::id, tenant(1)), Field(&Tenant::id, tenant(2)),
                                       Field(&Tenant::id, tenant(3))));
}

TEST_P(TenantReaderTest, ATenantWithoutAdminOrDateOfCreationIsReadToo)
{
    world.tenant({.n = 1, .name = "Acme", .email = "a@acme.example", .created = "NULL"});
    world.tenant({.n = 2, .name = "Bolt"});
    database.execute("DELETE FROM roles WHERE tenant = '" + testing::tenant_id(2) + "'");

    auto const all = tenants();

    EXPECT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0].admin, std::nullopt);
    EXPECT_EQ(all[0].age, std::nullopt);
}

TEST_P(TenantReaderTest, TheEmailOfTheAdminIsTrimmedAndLowerCased)
{
    tenant_with_admin();
    change_admin("email = E' Ada@ÄCME.example\\n'");

    EXPECT_EQ(admin_of_first()->email, "ada@äcme.example");
}

TEST_P(TenantReaderTest, TheNameOfTheAdminIsMadeOfWhatThereIs)
{
    tenant_with_admin();
    EXPECT_EQ(admin_of_first()->full_name, "Ada Admin");
    change_admin("first_name = NULL");
    EXPECT_EQ(admin_of_first()->full_name, "Admin");
    change_admin("last_name = ' '");
    EXPECT_EQ(admin_of_first()->full_name, "ada");
}

TEST_P(TenantReaderTest, TheEarliestAdminCountsAndThenTheOneWithTheLowestId)
{
    tenant_with_admin();
    world.further_admin(1, 3, "third@acme.example", "Eve", "now() - interval '10 days'");
    world.further_admin(1, 2, "second@acme.example", "Eve", "now() - interval '10 days'");
    world.further_admin(1, 4, "undated@acme.example", "Eve", "NULL");
    EXPECT_EQ(admin_of_first()->email, "ada@acme.example");
    EXPECT_THAT(tenants().at(0).further_admins, IsEmpty());

    database.execute(
        "UPDATE users SET created_at = now() - interval '99 days'"
        " WHERE user_id <> '" +
        testing::user_id(1) + "' AND created_at IS NOT NULL");
    EXPECT_EQ(admin_of_first()->email, "second@acme.example");
}

TEST_P(TenantReaderTest, AllAdminsComeInTheSameOrderEachOnce)
{
    tenant_with_admin();
    world.tenant({.n = 2, .name = "Alone"});
    world.tenant({.n = 3, .name = "Beta", .admin_email = "bob@beta.example"});
    world.further_admin(1, 5, "Late@acme.example ", "Eve", "NULL");
    world.further_admin(1, 4, "second@acme.example", "Ed", "now() - interval '10 days'");
    database.execute("UPDATE roles SET role_name = 'Admin', msp = true, client = false");
    database.execute(
        "INSERT INTO user_roles (tenant, user_id, role_id) SELECT u.tenant, u.user_id, r.role_id"
        " FROM users u JOIN roles r USING (tenant) ON CONFLICT DO NOTHING");

    auto const all = tenants(Admins::All);

    auto const email = [](std::string const& is) { return Field(&Admin::email, is); };
    ASSERT_THAT(all, SizeIs(3));
    EXPECT_EQ(all[0].admin->email, "ada@acme.example");
    EXPECT_THAT(all[0].further_admins, ElementsAre(AllOf(email("second@acme.example"),
                                                         Field(&Admin::full_name, "Ed Other")),
                                                   email("late@acme.example")));
    EXPECT_EQ(all[1].admin, std::nullopt);
    EXPECT_THAT(all[1].further_admins, IsEmpty());
    EXPECT_EQ(all[2].admin->email, "bob@beta.example");
    EXPECT_THAT(all[2].further_admins, IsEmpty());
}

TEST_P(TenantReaderTest, OnlyTheAdminRoleOfThePlatformsSideMakesAnAdmin)
{
    tenant_with_admin();
    auto const change_role = [&](std::string const& assignment) {
        database.execute("UPDATE roles SET " + assignment + " WHERE tenant = '" +
                         testing::tenant_id(1) + "'");
    };
    change_role("msp = false");
    EXPECT_EQ(admin_of_first(), std::nullopt);
    change_role("msp = true, client = true");
    EXPECT_EQ(admin_of_first(), std::nullopt);
    change_role("client = false, role_name = 'admin'");
    EXPECT_EQ(admin_of_first(), std::nullopt);
}

TEST_P(TenantReaderTest, AUserWithBothAdminRolesIsReadOnce)
{
    tenant_with_admin();
    database.execute("INSERT INTO user_roles SELECT tenant, '" + testing::user_id(1) +
                     "', role_id FROM roles WHERE client AND tenant = '" + testing::tenant_id(1) +
                     "'");

    EXPECT_THAT(tenants(), SizeIs(1));
    EXPECT_EQ(admin_of_first()->email, "ada@acme.example");
}

TEST_P(TenantReaderTest, InactiveAndClientUsersAreNoAdmins)
{
    tenant_with_admin();
    change_admin("is_inactive = true");
    EXPECT_EQ(admin_of_first(), std::nullopt);
    change_admin("is_inactive = NULL");
    EXPECT_NE(admin_of_first(), std::nullopt);
    change_admin("user_type = 'client'");
    EXPECT_EQ(admin_of_first(), std::nullopt);
}

TEST_P(ClientsTenantReaderTest, ReadsProductAndSuspension)
{
    world.tenant({.n = 1, .name = "Acme", .product = "algadesk", .suspended = true});

    EXPECT_THAT(tenants(), ElementsAre(AllOf(Field(&Tenant::product, "algadesk"),
                                             Field(&Tenant::suspended, true))));
}

TEST_P(TenantReaderTest, AStreamStaysAtItsEnd)
{
    auto tx = session.begin(Access::ReadOnly);
    auto const stream = read_tenants(tx, profile, owner);
    Tenant one;

    EXPECT_FALSE(stream->next(one));
    EXPECT_FALSE(stream->next(one));
}

TEST_P(TenantReaderTest, FindsTheManagementTenantByIdOrName)
{
    tenant_with_admin();
    auto tx = session.begin(Access::ReadOnly);

    EXPECT_EQ(find_management_tenant(tx, profile, {}, "Nine Minds LLC").id, owner);
    EXPECT_EQ(find_management_tenant(tx, profile, tenant(1), "Nine Minds LLC").id, tenant(1));
}

TEST_P(TenantReaderTest, AManagementTenantThatIsNotThereIsNamed)
{
    auto tx = session.begin(Access::ReadOnly);

    EXPECT_THAT([&] { find_management_tenant(tx, profile, tenant(9), "Nine Minds LLC"); },
                ThrowsMessage<ManagementTenantUnknown>(HasSubstr(testing::tenant_id(9))));
    EXPECT_THAT([&] { find_management_tenant(tx, profile, {}, "nine minds"); },
                ThrowsMessage<ManagementTenantUnknown>(HasSubstr("\"nine minds\"")));
}

TEST_P(TenantReaderTest, TwoTenantsOfTheManagementTenantsNameAreAmbiguous)
{
    world.tenant({.n = 3, .name = "Nine Minds LLC"});
    auto tx = session.begin(Access::ReadOnly);

    EXPECT_THAT([&] { find_management_tenant(tx, profile, {}, "Nine Minds LLC"); },
                ThrowsMessage<ManagementTenantUnknown>(
                    AllOf(HasSubstr("2 tenants"), HasSubstr(owner.str()))));
}

TEST_P(TenantReaderTest, TheStreamCrossesTheBordersOfAFetch)
{
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email)"
        " SELECT gen_random_uuid(), 'T' || n, '' FROM generate_series(1, 20000) n");

    auto const all = tenants();

    EXPECT_THAT(all, SizeIs(20'000));
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Tenant::id));
}

TEST_P(TenantReaderTest, ExistingTenantsAreThoseThatAreThereInOrder)
{
    tenant_with_admin();
    auto tx = session.begin(Access::ReadOnly);

    auto const wanted = std::vector{tenant(5), tenant(1), owner};
    auto some = ask_for_existing_tenants(tx, profile, wanted);
    auto none = ask_for_existing_tenants(tx, profile, {});

    EXPECT_THAT(some.get(), ElementsAre(owner, tenant(1)));
    EXPECT_THAT(none.get(), IsEmpty());
}

TEST_P(TenantReaderTest, ServerTimeIsTheServersClock)
{
    auto tx = session.begin(Access::ReadOnly);
    auto const here = std::chrono::system_clock::now();

    EXPECT_LT(std::chrono::abs(inspect_session(tx, profile, Side::Both).time - here),
              std::chrono::minutes{1});
}

}  // namespace
}  // namespace tracking::models
