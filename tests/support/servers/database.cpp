#include "tests/support/servers/database.hpp"

#include "tests/support/servers/cluster.hpp"

#include <pqxx/pqxx>

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <ostream>
#include <stdexcept>

namespace tracking::testing {
namespace {

std::string cluster_file(std::string const& file)
{
    auto const directory = cluster_directory();
    std::ifstream stream{directory + "/" + file};
    std::string line;
    if (!std::getline(stream, line)) {
        throw std::runtime_error{"no running cluster in " + directory +
                                 "; tests/support/cluster.sh starts one"};
    }
    return line;
}

void replace_all(std::string& text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// Outside of a transaction block, where CREATE and DROP DATABASE have to run.
void execute_on_server(std::string const& sql)
{
    pqxx::connection connection{cluster_file("conninfo") + " dbname=postgres"};
    pqxx::nontransaction{connection}.exec(sql);
}

std::string next_database_name()
{
    static int made = 0;
    return "test_" + std::to_string(getpid()) + "_" + std::to_string(++made);
}

std::string title(SchemaState const& state)
{
    auto title = std::string{state.generation == Generation::Companies ? "Companies" : "Clients"};
    title += state.date;
    std::erase(title, '-');  // a test's name has none
    return title;
}

std::string template_of(SchemaState const& state)
{
    if (state.generation == Generation::Companies)
        return "template_companies";
    auto name = "template_clients" + (state.date.empty() ? "" : "_" + state.date);
    replace_all(name, "-", "_");
    return name;
}

}  // namespace

struct TestDatabase::Session
{
    explicit Session(std::string const& dsn) : connection{dsn} {}

    pqxx::result run(std::string const& sql) { return pqxx::nontransaction{connection}.exec(sql); }

    pqxx::connection connection;
};

std::vector<SchemaState> all_schema_states()
{
    std::vector<SchemaState> states{Generation::Companies};
    for (auto const* const date :
         {"2025-10-03", "2026-03-15", "2026-05-05", "2026-07-12", "2026-07-24"})
        states.emplace_back(Generation::Clients, date);
    states.emplace_back(Generation::Clients);
    return states;
}

TestDatabase::TestDatabase(SchemaState const& state)
    : generation_{state.generation}, name_{next_database_name()}
{
    execute_on_server("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    execute_on_server("CREATE DATABASE " + name_ + " TEMPLATE " + template_of(state));
    session_ = std::make_unique<Session>(dsn());
}

TestDatabase::~TestDatabase()
{
    session_.reset();
    try {
        execute_on_server("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (std::exception const&) {
        // A destructor may not throw, and the database goes with the cluster at the latest.
    }
}

std::string TestDatabase::dsn() const
{
    return cluster_file("conninfo") + " dbname=" + name_;
}

std::string TestDatabase::dsn_through_pooler() const
{
    return cluster_file("pgbouncer_conninfo") + " dbname=" + name_;
}

std::string TestDatabase::dsn_as(std::string const& role) const
{
    auto result = dsn();
    replace_all(result, "user=postgres", "user=" + role);
    return result;
}

void TestDatabase::reconnect()
{
    session_ = std::make_unique<Session>(dsn());
}

void TestDatabase::execute(std::string const& sql)
{
    session_->run(in_generation(sql));
}

void TestDatabase::execute_file(std::string const& fixture)
{
    std::ifstream stream{std::string{FIXTURES_DIRECTORY} + "/" + fixture};
    std::string const sql{std::istreambuf_iterator<char>{stream}, {}};
    if (sql.empty()) {
        throw std::runtime_error{"no such fixture: " + fixture};
    }
    session_->run(in_generation(sql));
}

std::string TestDatabase::value(std::string const& sql)
{
    auto const all = rows(sql);
    if (all.size() != 1 || all.front().size() != 1) {
        throw std::runtime_error{"not exactly one value: " + sql};
    }
    return all.front().front();
}

std::vector<std::vector<std::string>> TestDatabase::rows(std::string const& sql)
{
    std::vector<std::vector<std::string>> all;
    for (auto const& row : session_->run(in_generation(sql))) {
        auto& texts = all.emplace_back();
        for (auto const& field : row) {
            texts.emplace_back(field.is_null() ? "NULL" : field.c_str());
        }
    }
    return all;
}

bool TestDatabase::has_column(std::string const& table, std::string const& column)
{
    return value("SELECT count(*) FROM pg_attribute WHERE NOT attisdropped AND attname = " +
                 quote(column) + " AND attrelid = to_regclass(" + quote("public." + table) + ")") ==
           "1";
}

std::string TestDatabase::quote(std::string_view text) const
{
    return session_->connection.quote(std::string{text});
}

std::string TestDatabase::in_generation(std::string sql) const
{
    auto const companies = generation_ == Generation::Companies;
    replace_all(sql, "{company}", companies ? "company" : "client");
    replace_all(sql, "{companies}", companies ? "companies" : "clients");
    return sql;
}

std::map<std::string, std::string> TestDatabase::fingerprint_outside(
    std::string const& management_tenant)
{
    std::map<std::string, std::string> fingerprint;
    for (auto const& row : rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
        fingerprint[row.front()] = value(fingerprint_query(row.front(), management_tenant));
    }
    return fingerprint;
}

std::string TestDatabase::fingerprint_query(std::string const& table,
                                            std::string const& management_tenant)
{
    auto const key = value(
        "SELECT coalesce(string_agg(quote_ident(a.attname) || '::text', ', ' ORDER BY a.attnum), "
        "'')"
        "  FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY "
        "(i.indkey)"
        " WHERE i.indisprimary AND i.indrelid = " +
        quote("public." + table) + "::regclass");
    auto const has_tenant = has_column(table, "tenant");
    return "SELECT count(*) || ' rows ' || md5(coalesce(string_agg(witness, ',' ORDER BY witness), "
           "''))"
           "  FROM (SELECT concat_ws('|', xmin::text" +
           (key.empty() ? "" : ", " + key) +
           ") AS witness"
           "          FROM public." +
           table + (has_tenant ? " WHERE tenant <> " + quote(management_tenant) : "") +
           ") AS outside";
}

void PrintTo(SchemaState const& state, std::ostream* out)
{
    *out << title(state);
}

std::string name_of(::testing::TestParamInfo<SchemaState> const& info)
{
    return title(info.param);
}

}  // namespace tracking::testing
