#include "models/rules/company_rules.hpp"

#include <gmock/gmock.h>

#include "models/rules/rule_violation.hpp"

namespace tracking::models {
namespace {

std::string refused_field(CompanyDraft const& draft)
{
    try {
        checked_company(draft);
        return "none";
    } catch (RuleViolation const& violation) {
        return violation.field();
    }
}

TEST(CompanyRulesTest, EmptyOptionalTextsBecomeNull)
{
    EXPECT_EQ(checked_company({.name = "Acme"}),
              (CompanyRecord{"Acme", std::nullopt, "company", std::nullopt, std::nullopt}));
}

TEST(CompanyRulesTest, GivenTextsAreKept)
{
    auto const record = checked_company({.name = "Ada",
                                         .url = "https://ada.example",
                                         .client_type = "individual",
                                         .billing_email = "pay@ada.example",
                                         .notes = "VIP"});
    EXPECT_EQ(record, (CompanyRecord{"Ada", "https://ada.example", "individual", "pay@ada.example",
                                     "VIP"}));
}

TEST(CompanyRulesTest, NameIsStoredUntrimmed)
{
    EXPECT_EQ(checked_company({.name = "  Acme \n"}).name, "  Acme \n");
}

TEST(CompanyRulesTest, NameOfBlanksIsRefused)
{
    EXPECT_EQ(refused_field({.name = ""}), "company name");
    EXPECT_EQ(refused_field({.name = " \t\u00A0\u3000"}), "company name");
}

TEST(CompanyRulesTest, OddNamesAreNames)
{
    for (auto const* name : {"\u202Eעברית", R"(O'Neil "& Sons" \ Co)", "two\nlines", "😀"}) {
        EXPECT_EQ(checked_company({.name = name}).name, name);
    }
    EXPECT_EQ(checked_company({.name = std::string(10'000, 'x')}).name.size(), 10'000U);
}

TEST(CompanyRulesTest, WebsiteAndUrlFillEachOtherAndUrlWins)
{
    EXPECT_EQ(checked_company({.name = "A", .url = "https://a.example"}).url, "https://a.example");
    EXPECT_EQ(checked_company({.name = "A", .website = "https://b.example"}).url,
              "https://b.example");
    EXPECT_EQ(
        checked_company({.name = "A", .url = "https://a.example", .website = "https://b.example"})
            .url,
        "https://a.example");
}

TEST(CompanyRulesTest, UrlWithoutSchemeIsRefused)
{
    EXPECT_EQ(refused_field({.name = "A", .url = "example.com"}), "company url");
    EXPECT_EQ(refused_field({.name = "A", .website = "example.com"}), "company website");
}

TEST(CompanyRulesTest, ClientTypeIsCompanyOrIndividual)
{
    EXPECT_EQ(checked_company({.name = "A", .client_type = ""}).client_type, "company");
    EXPECT_EQ(refused_field({.name = "A", .client_type = "Company"}), "client type");
}

TEST(CompanyRulesTest, BillingEmailComesFromEmailWhereItIsEmpty)
{
    EXPECT_EQ(checked_company({.name = "A", .email = "a@a.example"}).billing_email, "a@a.example");
    EXPECT_EQ(checked_company({.name = "A", .email = "a@a.example", .billing_email = "b@a.example"})
                  .billing_email,
              "b@a.example");
}

}  // namespace
}  // namespace tracking::models
