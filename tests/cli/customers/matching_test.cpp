// Which company is a tenant's customer, where the link is odd or a person has said "ignore".

#include "config/notation/format.hpp"
#include "tests/cli/job_test.hpp"

#include <map>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class MatchingTest : public JobTest
{
protected:
    MatchingTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    /// A company with just this under properties.tenant_id.
    void company_with_link(int n, std::string const& name, std::string const& json)
    {
        world.company({.n = n, .name = name, .properties_json = "{\"tenant_id\": " + json + "}"});
    }

    std::string properties_of(int n)
    {
        return database.value("SELECT properties FROM {companies} WHERE {company}_id = '" +
                              company_id(n) + "'");
    }

    std::string companies() { return count("{companies} WHERE tenant = '" + tenant_id(0) + "'"); }

    static std::string field(boost::json::value const& report, std::string const& pointer)
    {
        return boost::json::serialize(report.at_pointer(pointer));
    }
};

TEST_P(MatchingTest, AGroupOfOneNameIsRememberedByEachTenantAndSettledByPersons)
{
    for (int n = 2; n <= 4; ++n) {
        world.tenant(
            {.n = n, .name = "Trial", .admin_email = "t" + std::to_string(n) + "@t.example"});
        world.company({.n = n, .name = "Trial " + std::to_string(n), .link = "Trial"});
    }
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(found(parsed(applied), "ambiguous"), 1);
    EXPECT_EQ(count("customer_reconcile.drift WHERE kind = 'ambiguous'"), "3");
    for (auto const& subject : {tenant_id(3), company_id(4)})
        EXPECT_THAT(
            job({"explain", subject}).out,
            AllOf(HasSubstr("3 tenants match 3 companies by name"), HasSubstr("seen by 1 run")));
    for (int n = 2; n <= 3; ++n)
        EXPECT_EQ(job({"link", tenant_id(n), company_id(n), "--reason=asked", "--yes"}).exit_code,
                  0);
    EXPECT_EQ(count("customer_reconcile.drift WHERE kind = 'ambiguous'"), "3");
    auto const left = plan();
    EXPECT_EQ(found(left, "ambiguous"), 1);
    auto const& last = left.at("items").as_array().back();
    EXPECT_EQ(field(last, "/group/tenants/0/id"), "\"" + tenant_id(4) + "\"") << last;
}

TEST_P(MatchingTest, ANameThatOnlyLooksLikeTheTenantsGetsNoSecondCompanyBesideIt)
{
    world.tenant({.n = 2, .name = "Caf\u00E9 Noir", .admin_email = "c@noir.example"});
    world.tenant({.n = 3, .name = "Acme Ltd", .admin_email = "l@acme.example"});
    world.tenant({.n = 4, .name = "Bolt", .admin_email = "b@bolt.example"});
    world.company({.n = 2, .name = "Cafe\u0301 Noir"});
    world.company({.n = 3, .name = "ACME\u00A0LTD", .tagged = false});
    world.company({.n = 4, .name = "Other", .link = "Bo\u200Blt"});
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    auto const report = parsed(applied);
    EXPECT_EQ(found(report, "missing"), 1) << "Acme";
    EXPECT_EQ(found(report, "ambiguous"), 3);
    EXPECT_EQ(field(report, "/residual/drift/ambiguous/found"), "3");
    EXPECT_EQ(field(report, "/residual/drift/unlinked/found"), "0");
    EXPECT_THAT(applied.out, AllOf(HasSubstr("U+0065 U+0301 where the tenant has U+00E9"),
                                   HasSubstr("U+200B where the tenant has nothing")));
    EXPECT_THAT(job({"explain", tenant_id(3)}).out,
                AllOf(HasSubstr("looks"), HasSubstr(company_id(3)), HasSubstr("ambiguous")));
    EXPECT_EQ(job({"link", tenant_id(2), company_id(2), "--reason=asked", "--yes"}).exit_code, 0);
    EXPECT_EQ(job({"link", tenant_id(3), company_id(3), "--reason=asked", "--yes"}).exit_code, 0);
    auto const next = job({"plan"});
    EXPECT_THAT(next.out, HasSubstr("(U+0065 U+0301 becomes U+00E9)")) << "renamed";
    EXPECT_EQ(found(plan(), "ambiguous"), 1);
}

TEST_P(MatchingTest, ACustomerThatTheJobMadeIsFoundByItsIdThoughLinkAndTagAreLost)
{
    world.company({.n = 1, .name = "Acme", .tagged = false});
    EXPECT_EQ(apply().exit_code, 0);
    auto const made =
        database.value("SELECT {company}_id FROM {companies} WHERE {company}_name = 'Acme (" +
                       tenant_id(1).substr(0, 8) + ")'");
    auto const before = companies();
    database.execute("UPDATE {companies} SET properties = NULL WHERE {company}_id = '" + made +
                     "'; DELETE FROM tag_mappings WHERE tagged_id = '" + made +
                     "'; DELETE FROM contacts WHERE {company}_id = '" + made + "'");
    EXPECT_THAT(job({"explain", tenant_id(1)}).out, HasSubstr("id      \"Acme ("));
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(field(parsed(applied), "/changes/adopt/applied"), "1") << applied.out;
    EXPECT_EQ(field(parsed(applied), "/converged"), "true");
    EXPECT_EQ(found(parsed(applied), "invalid"), 0);
    EXPECT_EQ(companies(), before);
    EXPECT_EQ(database.value("SELECT properties ->> 'tenant_id' FROM {companies} WHERE "
                             "{company}_id = '" +
                             made + "'"),
              tenant_id(1));
}

TEST_P(MatchingTest, ANameThatNoIndexTakesIsInvalidAndNeverTried)
{
    database.execute(
        "UPDATE tenants SET {company}_name = (SELECT string_agg(md5(i::text), '') "
        "FROM generate_series(1, 100) AS i) WHERE tenant = '" +
        tenant_id(1) + "'");
    for (int night = 1; night <= 2; ++night) {
        auto const applied = apply();
        EXPECT_EQ(applied.exit_code, 0) << applied.err;
        EXPECT_EQ(found(parsed(applied), "invalid"), 1) << applied.out;
        EXPECT_EQ(field(parsed(applied), "/rollbacks"), "0");
    }
}

TEST_P(MatchingTest, ALinkInAnotherSpellingIsTheTenantsAndIsStampedAgain)
{
    auto const id = tenant_id(1);
    auto bare = id;
    std::erase(bare, '-');
    company_with_link(1, "Acme Ltd", "null");
    auto const before = companies();
    for (auto const& spelling : {"{" + id + "}", id + "\\n", "urn:uuid:" + id, bare, " " + bare}) {
        SCOPED_TRACE(spelling);
        database.execute("UPDATE {companies} SET properties = '{\"tenant_id\": \"" + spelling +
                         "\"}' WHERE {company}_id = '" + company_id(1) + "'");
        auto const applied = apply();
        EXPECT_EQ(applied.exit_code, 0) << applied.err;
        EXPECT_EQ(field(parsed(applied), "/changes/adopt/applied"), "1");
        EXPECT_EQ(field(parsed(applied), "/residual/drift/unstamped/found"), "0");
        EXPECT_EQ(companies(), before) << "no second company";
        EXPECT_THAT(properties_of(1), HasSubstr("\"" + id + "\""));
    }
}

TEST_P(MatchingTest, WhatCannotBeReadAsALinkIsAPersonsAndNeverOverwritten)
{
    world.tenant({.n = 2, .name = "42", .admin_email = "bo@bolt.example"});
    world.tenant({.n = 3, .name = "Crow", .admin_email = "cy@crow.example"});
    world.tenant({.n = 4, .name = "Dune", .admin_email = "di@dune.example"});
    company_with_link(1, "Merged", "[\"" + tenant_id(1) + "\", \"" + tenant_id(99) + "\"]");
    company_with_link(2, "Number", "42");
    company_with_link(3, "Crow", "{\"name\": true}");
    company_with_link(4, "Noted", "\"" + tenant_id(4) + " (was Dune)\"");
    auto const before = companies();
    auto const rows = database.rows("SELECT {company}_id, properties FROM {companies} ORDER BY 1");
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    auto const report = parsed(applied);
    EXPECT_EQ(found(report, "invalid"), 4) << applied.out;
    EXPECT_EQ(found(report, "missing"), 0);
    EXPECT_EQ(companies(), before);
    EXPECT_EQ(database.rows("SELECT {company}_id, properties FROM {companies} ORDER BY 1"), rows);
    EXPECT_EQ(field(report, "/counts/differing"), "4");
}

TEST_P(MatchingTest, WhatCannotBeReadIsSettledByTheCommandThatItsItemPrints)
{
    company_with_link(1, "Merged", "[\"" + tenant_id(1) + "\", \"" + tenant_id(99) + "\"]");
    auto const way = std::string{plan().at_pointer("/items/0/ways_out/0").as_string()};
    EXPECT_THAT(way, HasSubstr("link " + tenant_id(1) + " " + company_id(1)));
    auto const linked = job({"link", tenant_id(1), company_id(1), "--reason=asked sales", "--yes"});
    EXPECT_EQ(linked.exit_code, 0) << linked.out << linked.err;
    EXPECT_EQ(found(plan(), "invalid"), 0);
    EXPECT_EQ(found(plan(), "missing"), 0);
}

TEST_P(MatchingTest, ACompanyThatSaysIgnoreIsNobodysCandidateButByItsOwnLink)
{
    world.company({.n = 1,
                   .name = "Acme",
                   .properties_json = R"({"tenant_id": "Acme", "reconcile": "ignore"})",
                   .contact_email = "ada@acme.example"});
    auto const planned = job({"plan", "--detailed-exitcode"});
    EXPECT_EQ(planned.exit_code, 2);
    EXPECT_THAT(planned.out, AllOf(HasSubstr("name_taken"), Not(HasSubstr("No drift"))));
    EXPECT_THAT(job({"explain", "Acme"}).out,
                AllOf(HasSubstr("missing"), HasSubstr("no candidate")));
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(count("{companies} WHERE {company}_name = 'Acme (00000000)'"), "1");
    EXPECT_EQ(field(parsed(applied), "/converged"), "true");
}

TEST_P(MatchingTest, ATenantWhoseCustomerSaysIgnoreIsLeftAloneAndNamedInEveryForm)
{
    world.company(
        {.n = 1,
         .name = "Acme Ltd",
         .properties_json = R"({"tenant_id": ")" + tenant_id(1) + R"(", "reconcile": "ignore"})"});
    for (auto const& [format, form, suffix] : config::kFormats) {
        auto const planned = job({"plan", "--detailed-exitcode", "--format=" + std::string{form}});
        EXPECT_EQ(planned.exit_code, 0) << planned.err;
        EXPECT_THAT(planned.out, AllOf(HasSubstr(tenant_id(1)), HasSubstr(company_id(1)))) << form;
    }
    EXPECT_THAT(job({"plan"}).out,
                AllOf(HasSubstr("1 = 1 left alone"), Not(HasSubstr("every tenant in scope")),
                      HasSubstr("only 0 of 1 tenants in scope")));
    EXPECT_THAT(job({"explain", "Acme"}).out, HasSubstr("left alone"));
    EXPECT_EQ(field(parsed(apply()), "/converged"), "true") << "each is whole, or named";
}

TEST_P(MatchingTest, DriftOfAKindThatIsOffIsNoWholeCustomer)
{
    auto const planned = job({"plan", "--drift-missing=off"});
    EXPECT_THAT(planned.out, AllOf(HasSubstr("only kinds that are off"),
                                   HasSubstr("only 0 of 1 tenants in scope")));
    EXPECT_THAT(job({"explain", "Acme", "--drift-missing=off"}).out, HasSubstr("not watched"));
}

// A link that cannot be read is a person's. The job does nothing to the company, and the report
// says so.
TEST_P(MatchingTest, AnotherWordThanIgnoreIsTakenForItAndNamed)
{
    for (int n = 2; n <= 7; ++n)
        world.tenant({.n = n,
                      .name = "Odd " + std::to_string(n),
                      .admin_email = "o" + std::to_string(n) + "@odd.example"});
    std::map<int, std::string> const words{{2, R"("Ignore")"}, {3, R"(" ignore ")"}, {4, "true"},
                                           {5, "[1]"},         {6, R"({"a": 1})"},   {7, "0"}};
    for (auto const& [n, word] : words)
        world.company({.n = n,
                       .name = "Company " + std::to_string(n),
                       .properties_json =
                           R"({"tenant_id": ")" + tenant_id(n) + R"(", "reconcile": )" + word + "}",
                       .tagged = false});
    auto const rows =
        database.rows("SELECT * FROM {companies} WHERE {company}_name LIKE 'Company%'");
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    auto const report = parsed(applied);
    EXPECT_EQ(field(report, "/changes/create/applied"), "1") << "Acme is served";
    EXPECT_EQ(field(report, "/counts/ignored"), "6");
    EXPECT_EQ(field(report, "/converged"), "true");
    EXPECT_EQ(database.rows("SELECT * FROM {companies} WHERE {company}_name LIKE 'Company%'"),
              rows);
    auto const planned = job({"plan"}).out;
    EXPECT_THAT(planned, AllOf(HasSubstr("6 companies"), HasSubstr("and 1 more")));
    EXPECT_THAT(job({"explain", "Odd 4"}).out, HasSubstr("says true"));
}

// An odd row harms itself only, never the run.
TEST_P(MatchingTest, ATenantOfAnImpossibleDateStopsNobodyAndIsNamedWhereItIsAhead)
{
    std::map<int, std::string> const dates{{2, "'infinity'"},
                                           {3, "'-infinity'"},
                                           {4, "'20231-01-01'"},
                                           {5, "'4000-01-01 BC'"},
                                           {6, "NULL"}};
    for (auto const& [n, created] : dates)
        world.tenant({.n = n,
                      .name = "Odd " + std::to_string(n),
                      .admin_email = "o" + std::to_string(n) + "@odd.example",
                      .created = created + "::timestamptz"});
    database.execute("UPDATE roles SET client = NULL WHERE NOT client");
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    auto const report = parsed(applied);
    EXPECT_EQ(found(report, "missing"), 4) << "Acme, and what is only old";
    EXPECT_EQ(found(report, "no_admin"), 0);
    EXPECT_EQ(found(report, "invalid"), 2);
    EXPECT_EQ(field(report, "/counts/young"), "0");
    EXPECT_THAT(applied.out, AllOf(HasSubstr(tenant_id(2)), HasSubstr("in the future")));
    EXPECT_EQ(job({"explain", "Odd 2"}).exit_code, 0);
    database.execute("UPDATE customer_reconcile.drift SET first_seen = 'infinity'");
    EXPECT_EQ(job({"plan"}).exit_code, 0);
    database.execute("UPDATE customer_reconcile.drift SET first_seen = '-infinity'");
    EXPECT_EQ(job({"plan"}).exit_code, 0);
    database.execute("UPDATE customer_reconcile.run_start SET started_at = '-infinity'");
    EXPECT_EQ(job({"history"}).exit_code, 0);
}

TEST_P(MatchingTest, ANameThatNoIndexTakesIsInvalidAndNotTriedEveryNight)
{
    database.execute(
        "UPDATE tenants SET {company}_name = (SELECT string_agg(md5(n::text), '')"
        " FROM generate_series(1, 100) n) WHERE tenant = '" +
        tenant_id(1) + "'");
    auto const applied = apply();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(found(parsed(applied), "invalid"), 1);
    EXPECT_EQ(field(parsed(applied), "/totals/failed"), "0");
}

TEST_P(MatchingTest, IdsInOptionsMayBeSpelledOtherwise)
{
    auto const braced = "{" + tenant_id(1) + "}";
    EXPECT_EQ(found(parsed(job({"plan", "--format=json", "--exclude=" + braced})), "missing"), 0);
    EXPECT_THAT(job({"explain", "urn:uuid:" + tenant_id(1)}).out, HasSubstr("Tenant \"Acme\""));
}

TEST_BOTH_GENERATIONS(MatchingTest);

}  // namespace

}  // namespace tracking::testing
