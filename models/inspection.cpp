#include "models/inspection.hpp"

#include "models/pg.hpp"

namespace tracking::models {

namespace {

constexpr char const* kServerFacts = R"sql(
    SELECT current_setting('server_version'),
           COALESCE((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()), false),
           inet_server_addr() IS NULL,
           pg_backend_pid(),
           pg_is_in_recovery(),
           EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'),
           floor(extract(epoch FROM clock_timestamp()))::bigint
)sql";

constexpr char const* kIdentity = R"sql(
    SELECT d.datname || ':' || d.oid
      FROM pg_catalog.pg_database d
     WHERE d.datname = current_database()
)sql";

constexpr char const* kCountDefinitions = R"sql(
    SELECT count(*)
      FROM tag_definitions
     WHERE tenant = $1::uuid
       AND tagged_type = '{tagged_type}'
       AND tag_text = $2::text
)sql";

}  // namespace

ServerFacts inspect_server(Transaction& tx)
{
    auto const row = pg::exec(tx, kServerFacts)[0];
    return {.version = std::string{pg::text(row[0])},
            .is_encrypted = pg::is_true(row[1]),
            .is_local = pg::is_true(row[2]),
            // A pooler hands out process ids of its own.
            .is_pooled = row[3].as<int>() != tx.raw().conn().backendpid(),
            .is_standby = pg::is_true(row[4]),
            .has_citus = pg::is_true(row[5]),
            .time = std::chrono::sys_seconds{std::chrono::seconds{row[6].as<long long>()}}};
}

std::string database_identity(Transaction& tx)
{
    return std::string{pg::text(pg::exec(tx, kIdentity)[0][0])};
}

int count_definitions(Transaction& tx, SchemaProfile profile, TenantId management,
                      std::string_view tag)
{
    return pg::exec(tx, profile.fill(kCountDefinitions), {management, tag})[0][0].as<int>();
}

}  // namespace tracking::models
