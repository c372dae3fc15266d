// An odd row harms itself only, never the run. Odd rows of every kind stand beside ordinary ones,
// and the job serves the ordinary ones exactly as without them.

#include "tests/cli/job_test.hpp"

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace tracking::testing {

namespace {

constexpr char const* kMuch =
    "properties || jsonb_build_object('much', (SELECT string_agg(md5(i::text), '')"
    " FROM generate_series(1, 9400) i))";

std::vector<std::string> const kOddProperties{"properties",
                                              "NULL",
                                              "'null'",
                                              "'[1]'",
                                              "'7'",
                                              "'\"text\"'",
                                              "'true'",
                                              "properties || '{\"tenant_id\": [1]}'",
                                              "properties || '{\"reconcile\": true}'",
                                              kMuch};

std::vector<std::string> odd_names(std::string const& number)
{
    return {"{company}_name",
            "''",
            "'  '",
            "E'\\u00a0'",
            "'Odd \"" + number + "\"; --'",
            "E'Odd\\t" + number + "\\n'",
            "repeat('Odd " + number + "', 30)",
            "(SELECT string_agg(md5(i || '" + number + "'), '') FROM generate_series(1, 94) i)"};
}

std::vector<std::string> odd_addresses(std::string const& number)
{
    return {"email",
            "'no address " + number + "'",
            "''",
            "'o''dd+" + number + "%_@odd.example'",
            "U&'\\00fcml" + number + "@odd.example'",
            "repeat('x', 250) || '" + number + "@odd.example'"};
}

/// A database with one night behind it.
class Night
{
public:
    static constexpr int kOrdinary = 24;
    static constexpr int kOdd = 24;

    /// Without a seed there are only ordinary rows.
    Night(SchemaState const& state, std::optional<unsigned> seed) : database{state}
    {
        job({"init", "--yes"});
        ordinary_rows();
        if (seed) {
            std::mt19937 dice{*seed};
            odd_rows(dice);
        }
    }

    Ended job(std::vector<std::string> const& arguments)
    {
        return run_job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()},
                                   {"CUSTOMER_RECONCILE_GRACE_TIME", "0"},
                                   {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"},
                                   {"CUSTOMER_RECONCILE_GUARD_TENANTS", "0"}});
    }

    /// Some drift of every kind.
    void ordinary_rows()
    {
        for (int n = 1; n <= kOrdinary; ++n) {
            auto const number = std::to_string(n);
            auto const name = "Ordinary " + number;
            auto const email = "o" + number + "@ordinary.example";
            bool const is_gone = n % 6 == 5;
            if (!is_gone)
                world.tenant({.n = n, .name = name, .admin_email = email});
            if (n % 6 != 0)
                world.company({.n = n,
                               .name = name,
                               .link = n % 6 == 1 ? name : tenant_id(n),
                               .tagged = n % 6 != 2,
                               .contact_email = n % 6 == 3 ? "" : email});
        }
    }

    /// Each with its number in its name, where it has one, and in its ids.
    void odd_rows(std::mt19937& dice)
    {
        auto const pick = [&](std::vector<std::string> const& all) {
            return all[std::uniform_int_distribution<std::size_t>{0, all.size() - 1}(dice)];
        };
        for (int n = 101; n <= 100 + kOdd; ++n) {
            auto const number = std::to_string(n);
            auto const email = "odd" + number + "@odd.example";
            world.tenant({.n = n, .name = "Odd " + number, .admin_email = email});
            auto const tenant = " WHERE tenant = '" + tenant_id(n) + "'";
            auto const company = " WHERE {company}_id = '" + company_id(n) + "'";
            if (n % 2 == 0)
                world.company({.n = n, .name = "Odd " + number, .link = tenant_id(n)});
            database.execute("UPDATE tenants SET created_at = " +
                             pick({"created_at", "NULL", "'infinity'", "'-infinity'",
                                   "'20231-01-01'", "'4000-01-01 BC'", "'1970-01-01'"}) +
                             tenant);
            database.execute("UPDATE tenants SET {company}_name = " + pick(odd_names(number)) +
                             tenant);
            database.execute("UPDATE users SET email = " + pick(odd_addresses(number)) + tenant);
            database.execute(
                "UPDATE roles SET " +
                pick({"msp = msp", "msp = NULL", "client = NULL", "msp = NULL, client = NULL"}) +
                tenant);
            database.execute("UPDATE {companies} SET properties = " + pick(kOddProperties) +
                             company);
            database.execute("UPDATE {companies} SET is_inactive = " + pick({"false", "NULL"}) +
                             company);
        }
    }

    /// The companies of ordinary rows as they are now, with what belongs to them.
    std::string ordinary()
    {
        return database.value(
            "SELECT string_agg(jsonb_build_array(c.{company}_id, c.{company}_name, c.properties,"
            " c.is_inactive, (SELECT jsonb_agg(jsonb_build_array(p.full_name, p.email,"
            " p.is_inactive) ORDER BY p.email) FROM contacts p WHERE p.{company}_id ="
            " c.{company}_id), (SELECT jsonb_agg(d.tag_text ORDER BY 1) FROM tag_mappings m JOIN"
            " tag_definitions d USING (tenant, tag_id) WHERE m.tagged_id ="
            " c.{company}_id))::text, E'\\n' ORDER BY c.{company}_id) FROM {companies} c WHERE"
            " c.tenant = '" +
            tenant_id(0) + "' AND c.{company}_name LIKE 'Ordinary%'");
    }

    /// The odd ones that have no customer of their own, and that the report does not name.
    std::vector<std::string> unsaid(std::string const& report)
    {
        std::vector<std::string> left;
        for (int n = 101; n <= 100 + kOdd; ++n) {
            auto const id = tenant_id(n);
            auto const linked = database.value(
                "SELECT count(*) FROM {companies} WHERE tenant = '" + tenant_id(0) +
                "' AND jsonb_typeof(properties) = 'object' AND properties ->> 'tenant_id' = '" +
                id + "'");
            if (linked == "0" && report.find(id) == report.npos)
                left.push_back(id);
        }
        return left;
    }

private:
    TestDatabase database;
    World world{database};
};

class OddRowsTest : public ::testing::TestWithParam<SchemaState>
{};
TEST_BOTH_GENERATIONS(OddRowsTest);

TEST_P(OddRowsTest, EverybodyElseIsServedExactlyAsWithoutThemAndEachOddOneIsSettledOrNamed)
{
    Night alone{GetParam(), std::nullopt};
    EXPECT_EQ(alone.job({"apply", "--yes"}).exit_code, 0);
    auto const expected = alone.ordinary();
    for (unsigned const seed : {1U, 2U, 3U}) {
        SCOPED_TRACE(seed);
        Night night{GetParam(), seed};
        EXPECT_NE(night.job({"plan"}).exit_code, 1);
        auto const applied = night.job({"apply", "--yes", "--format=json"});
        EXPECT_NE(applied.exit_code, 1) << applied.err;
        EXPECT_EQ(night.ordinary(), expected);
        EXPECT_THAT(night.unsaid(applied.out), ::testing::IsEmpty()) << applied.out;
        EXPECT_EQ(night.job({"explain", tenant_id(101)}).exit_code, 0);
    }
}

}  // namespace

}  // namespace tracking::testing
