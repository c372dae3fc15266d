// What a run and its undo do to companies with much in their properties.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;

class PropertiesTest : public JobTest
{
protected:
    /// A customer that is recognised by its name.
    void legacy_customer(int n, std::string const& more)
    {
        auto const name = "Tenant " + std::to_string(n);
        auto const email = "admin@t" + std::to_string(n) + ".example";
        world.tenant({.n = n, .name = name, .admin_email = email});
        world.company({.n = n,
                       .name = name,
                       .properties_json = R"({"tenant_id": ")" + name + "\", " + more + "}",
                       .contact_email = email});
    }

    std::string applied()
    {
        auto const ended = apply();
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
        return database.value("SELECT run_id FROM customer_reconcile.run WHERE mode = 'apply'");
    }

    Ended undo(std::string const& run) const
    {
        return job({"undo", run, "--yes", "--format=json"});
    }

    void set_properties(std::string const& value)
    {
        database.execute("UPDATE {companies} SET properties = " + value +
                         " WHERE {company}_id = '" + company_id(1) + "'");
    }

    std::string properties()
    {
        return database.value("SELECT properties FROM {companies} WHERE {company}_id = '" +
                              company_id(1) + "'");
    }

    std::string in_journal(std::string const& column)
    {
        return database.value("SELECT " + column +
                              "::jsonb #> '{company,properties}'"
                              " FROM customer_reconcile.change WHERE change = 'adopt'");
    }

    /// Makes the receipt what version 4 wrote: its images had the properties whole.
    void make_receipt_whole(std::string const& before)
    {
        database.execute(
            "UPDATE customer_reconcile.change SET"
            " before = jsonb_set(before::jsonb, '{company,properties}', '" +
            before + "'), after = jsonb_set(after::jsonb, '{company,properties}', '" +
            properties() + "')");
    }
};

TEST_P(PropertiesTest, TheJournalKeepsTheKeysThatTheRunWrote)
{
    legacy_customer(1, R"("region": "north")");
    init();
    applied();
    EXPECT_EQ(in_journal("before"), R"({"tenant_id": "Tenant 1"})");
    EXPECT_EQ(in_journal("after"), R"({"tenant_id": ")" + tenant_id(1) + R"("})");
}

TEST_P(PropertiesTest, UndoKeepsWhatPeopleHavePutBesideTheLink)
{
    legacy_customer(1, R"("region": "north", "size": 1)");
    init();
    auto const run = applied();
    set_properties(R"(properties - 'size' || '{"region": "south", "colour": "red"}')");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(properties(), R"({"colour": "red", "region": "south", "tenant_id": "Tenant 1"})");
}

TEST_P(PropertiesTest, UndoLeavesALinkThatAPersonHasChanged)
{
    legacy_customer(1, R"("region": "north")");
    init();
    auto const run = applied();
    set_properties(R"(properties || '{"tenant_id": "Mine"}')");
    auto const ended = undo(run);
    EXPECT_THAT(ended.out, HasSubstr("properties.tenant_id was"));
    EXPECT_EQ(properties(), R"({"region": "north", "tenant_id": "Mine"})");
}

TEST_P(PropertiesTest, UndoPutsBackALinkThatWasNotThereAndALaterUndoTakesItAway)
{
    legacy_customer(1, R"("region": "north")");
    set_properties("properties - 'tenant_id'");
    init();
    auto const before = properties();
    auto const run = applied();
    auto const after = properties();
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(properties(), before);
    auto const undoing =
        database.value("SELECT run_id FROM customer_reconcile.run WHERE mode = 'undo'");
    EXPECT_EQ(undo(undoing).exit_code, 0);
    EXPECT_EQ(properties(), after);
}

TEST_P(PropertiesTest, AReceiptOfVersion4IsUndoneKeyByKey)
{
    legacy_customer(1, R"("region": "north", "rate": 1.10)");
    init();
    auto const before = properties();
    auto const run = applied();
    make_receipt_whole(before);
    set_properties(R"(properties || '{"region": "south"}')");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(properties(), R"({"rate": 1.10, "region": "south", "tenant_id": "Tenant 1"})");
}

TEST_P(PropertiesTest, AReceiptOfVersion4IsPutBackAsItWas)
{
    legacy_customer(1, R"("region": "north")");
    init();
    auto const before = properties();
    auto const run = applied();
    make_receipt_whole(before);
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(properties(), before);
}

TEST_P(PropertiesTest, LargePropertiesEndABatch)
{
    auto const large = R"("notes": ")" + std::string(1'200'000, 'x') + '"';
    for (int n = 1; n <= 4; ++n)
        legacy_customer(n, large);
    init();
    auto const transactions =
        "(SELECT DISTINCT recorded_at FROM customer_reconcile.change"
        " WHERE change = '";
    auto const run = applied();
    EXPECT_EQ(count(std::string{transactions} + "adopt') AS one"), "4");
    EXPECT_EQ(undo(run).exit_code, 0);
    EXPECT_EQ(count(std::string{transactions} + "restore') AS one"), "4");
}

TEST_BOTH_GENERATIONS(PropertiesTest);

}  // namespace

}  // namespace tracking::testing
