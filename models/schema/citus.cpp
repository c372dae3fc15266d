#include "models/schema/citus.hpp"

#include "models/pg/pg.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::models {

namespace {

// Uses the catalogue, since looking names up raises an error where the role may not use the schema.
// Before version 4 the table of runs had another name; it is distributed under either. `version`
// and `pin` belong to the database and not to a tenant, so they stay on the coordinator.
constexpr char const* kUndistributed = R"sql(
    SELECT journal.name
      FROM unnest('{run_start,run_end,lease,change,drift,contact,idle_run}'::text[], '{run}'::text[])
               WITH ORDINALITY AS journal (name, former, place)
     WHERE NOT EXISTS (SELECT
                         FROM pg_catalog.pg_dist_partition d
                         JOIN pg_catalog.pg_class c ON c.oid = d.logicalrelid
                         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'customer_reconcile'
                          AND c.relname IN (journal.name, journal.former)
                          AND d.partmethod = 'h')
     ORDER BY journal.place
)sql";

constexpr char const* kAreTenantsDistributed = R"sql(
    SELECT EXISTS (SELECT
                     FROM pg_catalog.pg_dist_partition
                    WHERE logicalrelid = to_regclass('{tenants}')
                      AND partmethod = 'h')
)sql";

// A worker that does not answer is a row and no error.
constexpr char const* kWorkers = R"sql(
    SELECT w.nodename || ':'::text || w.nodeport, w.success
      FROM pg_catalog.run_command_on_workers('SELECT 1'::text) w
     ORDER BY 1
)sql";

std::string doubled(std::string_view text, char one)
{
    std::string all;
    for (char const c : text)
        all.append(c == one ? 2 : 1, c);
    return all;
}

std::string literal(std::string_view text)
{
    return fmt::format("'{}'", doubled(text, '\''));
}

/// The command is a format, in which %s stands for the shard. A failure there is a row and no
/// error, so the statement shows the failures.
std::string on_shards(ColumnGrant grant)
{
    grant.role = doubled(grant.role, '%');
    for (auto& column : grant.columns)
        column = doubled(column, '%');
    return fmt::format(
        "SELECT nodename, shardid, result FROM "
        "pg_catalog.run_command_on_placements({}, {}) WHERE NOT success",
        literal(grant.table), literal(grant.on("%s")));
}

}  // namespace

bool has_citus(Transaction& tx)
{
    return pg::is_true(pg::exec(tx,
                                "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension "
                                "WHERE extname = 'citus')")[0][0]);
}

std::vector<Worker> workers(Transaction& tx)
{
    std::vector<Worker> all;
    if (has_citus(tx)) {
        for (auto const& row : pg::exec(tx, kWorkers))
            all.push_back({.name = std::string{pg::text(row[0])}, .answers = pg::is_true(row[1])});
    }
    return all;
}

std::vector<std::string> undistributed_journal(Transaction& tx)
{
    std::vector<std::string> tables;
    if (has_citus(tx)) {
        for (auto const& row : pg::exec(tx, kUndistributed))
            tables.emplace_back(pg::text(row[0]));
    }
    return tables;
}

std::vector<std::string> distribution_of(Transaction& tx, SchemaProfile const& profile,
                                         std::vector<std::string> const& journal_tables)
{
    if (journal_tables.empty())
        return {};
    auto const beside = pg::is_true(pg::exec(tx, profile.fill(kAreTenantsDistributed))[0][0])
                            ? profile.qualified("tenants")
                            : "default";
    return each_of(journal_tables, [&](std::string const& table) {
        return fmt::format(
            "SELECT pg_catalog.create_distributed_table('customer_reconcile.{}', "
            "'tenant', colocate_with => {})",
            table, literal(beside));
    });
}

void distribute_journal(Transaction& tx, SchemaProfile const& profile,
                        std::vector<std::string> const& journal_tables)
{
    for (auto const& statement : distribution_of(tx, profile, journal_tables))
        pg::exec(tx, statement);
}

std::string ColumnGrant::on(std::string_view name) const
{
    return fmt::format("GRANT {} ({}) ON {} TO {}", privilege, fmt::join(columns, ", "), name,
                       role);
}

std::vector<std::string> statements_of(std::vector<ColumnGrant> const& grants, bool on_citus)
{
    std::vector<std::string> statements;
    bool const by_shard = on_citus && !grants.empty();
    if (by_shard)
        statements.emplace_back("SET citus.enable_ddl_propagation = off");
    for (auto const& grant : grants)
        statements.push_back(grant.on(grant.table));
    if (by_shard) {
        statements.emplace_back("RESET citus.enable_ddl_propagation");
        for (auto const& grant : grants)
            statements.push_back(on_shards(grant));
    }
    return statements;
}

}  // namespace tracking::models
