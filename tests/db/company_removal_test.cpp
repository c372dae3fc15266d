#include "models/company_model.hpp"

#include "models/contact_model.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <future>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Ids = std::vector<CompanyId>;

class CompanyRemovalTest : public ModelsTest
{
protected:
    void untagged_company(int n, std::string const& name)
    {
        world.company({.n = n, .name = name, .tagged = false});
    }

    Ids remove(Ids const& ids)
    {
        return committed([&](auto& tx) { return companies.remove(tx, ids); });
    }

    CompanyModel const companies{profile, owner};
};
TEST_BOTH_GENERATIONS(CompanyRemovalTest);

class ClientsCompanyRemovalTest : public CompanyRemovalTest
{};
TEST_ONE_GENERATION(ClientsCompanyRemovalTest, Clients);

TEST_P(CompanyRemovalTest, TakesTheCompanyAndWhatWasMadeWithIt)
{
    untagged_company(1, "Acme");
    untagged_company(2, "Bolt");

    EXPECT_THAT(remove({company(1), company(3)}), ElementsAre(company(1)));

    EXPECT_THAT(companies_of_owner("{company}_name"), ElementsAre(ElementsAre("Bolt")));
}

TEST_P(CompanyRemovalTest, KeepsCompaniesWithContactsOrTagsWhole)
{
    world.company({.n = 1, .name = "Acme", .tagged = false, .contact_email = "a@acme.example"});
    world.company({.n = 2, .name = "Bolt", .tagged = true});
    untagged_company(3, "Crow");

    EXPECT_THAT(remove({company(1), company(2), company(3)}), ElementsAre(company(3)));

    EXPECT_THAT(companies_of_owner("{company}_name"),
                ElementsAre(ElementsAre("Acme"), ElementsAre("Bolt")));
    EXPECT_EQ(database.value("SELECT count(*) FROM contacts WHERE email = 'a@acme.example'"), "1");
}

// An invoice forbids the deletion of a company and goes with a client; a location goes with both.
TEST_P(CompanyRemovalTest, KeepsACompanyThatAnyOtherRowRefersTo)
{
    untagged_company(1, "Acme");
    untagged_company(2, "Bolt");
    untagged_company(3, "Crow");
    database.execute("INSERT INTO invoices (tenant, {company}_id, invoice_number) VALUES ('" +
                     owner.str() + "', '" + testing::company_id(1) + "', '1')");
    database.execute("INSERT INTO {company}_locations (tenant, {company}_id) VALUES ('" +
                     owner.str() + "', '" + testing::company_id(2) + "')");

    EXPECT_THAT(remove({company(1), company(2), company(3)}), ElementsAre(company(3)));

    EXPECT_EQ(database.value("SELECT count(*) FROM invoices"), "1");
    EXPECT_EQ(database.value("SELECT count(*) FROM {company}_locations"), "1");
}

TEST_P(CompanyRemovalTest, WaitsForAContactThatIsJustBeingAddedAndKeepsItsCompany)
{
    untagged_company(1, "Acme");
    Database other{login(database.dsn())};
    auto adding = other.begin(Access::ReadWrite);
    std::vector<NewContact> const eve{
        {contact(1), company(1), checked_contact({.full_name = "Eve", .email = "e@e.example"})}};
    ContactModel{profile, owner}.create(adding, eve);

    auto removing = std::async(std::launch::async, [&] { return remove({company(1)}); });
    EXPECT_EQ(removing.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout);
    adding.commit();

    EXPECT_THAT(removing.get(), IsEmpty());
}

TEST_P(ClientsCompanyRemovalTest, ABillingProfileGoesOnlyWithItsClientAndASecondOneKeepsIt)
{
    world.company({.n = 1, .name = "Acme", .tagged = true});
    untagged_company(2, "Bolt");
    untagged_company(3, "Crow");
    database.execute("INSERT INTO client_billing_profiles (tenant, client_id, name) VALUES ('" +
                     owner.str() + "', '" + testing::company_id(3) + "', 'Second')");

    EXPECT_THAT(remove({company(1), company(2), company(3)}), ElementsAre(company(2)));

    EXPECT_THAT(database.rows("SELECT name FROM client_billing_profiles"
                              " WHERE name IN ('Acme', 'Bolt', 'Crow', 'Second') ORDER BY name"),
                ElementsAre(ElementsAre("Acme"), ElementsAre("Crow"), ElementsAre("Second")));
}

}  // namespace
}  // namespace tracking::models
