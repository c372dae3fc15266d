#pragma once

#include <gtest/gtest.h>

#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::testing {

/// The two kinds of schema that the platform has had: tests/fixtures/companies.sql and clients.sql.
enum class Generation
{
    Companies,
    Clients
};

/// A generation as it was at a time. The fixtures clients_DATE.sql say how the clients generation
/// has grown.
struct SchemaState
{
    // NOLINTNEXTLINE(google-explicit-constructor): most tests care for the generation alone.
    SchemaState(Generation of, std::string as_of = {}) : generation{of}, date{std::move(as_of)} {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    operator Generation() const { return generation; }

    Generation generation;
    std::string date;  ///< 2025-10-03; empty: the newest state
};

/// All that the cluster has templates of, the newest states of both generations included.
std::vector<SchemaState> all_schema_states();

void PrintTo(SchemaState const& state, std::ostream* out);

/// An empty database of one generation on the cluster that ctest started; dropped with the object.
///
/// SQL given to it may say `{company}` and `{companies}`, which become `client` and `clients` in
/// the clients generation: `SELECT {company}_id FROM {companies}` works in both.
class TestDatabase
{
public:
    /// Throws std::runtime_error when CUSTOMER_RECONCILE_TEST_CLUSTER does not name a running
    /// cluster.
    explicit TestDatabase(SchemaState const& state);
    ~TestDatabase();
    TestDatabase(TestDatabase const&) = delete;
    TestDatabase& operator=(TestDatabase const&) = delete;

    Generation generation() const { return generation_; }
    std::string const& name() const { return name_; }

    /// libpq connection strings: as superuser, through PgBouncer in transaction mode, as another
    /// role.
    std::string dsn() const;
    std::string dsn_through_pooler() const;
    std::string dsn_as(std::string const& role) const;

    /// Runs one or more statements, outside of a transaction unless they open one. Throws what pqxx
    /// throws.
    void execute(std::string const& sql);
    /// Runs a file of tests/fixtures, which may say `{company}` too.
    void execute_file(std::string const& fixture);
    /// A new session, after the server was away.
    void reconnect();
    /// The single value of a single row; NULL reads "NULL".
    std::string value(std::string const& sql);
    std::vector<std::vector<std::string>> rows(std::string const& sql);
    /// Pieces of the schema that came later than others. A table: `has_column(table, "tenant")`.
    bool has_column(std::string const& table, std::string const& column);

    std::string quote(std::string_view text) const;

    /// What every table of schema public holds outside of the management tenant: the row count, and
    /// a digest of xmin and primary key of every row. Two equal fingerprints: nothing was written
    /// there in between, not even the same values again. Tables without a tenant count whole.
    std::map<std::string, std::string> fingerprint_outside(std::string const& management_tenant);

    /// The SQL with `{company}` and `{companies}` filled in, for sessions of the test's own.
    std::string in_generation(std::string sql) const;

private:
    struct Session;

    std::string fingerprint_query(std::string const& table, std::string const& management_tenant);

    Generation generation_;
    std::string name_;
    std::unique_ptr<Session> session_;
};

/// Base of the suites that run on both generations: `TEST_P(SomethingTest, Claim)` and
/// `TEST_BOTH_GENERATIONS(SomethingTest)`. A missing cluster fails the test.
class DatabaseTest : public ::testing::TestWithParam<SchemaState>
{
protected:
    TestDatabase database{GetParam()};
};

std::string name_of(::testing::TestParamInfo<SchemaState> const& info);

}  // namespace tracking::testing

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): INSTANTIATE_TEST_SUITE_P is a macro itself.
#define TEST_BOTH_GENERATIONS(suite)                                                       \
    INSTANTIATE_TEST_SUITE_P(Both, suite,                                                  \
                             ::testing::Values(::tracking::testing::Generation::Companies, \
                                               ::tracking::testing::Generation::Clients),  \
                             ::tracking::testing::name_of)

/// For suites that claim something of every state that the schema has had.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define TEST_ALL_SCHEMA_STATES(suite)                                                       \
    INSTANTIATE_TEST_SUITE_P(All, suite,                                                    \
                             ::testing::ValuesIn(::tracking::testing::all_schema_states()), \
                             ::tracking::testing::name_of)
