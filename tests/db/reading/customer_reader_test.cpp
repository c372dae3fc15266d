#include "models/reading/customer_reader.hpp"
#include "models/reading/company_lookup.hpp"

#include "models/reading/tenant_reader.hpp"
#include "models/values/change.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using Names = std::vector<std::string>;

class CustomerReaderTest : public ModelsTest
{
protected:
    std::vector<Company> customers(Fetching fetching = Fetching::InPieces)
    {
        auto tx = session.begin(Access::ReadOnly);
        auto const stream = read_customers(tx, profile, owner, tags, fetching);
        std::vector<Company> all;
        for (Company one; stream->next(one);)
            all.push_back(one);
        return all;
    }

    SoughtTags const tags{{"PSA Customer", "AlgaDesk Customer"}, "Canceled"};
};
TEST_BOTH_GENERATIONS(CustomerReaderTest);

// Between two readings a company may get another tenant's link. That tenant is not read again.
TEST_P(CustomerReaderTest, OfSomeTenantsOnlyTheirOwnCompaniesAreReadAgain)
{
    std::vector const some{TenantId::parse(testing::tenant_id(1)).value()};
    auto const made = made_company_id(owner, some.front());
    world.company({.n = 1, .name = "Acme", .link = testing::tenant_id(1)});
    world.company({.n = 2, .name = "Bolt", .link = testing::tenant_id(2)});
    auto const read = [&] {
        auto tx = session.begin(Access::ReadOnly);
        auto const stream = read_customers_of(tx, profile, owner, tags, {}, some);
        Names names;
        for (Company one; stream->next(one);)
            names.push_back(one.name);
        return names;
    };
    EXPECT_THAT(read(), ElementsAre("Acme"));
    database.execute(
        "UPDATE {companies} SET properties = NULL WHERE {company}_name = 'Acme';"
        "DELETE FROM contacts WHERE tenant = '" +
        owner.str() +
        "';"
        "SET session_replication_role = replica;"
        "UPDATE {companies} SET {company}_id = '" +
        made.str() + "' WHERE {company}_name = 'Bolt'");
    EXPECT_THAT(read(), IsEmpty());
}

TEST_P(CustomerReaderTest, LooksUpCompaniesById)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "a@x.example"});
    auto tx = session.begin(Access::ReadOnly);
    auto const found =
        company_lookup(tx, profile, owner, tags)->with_ids(std::vector{company(1), company(2)});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, company(1));
    EXPECT_THAT(found[0].emails, ElementsAre("a@x.example"));
}

TEST_P(CustomerReaderTest, LooksUpCompaniesWithoutALinkByWhatTheirNamesLookLike)
{
    world.company({.n = 1, .name = "Cafe\u0301", .tagged = false});
    world.company({.n = 2, .name = "Linked", .link = testing::tenant_id(9)});
    world.company({.n = 3, .name = "Named", .link = "Named"});
    world.company({.n = 4, .name = "Empty", .properties_json = R"({"tenant_id": ""})"});
    world.company({.n = 5, .name = "List", .properties_json = R"(["tenant_id"])"});
    auto tx = session.begin(Access::ReadOnly);
    Names asked;
    auto const found = company_lookup(tx, profile, owner, tags)->unlinked([&](auto name) {
        asked.emplace_back(name);
        return name.starts_with("Caf");
    });
    EXPECT_THAT(asked, UnorderedElementsAre("Nine Minds LLC", "Cafe\u0301", "Empty", "List"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].name, "Cafe\u0301");
}

class ClientsCustomerReaderTest : public CustomerReaderTest
{};
TEST_ONE_GENERATION(ClientsCustomerReaderTest, Clients);

TEST_P(CustomerReaderTest, CustomersComeWithLegacyLinksFirstAndThenInOrderOfLink)
{
    world.company({.n = 1, .name = "Acme", .link = testing::tenant_id(9)});
    world.company({.n = 2, .name = "Bolt", .link = testing::tenant_id(8)});
    world.company({.n = 3, .name = "Crow", .link = "Crow"});
    world.company({.n = 4, .name = "Dune"});
    world.company({.n = 5, .name = "Echo", .link = testing::tenant_id(9)});

    EXPECT_THAT(customers(),
                ElementsAre(Field(&Company::id, company(3)), Field(&Company::id, company(4)),
                            Field(&Company::id, company(2)), Field(&Company::id, company(1)),
                            Field(&Company::id, company(5))));
}

// The server sorts by the id that it reads in a link, and the merge by the id that parse_uuid()
// reads. They must agree on every spelling.
TEST_P(CustomerReaderTest, EverySpellingOfAnIdIsSortedWhereTheIdBelongs)
{
    auto const spelled = [](int n) {
        auto const id = testing::tenant_id(n);
        auto bare = id;
        std::erase(bare, '-');
        auto partly = id;
        partly.erase(8, 1);
        Names const around{"", " ", "\n", "\t ", "\r\n", "\f", "\v", "\u00a0"};
        Names all;
        for (auto const& core : {id, bare, partly, id.substr(0, 35), id + "0"}) {
            for (auto const& form :
                 {core, "{" + core + "}", "urn:uuid:" + core, "URN:UUID:{" + core + "}", "{" + core,
                  core + "}", "{urn:uuid:" + core + "}", core + " " + core}) {
                for (auto const& blanks : around)
                    all.push_back(blanks + form + blanks);
            }
        }
        return all;
    };
    auto const links = spelled(5);
    for (std::size_t i = 0; i < links.size(); ++i) {
        auto const n = static_cast<int>(i) + 10;
        world.company({.n = n, .name = "C" + std::to_string(n), .link = links[i]});
    }
    world.company({.n = 1, .name = "Before", .link = testing::tenant_id(4)});
    world.company({.n = 2, .name = "After", .link = testing::tenant_id(6)});

    constexpr auto kThatAreTheId = 3 * 4 * 7;  // cores, forms and blanks
    for (auto const fetching : {Fetching::InPieces, Fetching::InOne}) {
        auto const all = customers(fetching);
        ASSERT_THAT(all, SizeIs(links.size() + 2));
        EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Company::link));
        EXPECT_EQ(all.back().name, "After");
        EXPECT_EQ(std::ranges::count(all, tenant(5), &Company::link), kThatAreTheId);
    }
}

TEST_P(CustomerReaderTest, ALinkThatIsNoTextOrHoldsMoreThanAnIdIsNotLegible)
{
    auto const id = testing::tenant_id(1);
    auto bare = id;
    std::erase(bare, '-');
    std::map<std::string, bool> const legible{
        {"null", true},
        {"\"\"", true},
        {"\"Acme\"", true},
        {"\"" + id + "\"", true},
        {"\"" + id + ", " + id + "\"", false},
        {"[\"" + id + "\"]", false},
        {"{\"id\": 1}", false},
        {"12345678901234567890123456789012", false},
        {"true", false},
    };
    for (int n = 1; auto const& [json, is_legible] : legible) {
        world.company({.n = n, .name = json, .properties_json = "{\"tenant_id\": " + json + "}"});
        ++n;
    }

    for (auto const& one : customers()) {
        EXPECT_EQ(one.is_link_legible, legible.at(one.name)) << one.name;
        EXPECT_TRUE(one.is_link_legible || !one.link) << one.name;
        EXPECT_TRUE(one.is_link_legible || one.link_text) << one.name;
    }
}

TEST_P(CustomerReaderTest, ACustomerCarriesATagOrALink)
{
    world.company({.n = 1, .name = "Acme", .link = "Acme", .tagged = false});
    world.company({.n = 2, .name = "Bolt", .tagged = true});
    world.company({.n = 3, .name = "Crow", .tagged = false});
    world.company({.n = 4, .name = "Dune", .tag = "VIP"});

    EXPECT_THAT(customers(),
                ElementsAre(Field(&Company::id, company(1)), Field(&Company::id, company(2))));
}

TEST_P(CustomerReaderTest, ReadsWhatMakesACustomer)
{
    world.company({.n = 1,
                   .name = "Acme",
                   .link = "Acme & \"Sons\", {1}",
                   .inactive = true,
                   .contact_email = " Ada@Acme.example "});
    world.tag(1, "Canceled");

    auto const acme = customers().at(0);

    EXPECT_EQ(acme.name, "Acme");
    EXPECT_EQ(acme.link_text, "Acme & \"Sons\", {1}");
    EXPECT_EQ(acme.link, std::nullopt);
    EXPECT_TRUE(acme.inactive);
    EXPECT_THAT(acme.tags, ElementsAre("PSA Customer"));
    EXPECT_THAT(acme.emails, ElementsAre("ada@acme.example"));
}

TEST_P(CustomerReaderTest, NothingOfTheCustomerBeforeIsLeftInTheNext)
{
    world.company({.n = 1, .name = "Acme", .link = "Acme", .contact_email = "a@acme.example"});
    world.company({.n = 2, .name = "Bolt", .link = testing::tenant_id(1), .tagged = false});

    auto const bolt = customers().at(1);

    EXPECT_EQ(bolt.link, tenant(1));
    EXPECT_THAT(bolt.tags, IsEmpty());
    EXPECT_THAT(bolt.emails, IsEmpty());
}

TEST_P(CustomerReaderTest, AContactWithoutEmailCountsAsOneWithAnEmptyAddress)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    database.execute("UPDATE contacts SET email = NULL WHERE email = 'ada@acme.example'");

    EXPECT_THAT(customers().at(0).emails, ElementsAre(""));
}

TEST_P(CustomerReaderTest, AnUpperCaseUuidIsALink)
{
    auto link = testing::tenant_id(1);
    link.replace(0, 8, "ABCDEF00");
    world.company({.n = 1, .name = "Acme", .link = link});
    world.company({.n = 2, .name = "Bolt", .link = link + "0"});

    auto const all = customers();

    EXPECT_EQ(all.at(1).link, TenantId::parse(link));
    EXPECT_EQ(all.at(1).link_text, link);
    EXPECT_EQ(all.at(0).link, std::nullopt);
}

TEST_P(CustomerReaderTest, ALinkThatOnlyLooksLikeAUuidComesAmongTheLooseOnes)
{
    world.company({.n = 1, .name = "Acme", .link = testing::tenant_id(1)});
    for (int n = 1; std::string const link :
                    {"zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "00000000-0000-0000-0000-00000000000g",
                     "00000000-0000-0000-0000-00000000000-", "00000000-0000-0000-0000-00000000000ä",
                     "000000000000-0000-0000-0000-00000000"})
        world.company({.n = ++n, .name = link, .link = link});

    auto const all = customers();

    ASSERT_THAT(all, SizeIs(6));
    EXPECT_EQ(all.back().id, company(1));
    EXPECT_EQ(std::ranges::count_if(all, [](auto const& one) { return !one.link; }), 5);
}

TEST_P(CustomerReaderTest, ACompanyComesOnceHoweverManyTagsAndContactsItHas)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "eve@acme.example"});
    world.tag(1, "AlgaDesk Customer");
    database.execute(
        "INSERT INTO contacts (tenant, {company}_id, full_name, email)"
        " SELECT tenant, {company}_id, 'Ada', 'ada@acme.example' FROM contacts"
        "  WHERE email = 'eve@acme.example'");
    world.company({.n = 2, .name = "Bolt"});

    auto const all = customers();

    ASSERT_THAT(all, SizeIs(2));
    EXPECT_THAT(all[0].tags, ElementsAre("AlgaDesk Customer", "PSA Customer"));
    EXPECT_THAT(all[0].emails, ElementsAre("ada@acme.example", "eve@acme.example"));
}

TEST_P(CustomerReaderTest, PropertiesMayBeAnything)
{
    for (int n = 0; auto const* const properties :
                    {R"(["tenant_id"])", R"("tenant_id")", "7", "null", R"({"tenant_id": 7})",
                     R"({"tenant_id": null})", R"({"tenant_id": {"a": 1}})"})
        world.company({.n = ++n, .name = properties, .properties_json = properties});

    auto const all = customers();

    ASSERT_THAT(all, SizeIs(7));
    EXPECT_EQ(std::ranges::count(all, false, &Company::is_link_legible), 2) << "7 and the object";
    for (auto const& one : all) {
        EXPECT_EQ(one.link, std::nullopt);
        EXPECT_EQ(one.link_text.has_value(), !one.is_link_legible);
    }
    std::vector<bool> can;
    can.reserve(all.size());
    for (auto const& one : all)
        can.push_back(one.can_carry_link);
    EXPECT_THAT(can, ElementsAre(false, false, false, true, true, true, true));
}

TEST_P(CustomerReaderTest, ANullInPlaceOfPropertiesCanCarryALink)
{
    world.company({.n = 1, .name = "Acme"});
    database.execute("UPDATE {companies} SET properties = NULL, is_inactive = NULL");

    EXPECT_THAT(customers(), ElementsAre(AllOf(Field(&Company::can_carry_link, true),
                                               Field(&Company::inactive, false),
                                               Field(&Company::ignored, false))));
}

TEST_P(CustomerReaderTest, WhateverStandsUnderReconcileProtectsACompany)
{
    world.company({.n = 1, .name = "Acme", .properties_json = R"({"reconcile": "ignore"})"});
    world.company({.n = 2, .name = "Bolt", .properties_json = R"({"reconcile": "later"})"});
    world.company({.n = 3, .name = "Crow", .properties_json = R"({"reconcile": {"ignore": 1}})"});

    EXPECT_THAT(
        customers(),
        ElementsAre(
            AllOf(Field(&Company::ignored, true), Field(&Company::odd_word, "")),
            AllOf(Field(&Company::ignored, true), Field(&Company::odd_word, "later")),
            AllOf(Field(&Company::ignored, true), Field(&Company::odd_word, R"({"ignore": 1})"))));
}

TEST_P(CustomerReaderTest, NothingNullAndAnEmptyTextUnderReconcileProtectNobody)
{
    world.company({.n = 1, .name = "Acme", .properties_json = R"({"reconcile": null})"});
    world.company({.n = 2, .name = "Bolt", .properties_json = R"({"reconcile": ""})"});
    world.company({.n = 3, .name = "Crow", .properties_json = R"({})"});

    EXPECT_THAT(customers(), ::testing::Each(Field(&Company::ignored, false)));
}

TEST_P(CustomerReaderTest, DuplicatedTagsAndContactsAreReadWithoutHarm)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    database.execute_file("citus_like.sql");
    for (auto const* const key :
         {"tag_definitions.tag_id", "tag_mappings.mapping_id", "contacts.contact_name_id"}) {
        auto const table = std::string{key}.substr(0, std::string{key}.find('.'));
        database.execute("CREATE TEMPORARY TABLE copy AS TABLE " + table + "; UPDATE copy SET " +
                         std::string{key}.substr(table.size() + 1) +
                         " = gen_random_uuid(); INSERT INTO " + table +
                         " SELECT * FROM copy; DROP TABLE copy");
    }
    database.execute(
        "INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type)"
        " SELECT DISTINCT d.tenant, d.tag_id, m.tagged_id, m.tagged_type"
        "   FROM tag_definitions d JOIN tag_mappings m USING (tenant)");

    auto const all = customers();

    ASSERT_THAT(all, SizeIs(1));
    EXPECT_THAT(all[0].tags, ElementsAre("PSA Customer"));
    EXPECT_THAT(all[0].emails, ElementsAre("ada@acme.example"));
}

TEST_P(CustomerReaderTest, OtherTenantsCompaniesAndOtherTypesTagsAreNotRead)
{
    world.tenant({.n = 1, .name = "Acme"});
    world.company({.n = 1, .name = "Acme"});
    database.execute(
        "UPDATE {companies} SET properties = '{\"tenant_id\": \"x\"}' WHERE tenant = '" +
        testing::tenant_id(1) + "'");
    database.execute("UPDATE tag_mappings SET tagged_type = 'ticket'");

    EXPECT_THAT(customers(), IsEmpty());
}

TEST_P(CustomerReaderTest, TheStreamCrossesTheBordersOfAFetch)
{
    database.execute("INSERT INTO {companies} (tenant, {company}_name, properties) SELECT '" +
                     owner.str() +
                     "', 'C' || n, jsonb_build_object('tenant_id', gen_random_uuid())"
                     "   FROM generate_series(1, 10001) n");

    auto const all = customers();

    EXPECT_THAT(all, SizeIs(10'001));
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Company::link));
}

TEST_P(CustomerReaderTest, StreamsWorkThroughAPoolerAndSideBySide)
{
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email)"
        " SELECT gen_random_uuid(), 'T' || n, '' FROM generate_series(1, 10001) n");
    world.company({.n = 1, .name = "Acme"});
    Database pooled{login(database.dsn_through_pooler())};

    auto tx = pooled.begin(Access::ReadOnly);
    auto const customer_stream = read_customers(tx, profile, owner, tags);
    auto const tenant_stream = read_tenants(tx, profile, owner);

    Company acme;
    EXPECT_TRUE(customer_stream->next(acme));
    int count = 0;
    for (Tenant one; tenant_stream->next(one);)
        ++count;
    EXPECT_EQ(count, 10'001);
    EXPECT_FALSE(customer_stream->next(acme));
    EXPECT_EQ(acme.name, "Acme");
}

TEST_P(CustomerReaderTest, LooksUpCompaniesByNameWhetherCustomersOrNot)
{
    world.company({.n = 1, .name = "Acme", .tagged = false, .contact_email = "a@acme.example"});
    world.company({.n = 2, .name = "Bolt \"B\"", .link = testing::tenant_id(1)});
    world.tenant({.n = 7, .name = "Acme"});
    auto tx = session.begin(Access::ReadOnly);

    auto const found =
        company_lookup(tx, profile, owner, tags)->named(Names{"Acme", "Bolt \"B\"", "acme"});

    EXPECT_THAT(found, UnorderedElementsAre(
                           AllOf(Field(&Company::id, company(1)), Field(&Company::tags, IsEmpty()),
                                 Field(&Company::emails, ElementsAre("a@acme.example"))),
                           AllOf(Field(&Company::id, company(2)), Field(&Company::link, tenant(1)),
                                 Field(&Company::tags, ElementsAre("PSA Customer")))));
}

TEST_P(CustomerReaderTest, LooksUpWhoHoldsAnEmailInAnySpelling)
{
    world.company({.n = 1, .name = "Acme", .contact_email = " Ada@ACME.example "});
    world.company({.n = 2, .name = "Bolt", .contact_email = "alone@bolt.example"});
    database.execute("UPDATE contacts SET {company}_id = NULL WHERE email LIKE 'alone%'");
    world.tenant({.n = 7, .name = "Elsewhere", .admin_email = "e@elsewhere.example"});
    auto tx = session.begin(Access::ReadOnly);

    auto const holders =
        company_lookup(tx, profile, owner, tags)
            ->holders_of(Names{"ada@acme.example", "alone@bolt.example", "e@elsewhere.example"});

    EXPECT_THAT(holders,
                UnorderedElementsAre(AllOf(Field(&EmailHolder::email, "ada@acme.example"),
                                           Field(&EmailHolder::company, company(1)),
                                           Field(&EmailHolder::company_name, "Acme")),
                                     AllOf(Field(&EmailHolder::email, "alone@bolt.example"),
                                           Field(&EmailHolder::company, std::nullopt),
                                           Field(&EmailHolder::company_name, ""))));
}

TEST_P(ClientsCustomerReaderTest, AnAdditionalAddressHasAHolderToo)
{
    world.company({.n = 1, .name = "Acme", .contact_email = "ada@acme.example"});
    database.execute(
        "INSERT INTO contact_additional_email_addresses"
        " (tenant, contact_name_id, email_address) VALUES ('" +
        owner.str() + "', '" + testing::contact_id(1) + "', ' Eve@Acme.example ')");
    auto tx = session.begin(Access::ReadOnly);

    EXPECT_THAT(company_lookup(tx, profile, owner, tags)->holders_of(Names{"eve@acme.example"}),
                ElementsAre(AllOf(Field(&EmailHolder::email, "eve@acme.example"),
                                  Field(&EmailHolder::company, company(1)),
                                  Field(&EmailHolder::company_name, "Acme"))));
}

}  // namespace
}  // namespace tracking::models
