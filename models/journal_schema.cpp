// The journal's tables: how they are made, and brought to the version that this program knows.

#include "models/journal_model.hpp"

#include "models/errors.hpp"
#include "models/pg.hpp"

#include <fmt/format.h>

#include <array>

namespace tracking::models {

namespace {

// One entry a version, each taking the journal from the one before it. Entries are never edited.
constexpr std::array<char const*, JournalModel::kVersion> kUpgrades{R"sql(
CREATE SCHEMA IF NOT EXISTS customer_reconcile;

CREATE TABLE customer_reconcile.version (
    version      integer     PRIMARY KEY,
    installed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE customer_reconcile.run (
    tenant      uuid        NOT NULL,  -- the management tenant, here and below
    run_id      uuid        NOT NULL,
    mode        text        NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    outcome     text,                  -- NULL: running, or killed
    counts      jsonb,
    plan_digest text,
    executed_by text        NOT NULL,
    host        text        NOT NULL,
    version     text        NOT NULL,
    allowances  jsonb,
    PRIMARY KEY (tenant, run_id)
);

CREATE TABLE customer_reconcile.lease (
    tenant     uuid        PRIMARY KEY,
    run_id     uuid        NOT NULL,
    host       text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE TABLE customer_reconcile.change (
    tenant         uuid        NOT NULL,
    run_id         uuid        NOT NULL,
    tracked_tenant uuid        NOT NULL,
    company_id     uuid        NOT NULL,
    change         text        NOT NULL,
    outcome        text        NOT NULL,
    reason         text,
    sqlstate       text,
    before         jsonb,
    after          jsonb,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, run_id, company_id, change)
);
CREATE INDEX change_by_company ON customer_reconcile.change (tenant, company_id);
CREATE INDEX change_by_tracked_tenant ON customer_reconcile.change (tenant, tracked_tenant);

CREATE TABLE customer_reconcile.drift (
    tenant         uuid        NOT NULL,
    kind           text        NOT NULL,
    tracked_tenant uuid        NOT NULL,  -- nil: none on that side
    company_id     uuid        NOT NULL,  -- likewise
    first_seen     timestamptz NOT NULL DEFAULT now(),
    last_seen      timestamptz NOT NULL DEFAULT now(),
    runs_seen      integer     NOT NULL DEFAULT 1,
    last_run       uuid        NOT NULL,
    PRIMARY KEY (tenant, kind, tracked_tenant, company_id)
);

INSERT INTO customer_reconcile.version (version) VALUES (1);
)sql",
                                                                    R"sql(
ALTER TABLE customer_reconcile.run ADD COLUMN undoes uuid;  -- the run that this one undoes
CREATE INDEX run_by_start ON customer_reconcile.run (tenant, started_at);

INSERT INTO customer_reconcile.version (version) VALUES (2);
)sql",
                                                                    R"sql(
-- Images are written by every change and read by few: taking them apart when they are written was a
-- tenth of a backfill.
ALTER TABLE customer_reconcile.change ALTER COLUMN before TYPE json, ALTER COLUMN after TYPE json;

INSERT INTO customer_reconcile.version (version) VALUES (3);
)sql"};

constexpr char const* kDistribute = R"sql(
SELECT create_distributed_table('customer_reconcile.run', 'tenant'),
       create_distributed_table('customer_reconcile.lease', 'tenant'),
       create_distributed_table('customer_reconcile.change', 'tenant'),
       create_distributed_table('customer_reconcile.drift', 'tenant')
)sql";

// To the end of the transaction, as a pooler needs it. There may be no table yet to lock.
constexpr char const* kLockInstallation =
    "SELECT pg_advisory_xact_lock(hashtextextended('customer_reconcile', 0))";

// By oid: looking names up raises an error where the role may not use the schema.
constexpr char const* kMayRead = R"sql(
    SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
      FROM pg_catalog.pg_namespace n
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
     WHERE n.nspname = 'customer_reconcile'
       AND c.relname = 'version'
)sql";

}  // namespace

std::string JournalModel::upgrade_sql(int from)
{
    std::string sql;
    for (auto version = static_cast<std::size_t>(from); version < kUpgrades.size(); ++version)
        sql += kUpgrades[version];
    return sql;
}

int JournalModel::installed_version(Transaction& tx)
{
    auto const readable = pg::exec(tx, kMayRead);
    if (readable.empty() || !pg::is_true(readable[0][0]))
        return 0;
    return pg::exec(tx, "SELECT max(version) FROM customer_reconcile.version")[0][0].as<int>(0);
}

int JournalModel::install(Transaction& tx)
{
    pg::exec(tx, kLockInstallation);
    auto const installed = installed_version(tx);
    if (installed > kVersion)
        throw SchemaMismatch{fmt::format(
            "the journal is of version {}, made by a newer customer-reconcile; this one knows {}",
            installed, kVersion)};
    if (installed == kVersion)
        return installed;
    pg::exec(tx, upgrade_sql(installed));
    auto const citus = pg::exec(tx,
                                "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension "
                                "WHERE extname = 'citus')");
    if (installed == 0 && pg::is_true(citus[0][0]))
        pg::exec(tx, kDistribute);
    return installed;
}

}  // namespace tracking::models
