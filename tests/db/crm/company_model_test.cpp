#include "models/crm/company_model.hpp"

#include "models/crm/billing_profile_model.hpp"
#include "models/crm/company_extras.hpp"

#include "models/rules/rule_violation.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::Throws;
using ::testing::UnorderedElementsAre;

using Ids = std::vector<CompanyId>;
using Names = std::vector<std::string>;

class CompanyModelTest : public ModelsTest
{
protected:
    NewCompany new_company(int n, CompanyDraft const& draft)
    {
        return {.id = company(n), .record = checked_company(draft)};
    }

    Ids create(std::vector<NewCompany> const& batch)
    {
        return committed([&](auto& tx) { return companies.create(tx, batch); });
    }

    StepResult add_tax(Ids const& ids)
    {
        return committed([&](auto& tx) { return extras.add_default_tax_settings(tx, ids); });
    }

    StepResult add_suffix(int n, std::string const& url, std::optional<UserId> actor)
    {
        return committed(
            [&](auto& tx) { return extras.add_email_suffix(tx, company(n), url, actor); });
    }

    Ids patch(int n, std::string const& properties)
    {
        std::vector<PropertiesPatch> const patches{{company(n), properties}};
        return committed([&](auto& tx) { return companies.patch_properties(tx, patches); });
    }

    Ids rename(std::vector<CompanyName> const& names)
    {
        return committed([&](auto& tx) { return companies.rename(tx, names); });
    }

    Ids set_url(int n, std::string const& url)
    {
        return committed([&](auto& tx) { return extras.set_url(tx, company(n), url); });
    }

    void tax_rate(int n, std::string const& percentage, std::string const& created,
                  std::string const& active = "true")
    {
        database.execute("INSERT INTO tax_regions (tenant, region_code, region_name) VALUES ('" +
                         owner.str() + "', 'EU', 'Europe') ON CONFLICT DO NOTHING");
        database.execute(
            "INSERT INTO tax_rates (tax_rate_id, tenant, tax_percentage, start_date,"
            " region_code, is_active, created_at) VALUES ('" +
            testing::user_id(n) + "', '" + owner.str() + "', " + percentage +
            ", '2020-01-01', 'EU', " + active + ", " + created + ")");
    }

    CompanyModel const companies{profile, owner};
    CompanyExtras const extras{profile, owner};
};
TEST_BOTH_GENERATIONS(CompanyModelTest);

class CompaniesCompanyModelTest : public CompanyModelTest
{};
TEST_ONE_GENERATION(CompaniesCompanyModelTest, Companies);

class ClientsCompanyModelTest : public CompanyModelTest
{};
TEST_ONE_GENERATION(ClientsCompanyModelTest, Clients);

TEST_P(CompanyModelTest, StoresNamesAsTheyAreGiven)
{
    Names const names{"O'Hara \"& {Sons}, NULL\\", " two\nlines ", "שלום",
                      std::string(10'000, 'x')};

    for (int n = 0; auto const& name : names)
        create({new_company(++n, {.name = name})});

    EXPECT_THAT(companies_of_owner("{company}_name"),
                ElementsAre(ElementsAre(names[0]), ElementsAre(names[1]), ElementsAre(names[2]),
                            ElementsAre(names[3])));
}

TEST_P(CompanyModelTest, StoresWhatIsGivenAndNullForWhatIsNot)
{
    create({new_company(1, {.name = "Acme",
                            .client_type = "individual",
                            .email = "bill@acme.example",
                            .notes = "by hand"}),
            new_company(2, {.name = "Bolt"})});

    EXPECT_THAT(companies_of_owner("client_type, billing_email, notes, url, properties"),
                ElementsAre(ElementsAre("individual", "bill@acme.example", "by hand", "NULL", "{}"),
                            ElementsAre("company", "NULL", "NULL", "NULL", "{}")));
}

TEST_P(CompanyModelTest, KeepsUrlAndWebsiteEqualWhicheverIsGiven)
{
    create({new_company(1, {.name = "Acme", .url = "https://acme.example"}),
            new_company(2, {.name = "Bolt", .website = "https://bolt.example"})});

    EXPECT_THAT(companies_of_owner("url, properties ->> 'website'"),
                ElementsAre(ElementsAre("https://acme.example", "https://acme.example"),
                            ElementsAre("https://bolt.example", "https://bolt.example")));
}

TEST_P(CompanyModelTest, AddsTheWebsiteToGivenProperties)
{
    auto acme = new_company(1, {.name = "Acme", .url = "https://acme.example"});
    acme.properties = R"({"tenant_id": "7"})";

    create({acme});

    EXPECT_THAT(
        companies_of_owner("properties"),
        ElementsAre(ElementsAre(R"({"website": "https://acme.example", "tenant_id": "7"})")));
}

TEST_P(CompanyModelTest, CreatesTheOthersWhereNamesOrIdsAreTaken)
{
    world.company({.n = 1, .name = "Acme"});
    world.tenant({.n = 7, .name = "Elsewhere"});

    auto const created =
        create({new_company(3, {.name = "Bolt"}), new_company(4, {.name = "Acme"}),
                new_company(1, {.name = "Crow"}), new_company(1'000'007, {.name = "Dune"}),
                new_company(5, {.name = "Echo"})});

    EXPECT_THAT(created, UnorderedElementsAre(company(3), company(5)));
    EXPECT_THAT(companies_of_owner("{company}_name"),
                ElementsAre(ElementsAre("Acme"), ElementsAre("Bolt"), ElementsAre("Echo")));
}

TEST_P(CompanyModelTest, ANameTwiceInOneBatchIsCreatedOnce)
{
    EXPECT_EQ(create({new_company(1, {.name = "Acme"}), new_company(2, {.name = "Acme"})}).size(),
              1U);
}

TEST_P(CompanyModelTest, AnotherTenantMayHaveTheName)
{
    world.tenant({.n = 7, .name = "Acme"});

    EXPECT_THAT(create({new_company(1, {.name = "Acme"})}), ElementsAre(company(1)));
}

TEST_P(CompanyModelTest, AnEmptyBatchDoesNothing)
{
    EXPECT_THAT(create({}), IsEmpty());
    EXPECT_THAT(rename({}), IsEmpty());
}

TEST_P(ClientsCompanyModelTest, EachNewClientHasOneDefaultProfileNamedAfterIt)
{
    create({new_company(1, {.name = "Acme"}), new_company(2, {.name = "Bolt"})});
    create({new_company(1, {.name = "Acme"}), new_company(3, {.name = "Bolt"})});

    EXPECT_THAT(
        database.rows("SELECT client_id, name, is_default, is_system_managed_default, is_active"
                      "  FROM client_billing_profiles WHERE name IN ('Acme', 'Bolt') ORDER BY 1"),
        ElementsAre(ElementsAre(testing::company_id(1), "Acme", "t", "t", "t"),
                    ElementsAre(testing::company_id(2), "Bolt", "t", "t", "t")));
}

TEST_P(CompanyModelTest, LinksTheOldestActiveTaxRateAsDefault)
{
    create({new_company(1, {.name = "Acme"}), new_company(2, {.name = "Bolt"})});
    tax_rate(1, "7", "now() - interval '3 years'", "false");
    tax_rate(2, "19", "now() - interval '2 years'");
    tax_rate(3, "20", "now()");

    EXPECT_EQ(add_tax({company(1), company(2)}).rows, 2U);

    EXPECT_THAT(database.rows("SELECT s.is_reverse_charge_applicable, r.tax_rate_id, r.is_default"
                              "  FROM {company}_tax_settings s"
                              "  JOIN {company}_tax_rates r USING (tenant, {company}_id)"),
                ElementsAre(ElementsAre("f", testing::user_id(2), "t"),
                            ElementsAre("f", testing::user_id(2), "t")));
}

TEST_P(CompanyModelTest, ACompanyWithADefaultTaxRateKeepsIt)
{
    create({new_company(1, {.name = "Acme"})});
    tax_rate(1, "19", "now()");
    add_tax({company(1)});
    tax_rate(2, "7", "now() - interval '1 year'");

    auto const again = add_tax({company(1)});

    EXPECT_EQ(again.rows, 0U);
    EXPECT_THAT(again.missing, IsEmpty());
    EXPECT_EQ(database.value("SELECT count(*) FROM {company}_tax_rates"), "1");
}

TEST_P(CompanyModelTest, WithoutTaxRateThatIsSaidAndNothingLinked)
{
    create({new_company(1, {.name = "Acme"})});

    auto const result = add_tax({company(1)});

    EXPECT_THAT(result.missing, HasSubstr("no active tax rate"));
    EXPECT_EQ(database.value("SELECT count(*) FROM {company}_tax_settings"), "0");
}

TEST_P(CompanyModelTest, WithoutTaxTablesTheMissingOneIsNamed)
{
    create({new_company(1, {.name = "Acme"})});
    database.execute("DROP TABLE {company}_tax_rates");

    EXPECT_THAT(add_tax({company(1)}).missing,
                HasSubstr(profile.fill("no table {company_tax_rates}")));
}

TEST_P(CompaniesCompanyModelTest, RegistersTheDomainOfTheUrlForTheActingUser)
{
    create({new_company(1, {.name = "Acme"})});

    EXPECT_EQ(add_suffix(1, "https://www.Acme.example/about", user(0)).rows, 1U);
    EXPECT_EQ(add_suffix(1, "https://acme.example", user(0)).rows, 0U);

    EXPECT_THAT(
        database.rows("SELECT company_id, email_suffix, self_registration_enabled, user_id"
                      "  FROM company_email_settings"),
        ElementsAre(ElementsAre(testing::company_id(1), "acme.example", "f", testing::user_id(0))));
}

TEST_P(CompaniesCompanyModelTest, AnEmailSuffixNeedsAnActingUserAUrlAndTheTable)
{
    create({new_company(1, {.name = "Acme"})});

    EXPECT_THAT(add_suffix(1, "https://acme.example", {}).missing, HasSubstr("acting user"));
    EXPECT_THAT(add_suffix(1, "not a url", user(0)).missing, HasSubstr("no url"));
    database.execute("DROP TABLE company_email_settings");
    EXPECT_THAT(add_suffix(1, "https://acme.example", user(0)).missing,
                HasSubstr("no table public.company_email_settings"));
}

TEST_P(ClientsCompanyModelTest, TheClientsGenerationHasNoEmailSuffix)
{
    EXPECT_THAT(add_suffix(1, "https://acme.example", user(0)).missing,
                HasSubstr("clients generation"));
}

TEST_P(CompanyModelTest, LockReturnsWhatIsThereInOrderOfIdWithItsImage)
{
    world.company({.n = 2, .name = "Bolt", .link = "Bolt", .inactive = true});
    world.company({.n = 1, .name = "Acme", .properties_json = "[1]"});
    auto tx = session.begin_among_triggers(profile.schema());

    Names const keys{"tenant_id", "none"};
    auto const rows = companies.lock(tx, Ids{company(3), company(2), company(1)}, keys);

    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].id, company(1));
    EXPECT_EQ(rows[0].link_text, std::nullopt);
    EXPECT_EQ(rows[1].link_text, "Bolt");
    EXPECT_EQ(rows[0].image, R"({"name": "Acme", "properties": "array", "is_inactive": false})");
    EXPECT_EQ(rows[1].image,
              R"({"name": "Bolt", "properties": {"tenant_id": "Bolt"}, "is_inactive": true})");
    EXPECT_TRUE(rows[1].inactive);
}

TEST_P(CompanyModelTest, ALockedCompanyMakesAnotherWriterWait)
{
    world.company({.n = 1, .name = "Acme"});
    Database other{login(database.dsn())};
    auto holding = session.begin_among_triggers(profile.schema());
    companies.lock(holding, Ids{company(1)});
    auto waiting =
        other.begin_among_triggers(profile.schema(), {.lock = std::chrono::milliseconds{50}});

    EXPECT_THAT([&] { companies.lock(waiting, Ids{company(1)}); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "55P03")));
}

TEST_P(CompanyModelTest, FindsCompaniesByTheirExactNames)
{
    world.company({.n = 1, .name = "Acme"});
    world.company({.n = 2, .name = "acme"});
    world.company({.n = 3, .name = "a,\"b\"\\"});
    world.tenant({.n = 7, .name = "Acme"});
    auto tx = session.begin(Access::ReadOnly);

    EXPECT_THAT(
        companies.find_named(tx, Names{"Acme", "a,\"b\"\\", "none"}),
        ElementsAre(Field(&CompanyRow::id, company(1)), Field(&CompanyRow::id, company(3))));
}

TEST_P(CompanyModelTest, APatchReplacesItsKeysAndKeepsTheOthers)
{
    world.company({.n = 1, .name = "Acme", .link = "Acme"});

    EXPECT_THAT(patch(1, R"({"tenant_id": "7"})"), ElementsAre(company(1)));

    EXPECT_THAT(companies_of_owner("properties"),
                ElementsAre(ElementsAre(R"({"tenant_id": "7", "subscription_type": "psa"})")));
}

TEST_P(CompanyModelTest, APatchOfNullPropertiesMakesAnObject)
{
    world.company({.n = 1, .name = "Acme", .properties_json = "null"});
    world.company({.n = 2, .name = "Bolt"});
    database.execute("UPDATE {companies} SET properties = NULL WHERE {company}_name = 'Bolt'");

    patch(1, R"({"a": 1})");
    patch(2, R"({"b": "\\\""})");

    EXPECT_THAT(companies_of_owner("properties"),
                ElementsAre(ElementsAre(R"({"a": 1})"), ElementsAre(R"({"b": "\\\""})")));
}

TEST_P(CompanyModelTest, RenameSkipsNamesThatAreTakenAndItsOwn)
{
    world.company({.n = 1, .name = "Acme"});
    world.company({.n = 2, .name = "Bolt"});
    world.company({.n = 3, .name = "Crow"});

    EXPECT_THAT(rename({{company(1), "Bolt"}, {company(2), "Bolt"}, {company(3), "Dune"}}),
                ElementsAre(company(3)));
    EXPECT_THAT(rename({{company(2), "Bolt"}}), IsEmpty());

    EXPECT_THAT(companies_of_owner("{company}_name"),
                ElementsAre(ElementsAre("Acme"), ElementsAre("Bolt"), ElementsAre("Dune")));
}

TEST_P(CompanyModelTest, OfTwoThatWantOneNameTheFirstGetsIt)
{
    world.company({.n = 1, .name = "Acme"});
    world.company({.n = 2, .name = "Bolt"});

    EXPECT_THAT(rename({{company(2), "Crow"}, {company(1), "Crow"}}), ElementsAre(company(1)));
}

TEST_P(CompanyModelTest, OnlyABillingProfileWithTheFormerNameIsRenamed)
{
    world.company({.n = 1, .name = "Acme"});
    world.company({.n = 2, .name = "Bolt"});
    std::vector<ProfileName> const names{{company(1), std::nullopt, "Acme", "New"},
                                         {company(2), std::nullopt, "Crow", "New"},
                                         {company(1), ProfileId{}, "New", "Newer"}};
    auto const renamed = committed([&](auto& tx) {
        return BillingProfileModel{profile, owner}.rename(tx, names);
    });
    if (GetParam() == testing::Generation::Companies) {
        EXPECT_TRUE(renamed.empty()) << "it has none";
        return;
    }
    ASSERT_EQ(renamed.size(), 1U);
    EXPECT_EQ(renamed[0].company, company(1));
    EXPECT_THAT(
        database.rows(
            "SELECT name FROM client_billing_profiles WHERE name IN ('Bolt', 'New', 'Newer')"
            " ORDER BY name"),
        ElementsAre(ElementsAre("Bolt"), ElementsAre("New")));
}

TEST_P(CompanyModelTest, SetActivityReturnsOnlyWhatItChanged)
{
    world.company({.n = 1, .name = "Acme"});
    world.company({.n = 2, .name = "Bolt", .inactive = true});
    Ids const both{company(1), company(2)};
    auto const set = [&](Activity activity) {
        return committed([&](auto& tx) { return companies.set_activity(tx, both, activity); });
    };

    EXPECT_THAT(set(Activity::Inactive), ElementsAre(company(1)));
    EXPECT_THAT(set(Activity::Active), UnorderedElementsAre(company(1), company(2)));
}

TEST_P(CompanyModelTest, SetUrlSetsAndClearsTheWebsiteToo)
{
    world.company({.n = 1, .name = "Acme", .properties_json = R"({"a": 1})"});

    EXPECT_THAT(set_url(1, "https://acme.example"), ElementsAre(company(1)));
    EXPECT_THAT(companies_of_owner("url, properties ->> 'website', properties ->> 'a'"),
                ElementsAre(ElementsAre("https://acme.example", "https://acme.example", "1")));
    EXPECT_THAT(set_url(1, ""), ElementsAre(company(1)));
    EXPECT_THAT(companies_of_owner("url, properties"),
                ElementsAre(ElementsAre("NULL", R"({"a": 1})")));
}

TEST_P(CompanyModelTest, SetUrlTakesNullPropertiesAndRefusesWhatIsNoObject)
{
    world.company({.n = 1, .name = "Acme", .properties_json = "null"});
    world.company({.n = 2, .name = "Bolt", .properties_json = "[1]"});

    EXPECT_THAT(set_url(1, "https://a.example"), ElementsAre(company(1)));
    EXPECT_THAT(set_url(2, "https://b.example"), IsEmpty());

    EXPECT_THAT(companies_of_owner("url, properties"),
                ElementsAre(ElementsAre("https://a.example", R"({"website": "https://a.example"})"),
                            ElementsAre("NULL", "[1]")));
}

TEST_P(CompanyModelTest, SetUrlRefusesATextWithoutScheme)
{
    auto tx = session.begin_among_triggers(profile.schema());

    EXPECT_THROW(extras.set_url(tx, company(1), "acme.example"), RuleViolation);
}

TEST_P(CompanyModelTest, AnotherTenantsCompanyIsNeverTouched)
{
    world.tenant({.n = 7, .name = "Acme"});
    auto const id = 1'000'007;
    auto const before = database.fingerprint_outside(owner.str());

    EXPECT_THAT(patch(id, R"({"a": 1})"), IsEmpty());
    EXPECT_THAT(rename({{company(id), "Mine"}}), IsEmpty());
    EXPECT_THAT(set_url(id, "https://mine.example"), IsEmpty());
    EXPECT_EQ(database.fingerprint_outside(owner.str()), before);
}

}  // namespace
}  // namespace tracking::models
