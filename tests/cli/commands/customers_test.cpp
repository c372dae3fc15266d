#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CustomersTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        world.tenant({.n = 2, .name = "Bolt", .admin_email = "bob@bolt.example"});
        world.company({.n = 2, .name = "Bolt", .link = tenant_id(2)});
        world.company(
            {.n = 3, .name = "Acme", .link = tenant_id(1), .contact_email = "ada@acme.example"});
        world.company({.n = 4, .name = "Orphan", .link = tenant_id(77)});
        world.tenant({.n = 5, .name = "Missing", .admin_email = "mia@missing.example"});
    }

    boost::json::object listed(std::vector<std::string> const& options = {}) const
    {
        std::vector<std::string> words{"customers", "--format=json"};
        words.insert(words.end(), options.begin(), options.end());
        return parsed(job(words)).as_object();
    }

    static std::string text(boost::json::value const& value)
    {
        return boost::json::serialize(value);
    }
};

TEST_P(CustomersTest, AreTheCompaniesOfLiveTenantsWithTheDriftOfEach)
{
    auto const list = listed({"--personal-data=show"});
    auto const& customers = list.at("customers").as_array();
    ASSERT_EQ(customers.size(), 2u);
    EXPECT_EQ(text(customers[0].at("tenant")), R"({"id":")" + tenant_id(1) + R"(","name":"Acme"})");
    EXPECT_EQ(text(customers[0].at("company")),
              R"({"id":")" + company_id(3) + R"(","name":"Acme"})");
    EXPECT_EQ(customers[0].at("state"), "active");
    EXPECT_EQ(text(customers[0].at("tags")), R"(["PSA Customer"])");
    EXPECT_EQ(text(customers[0].at("contacts")), R"(["ada@acme.example"])");
    EXPECT_EQ(text(customers[0].at("drift")), "[]");
    EXPECT_EQ(text(customers[1].at("drift")), R"(["contact_missing"])");
    EXPECT_EQ(list.at("count"), 2);
    EXPECT_EQ(list.at("differing"), 1);
    EXPECT_EQ(text(list.at("doubts")), "[]");
}

TEST_P(CustomersTest, OfOneTenantAreAllListedWhereSeveralAreLinked)
{
    world.company({.n = 6, .name = "Acme Old", .link = tenant_id(1)});
    auto const list = listed();
    ASSERT_EQ(list.at("count"), 3);
    for (auto const i : {0u, 1u}) {
        EXPECT_EQ(list.at("customers").at(i).at("tenant").at("name"), "Acme");
        EXPECT_EQ(text(list.at("customers").at(i).at("drift")), R"(["duplicate"])");
    }
}

TEST_P(CustomersTest, ThatTheJobDoesNotLookAfterSaySo)
{
    database.execute("UPDATE {companies} SET is_inactive = true WHERE {company}_name = 'Acme'");
    database.execute(
        "UPDATE {companies} SET properties = properties || '{\"reconcile\": \"ignore\"}'"
        " WHERE {company}_name = 'Bolt'");
    auto const list = listed({"--exclude=" + tenant_id(1)});
    auto const& customers = list.at("customers").as_array();
    ASSERT_EQ(customers.size(), 2u);
    EXPECT_EQ(customers[0].at("state"), "inactive");
    EXPECT_EQ(customers[1].at("state"), "ignored");
    for (auto const& customer : customers)
        EXPECT_EQ(customer.at("compared"), false);
    EXPECT_EQ(list.at("differing"), 0);
}

TEST_P(CustomersTest, AreListedAsTextWithoutPersonalData)
{
    auto const ended = job({"customers"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out,
                AllOf(HasSubstr("\"Acme\"\n    tenant   " + tenant_id(1) + "\n    company  " +
                                company_id(3) + "  \"Acme\"\n    state    active\n"),
                      HasSubstr("    contact  ***@acme.example\n"), Not(HasSubstr("ada@")),
                      HasSubstr("    drift    contact_missing\n"),
                      HasSubstr("2 customers, 1 with drift: customer-reconcile plan\n")));
}

TEST_P(CustomersTest, HaveNoAddressInAnyTextWherePersonalDataAreMasked)
{
    world.tenant({.n = 8, .name = "carl@carl.example", .admin_email = "x@y.example"});
    world.company({.n = 8, .name = "carl@carl.example", .link = tenant_id(8)});
    for (auto const* format : {"text", "json"}) {
        auto const ended = job({"customers", "--format=" + std::string{format}});
        EXPECT_THAT(ended.out, AllOf(HasSubstr("***@carl.example"), HasSubstr("***@acme.example"),
                                     Not(HasSubstr("carl@")), Not(HasSubstr("ada@"))));
    }
}

TEST_P(CustomersTest, HaveWholeAddressesInADocument)
{
    auto const email = std::string(60, 'a') + "@long.example";
    database.execute("UPDATE contacts SET email = '" + email +
                     "' WHERE email = 'ada@acme.example'");
    auto const list = listed({"--personal-data=show"});
    EXPECT_EQ(list.at("customers").at(0).at("contacts").at(0).as_string(), email);
}

TEST_P(CustomersTest, TellWhyTheyMayBeIncomplete)
{
    for (auto const n : {1, 2, 5})
        world.tenant_goes(n);
    EXPECT_THAT(job({"customers"}).out,
                HasSubstr("0 customers\nThe list may be incomplete: there are no tenants"));
    EXPECT_EQ(listed().at("doubts").as_array().size(), 1u);
}

TEST_BOTH_GENERATIONS(CustomersTest);

}  // namespace

}  // namespace tracking::testing
