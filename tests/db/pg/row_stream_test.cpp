#include "models/pg/pg_stream.hpp"

#include "models/reading/customer_reader.hpp"
#include "models/reading/tenant_reader.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <array>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsNull;
using ::testing::Optional;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::Throws;

using Texts = std::vector<std::optional<std::string>>;

class RowStreamTest : public ModelsTest
{
protected:
    static std::vector<Texts> rows_of(pg::RowStream& stream)
    {
        std::vector<Texts> rows;
        while (auto const* row = stream.next()) {
            auto& texts = rows.emplace_back();
            for (auto const& field : *row)
                texts.push_back(pg::optional_text(field));
        }
        return rows;
    }

    static std::unique_ptr<pg::RowStream> stream(Transaction& tx, std::string const& query,
                                                 Fetching fetching)
    {
        return pg::stream(tx, "rows_in_order", query, {}, fetching);
    }

    static constexpr std::array kEach{Fetching::InPieces, Fetching::InOne};
};
TEST_BOTH_GENERATIONS(RowStreamTest);

// What COPY escapes, what looks as if it were escaped, what ends a COPY, and what stands for NULL.
TEST_P(RowStreamTest, BringsTextsAsTheyAre)
{
    Texts const texts{"",   "plain", "a\tb\nc\rd", "\b\f\v",   "\\",    "\\N",      "\\t\\\\",
                      "\n", "\\.",   "O'Neill",    "\"${1}\"", "$1 $2", "Zürich 😀", "NULL"};
    std::vector<std::string> values;
    for (auto const& text : texts)
        values.push_back(*text);
    auto const parameter = [&](Fetching fetching) {
        return fetching == Fetching::InOne ? pg::array_literal(values) : pg::array_of(values);
    };
    for (auto const fetching : kEach) {
        auto tx = session.begin(Access::ReadOnly);
        auto const rows = pg::stream(tx, "rows_in_order",
                                     "SELECT one, NULL, one FROM unnest($2::text[]) one"
                                     " WHERE one <> $1::text",
                                     {"it's \\ not $2", parameter(fetching)}, fetching);
        std::vector<Texts> expected;
        for (auto const& text : texts)
            expected.push_back({text, std::nullopt, text});
        EXPECT_EQ(rows_of(*rows), expected);
        EXPECT_THAT(rows->next(), IsNull());
    }
}

TEST_P(RowStreamTest, AParameterMayBeNull)
{
    for (auto const fetching : kEach) {
        auto tx = session.begin(Access::ReadOnly);
        auto const rows = pg::stream(tx, "rows_in_order", "SELECT $1::text IS NULL",
                                     {std::optional<std::string>{}}, fetching);
        EXPECT_THAT(rows_of(*rows), ElementsAre(ElementsAre(Optional(Eq("t")))));
    }
}

TEST_P(RowStreamTest, BothWaysBringTheSameTenantsAndCustomers)
{
    world.tenant({.n = 1, .name = "A\tB\\N\n", .admin_email = " Ada@Acme.example"});
    world.tenant({.n = 2, .name = "\\N"});
    world.company({.n = 1, .name = "Tab\there", .link = testing::tenant_id(1)});
    world.company({.n = 2, .name = "Quo\"te", .link = "\\N", .contact_email = "X@y.example"});
    database.execute(
        "INSERT INTO tenants (tenant, {company}_name, email)"
        " SELECT gen_random_uuid(), 'T' || n, '' FROM generate_series(1, 300) n");
    Database other{login(database.dsn())};
    SoughtTags const tags{{"PSA Customer"}, "Canceled"};
    auto first = session.begin(Access::ReadOnly);
    auto second = other.begin_beside(first);

    auto const tenants = read_tenants(first, profile, owner);
    auto const customers = read_customers(first, profile, owner, tags);
    auto const same_tenants = read_tenants(second, profile, owner, Admins::First, Fetching::InOne);
    std::size_t count = 0;
    for (Tenant one, same; tenants->next(one); ++count) {
        ASSERT_TRUE(same_tenants->next(same));
        EXPECT_EQ(one.id, same.id);
        EXPECT_EQ(one.name, same.name);
        EXPECT_EQ(one.email, same.email);
        EXPECT_EQ(one.admin ? one.admin->email : "", same.admin ? same.admin->email : "");
    }
    EXPECT_EQ(count, 302U);
    // Its session is free again.
    auto const same_customers = read_customers(second, profile, owner, tags, Fetching::InOne);
    for (Company one, same; customers->next(one);) {
        ASSERT_TRUE(same_customers->next(same));
        EXPECT_EQ(one.id, same.id);
        EXPECT_EQ(one.name, same.name);
        EXPECT_EQ(one.link_text, same.link_text);
        EXPECT_EQ(one.tags, same.tags);
        EXPECT_EQ(one.emails, same.emails);
    }
}

TEST_P(RowStreamTest, AtItsEndTheTransactionIsFreeForOtherStatements)
{
    for (auto const fetching : kEach) {
        auto tx = session.begin(Access::ReadOnly);
        auto const rows = stream(tx, "SELECT n FROM generate_series(1, 1000) n", fetching);
        EXPECT_THAT(rows_of(*rows), SizeIs(1000));
        EXPECT_EQ(pg::text(pg::exec(tx, "SELECT 'free'")[0][0]), "free");
    }
}

TEST_P(RowStreamTest, WhatTheServerRefusesHasItsSqlstate)
{
    for (auto const fetching : kEach) {
        auto tx = session.begin(Access::ReadOnly);
        EXPECT_THAT(([&] { rows_of(*stream(tx, "SELECT nothing", fetching)); }),
                    Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "42703")));
    }
}

TEST_P(RowStreamTest, AnErrorInTheMiddleHasItsSqlstate)
{
    for (auto const fetching : kEach) {
        auto tx = session.begin(Access::ReadOnly);
        EXPECT_THAT(
            ([&] {
                rows_of(*stream(tx, "SELECT 1 / (n - 50000) FROM generate_series(1, 90000) n",
                                fetching));
            }),
            Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "22012")));
    }
}

TEST_P(RowStreamTest, ASessionThatIsLostInTheMiddleIsSaidToBe)
{
    for (auto const fetching : kEach) {
        Database own{login(database.dsn())};
        auto tx = own.begin(Access::ReadOnly);
        auto const pid = std::string{pg::text(pg::exec(tx, "SELECT pg_backend_pid()")[0][0])};
        auto const rows =
            stream(tx, "SELECT n, repeat('x', 1000) FROM generate_series(1, 90000) n", fetching);
        ASSERT_TRUE(rows->next());
        database.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
        EXPECT_THROW(rows_of(*rows), ConnectionLost);
    }
}

TEST_P(RowStreamTest, OneThatIsLeftMidwayHarmsNobody)
{
    for (auto const fetching : kEach) {
        auto tx = session.begin(Access::ReadOnly);
        ASSERT_TRUE(stream(tx, "SELECT n FROM generate_series(1, 90000) n", fetching)->next());
    }
    auto tx = session.begin(Access::ReadOnly);
    EXPECT_EQ(pg::text(pg::exec(tx, "SELECT 'well'")[0][0]), "well");
}

}  // namespace
}  // namespace tracking::models
