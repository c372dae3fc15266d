#include "tests/cli/undo/undo_fixture.hpp"

#include <set>

namespace tracking::testing {

namespace {

/// What an undo puts back is as it was, to the letter.
class UndoneRowsTest : public UndoFixture
{
protected:
    /// Companies that are recognised by their names: of number 1 the properties are NULL, of number
    /// 2 a JSON null.
    void world_of_null_properties()
    {
        for (int n = 1; n <= 2; ++n) {
            auto const number = std::to_string(n);
            auto const email = "a" + number + "@t.example";
            world.tenant({.n = n, .name = "Tenant " + number, .admin_email = email});
            world.company({.n = n,
                           .name = "Tenant " + number,
                           .properties_json = "null",
                           .contact_email = email});
        }
        database.execute("UPDATE {companies} SET properties = NULL WHERE {company}_id = '" +
                         company_id(1) + "'");
        init();
    }

    /// A run in world_of_every_drift() made changes of all kinds but those that other tests take
    /// back.
    void expect_every_kind_of_change()
    {
        std::set<std::string> const elsewhere{"link",            // LinkTest
                                              "ignore",          // IgnoreTest
                                              "change_contact",  // LifeTest, likewise
                                              "retire_contact",
                                              "untag",  // here, likewise
                                              "delete",         "restore"};
        auto const report = plan();
        for (auto const& [kind, tally] : report.at("changes").as_object()) {
            auto const made = count(
                "customer_reconcile.change WHERE outcome = 'applied' AND change"
                " = '" +
                std::string{kind} + "'");
            EXPECT_NE(made != "0", elsewhere.contains(kind)) << kind;
        }
    }

    /// A number that no double holds, and a depth that Boost.JSON does not read by default.
    static std::string awkward_properties(std::string const& link)
    {
        return R"({"tenant_id": ")" + link +
               R"(", "account": 12345678901234567890123, "rate": 1.10, "third":)"
               R"( 0.30000000000000000004, "more": [18446744073709551616, 1e400], "deep": )" +
               std::string(200, '[') + std::string(200, ']') + "}";
    }

    /// The column as text: as jsonb 1.10 and 1.1 are equal.
    std::string properties_text(int company)
    {
        return database.value("SELECT properties::text FROM {companies} WHERE {company}_id = '" +
                              company_id(company) + "'");
    }

    std::string null_properties()
    {
        return database.value(
            "SELECT string_agg(coalesce(jsonb_typeof(properties), 'NULL'), ', ' ORDER BY"
            " {company}_id) FROM {companies} WHERE {company}_id IN ('" +
            company_id(1) + "', '" + company_id(2) + "')");
    }

    /// The job made the customer, its tenant went, and a run cleaned the customer up.
    void expect_taken_back(std::string const& mode)
    {
        world.tenant({.n = 2, .name = "Bolt", .admin_email = "bob@bolt.example"});
        customer_of_acme();
        auto const tenant = " WHERE tenant = '" + tenant_id(1) + "'; ";
        database.execute("SET session_replication_role = replica; DELETE FROM tenants" + tenant +
                         "DELETE FROM users" + tenant + "RESET session_replication_role");
        auto const before = owned();
        auto everything = kEverything;
        everything["CUSTOMER_RECONCILE_CLEANUP_MODE"] = mode;
        everything["CUSTOMER_RECONCILE_GUARD_TENANTS"] = "0";
        auto const run = applied(everything);
        auto const after = owned();
        EXPECT_NE(after, before);
        EXPECT_EQ(undo(run).exit_code, 0);
        EXPECT_EQ(owned(), before);
        EXPECT_EQ(undo(latest_run()).exit_code, 0);
        EXPECT_EQ(owned(), after);
    }

    std::string definitions_with_times()
    {
        return database.value(
            "SELECT string_agg(to_jsonb(d)::text, ',' ORDER BY tag_id) FROM tag_definitions d");
    }
};

TEST_P(UndoneRowsTest, RestoresEveryRowAndUndoingThatRestoresTheRun)
{
    world_of_every_drift();
    auto const before = owned();
    auto const outside = database.fingerprint_outside(world.management_tenant());
    auto const run = applied();
    auto const after = owned();
    ASSERT_NE(after, before);
    expect_every_kind_of_change();

    auto const undone = undo(run);
    EXPECT_EQ(undone.exit_code, 0) << undone.err << undone.out;
    EXPECT_EQ(owned(), before);

    auto const redone = undo(latest_run());
    EXPECT_EQ(redone.exit_code, 0) << redone.err << redone.out;
    EXPECT_EQ(owned(), after);

    auto const again = undo(latest_run());
    EXPECT_EQ(again.exit_code, 0) << again.err << again.out;
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(database.fingerprint_outside(world.management_tenant()), outside);
}

// NULL counts as active. It comes back in place of what a clean-up wrote, and no false does.
TEST_P(UndoneRowsTest, WhatWasNeitherActiveNorInactiveIsSoAgain)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company(
        {.n = 8, .name = "Gone", .link = tenant_id(88), .contact_email = "g@gone.example"});
    auto const of_the_company = " WHERE {company}_id = '" + company_id(8) + "'";
    database.execute("UPDATE {companies} SET is_inactive = NULL" + of_the_company);
    database.execute("UPDATE contacts SET is_inactive = NULL" + of_the_company);
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES ('" +
                     tenant_id(0) + "', '" + company_id(8) + "', 'Eve', 'eve@gone.example')");
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    EXPECT_EQ(count("contacts" + of_the_company + " AND is_inactive"), "2");
    EXPECT_EQ(count("{companies}" + of_the_company + " AND is_inactive"), "1");

    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(owned(), after);
}

TEST_P(UndoneRowsTest, PropertiesAreTheSameKindOfNullAgain)
{
    world_of_null_properties();
    auto const before = null_properties();
    ASSERT_EQ(before, "NULL, null");
    auto const run = applied();
    EXPECT_EQ(null_properties(), "object, object");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(null_properties(), before);
    auto const undoing = latest_run();
    EXPECT_EQ(undo(undoing).exit_code, 0);
    EXPECT_EQ(null_properties(), "object, object");
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(null_properties(), before);
}

TEST_P(UndoneRowsTest, NumbersInPropertiesAreAsTheyWereWritten)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1,
                   .name = "Acme",
                   .properties_json = awkward_properties("Acme"),
                   .contact_email = "ada@acme.example"});
    init();
    auto const adopted = properties_text(1);
    auto const run = applied();
    EXPECT_NE(properties_text(1), adopted);

    auto const undone = undo(run);
    EXPECT_EQ(undone.exit_code, 0) << undone.err << undone.out;
    EXPECT_EQ(properties_text(1), adopted);

    auto const undoing = latest_run();
    EXPECT_EQ(undo(undoing).exit_code, 0);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(properties_text(1), adopted);
}

TEST_P(UndoneRowsTest, NumbersThatWereThereStayAsTheyAreBesideOnesThatCame)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 1,
                   .name = "Acme",
                   .properties_json = awkward_properties("Acme"),
                   .contact_email = "ada@acme.example"});
    init();
    auto const run = applied();
    auto const add = [&](std::string const& properties) {
        return database.value("SELECT ('" + properties + "'::jsonb || '{\"score\": 2.50}')::text");
    };
    auto const expected = add(awkward_properties("Acme"));
    database.execute(
        "UPDATE {companies} SET properties = properties || '{\"score\": 2.50}'"
        " WHERE {company}_id = '" +
        company_id(1) + "'");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(properties_text(1), expected);
}

TEST_P(UndoneRowsTest, NumbersOfColumnsHaveTheScaleOfTheirDefaults)
{
    database.execute("ALTER TABLE {companies} ADD discount numeric(10, 2) DEFAULT 0");
    auto const run = customer_of_acme();
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
}

TEST_P(UndoneRowsTest, ANullInAnImageOfAnOlderVersionComesBackAsNull)
{
    world_of_null_properties();
    auto const run = applied();
    database.execute(
        "UPDATE customer_reconcile.change SET before = jsonb_set(before::jsonb,"
        " '{company,properties}', 'null')");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(null_properties(), "NULL, NULL");
}

TEST_P(UndoneRowsTest, TagThatTheRunHasDefinedComesBackWithWhateverNeedsItFirst)
{
    for (int n = 1; n <= 5; ++n)
        world.tenant({.n = n,
                      .name = "Tenant " + std::to_string(n),
                      .admin_email = "a" + std::to_string(n) + "@t.example"});
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    for (auto const* const size : {"--batch-size=500", "--batch-size=1"}) {
        EXPECT_EQ(undo(latest_run(), {"--yes", size}).exit_code, 0);
        EXPECT_EQ(owned(), before);
        auto const redone = undo(latest_run(), {"--yes", size});
        EXPECT_EQ(redone.exit_code, 0) << redone.out;
        EXPECT_EQ(owned(), after);
    }
}

TEST_P(UndoneRowsTest, BillingProfileIsRenamedBackOnlyIfTheRunHasRenamedIt)
{
    for (int n = 1; n <= 3; ++n) {
        auto const number = std::to_string(n);
        world.tenant({.n = n, .name = "New " + number});
        world.company({.n = n, .name = "Old " + number, .link = tenant_id(n)});
    }
    if (GetParam() == Generation::Clients)
        database.execute("UPDATE client_billing_profiles SET name = CASE client_id WHEN '" +
                         company_id(1) + "' THEN 'New 1' WHEN '" + company_id(2) +
                         "' THEN 'By hand' ELSE name END");
    init();
    auto const before = owned();
    auto const run = applied();
    auto const after = owned();
    ASSERT_NE(after, before);
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(owned(), before);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(owned(), after);
}

TEST_P(UndoneRowsTest, OrphanThatWasDeletedIsPutBackWhole)
{
    expect_taken_back("delete");
}

TEST_P(UndoneRowsTest, OrphanThatWasUntaggedGetsItsTagsBack)
{
    expect_taken_back("untag");
}

TEST_P(UndoneRowsTest, DefinitionOfATagComesBackAsItWasMade)
{
    customer_of_acme();
    auto const before = definitions_with_times();
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(undo(latest_run()).exit_code, 0);
    EXPECT_EQ(definitions_with_times(), before);
}

TEST_P(UndoneRowsTest, DefinitionOfATagThatAPersonHasEditedStays)
{
    auto const run = customer_of_acme();
    auto const definitions = "tag_definitions WHERE tenant = '" + tenant_id(0) + "'";
    ASSERT_EQ(count(definitions), "1");
    database.execute("UPDATE tag_definitions SET background_color = '#000000'");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(companies(), "0");
    EXPECT_EQ(count(definitions), "1");
}

TEST_BOTH_GENERATIONS(UndoneRowsTest);

}  // namespace

}  // namespace tracking::testing
