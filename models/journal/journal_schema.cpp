// The journal's tables: how they are made and upgraded to the version that this program knows.

#include "models/journal/journal_model.hpp"

#include "models/pg/pg.hpp"
#include "models/values/errors.hpp"

#include <fmt/format.h>

#include <array>

namespace tracking::models {

namespace {

// One entry for each version. It upgrades the journal from the version before. Entries are never
// edited.
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
)sql",
                                                                    R"sql(
-- How a run ended is a row of its own: a role that may only insert can end a run once, and can
-- rewrite neither its beginning nor its end.
ALTER TABLE customer_reconcile.run RENAME TO run_start;

CREATE TABLE customer_reconcile.run_end (
    tenant       uuid        NOT NULL,
    run_id       uuid        NOT NULL,
    ended_at     timestamptz NOT NULL DEFAULT now(),
    outcome      text        NOT NULL,
    counts       jsonb,
    tenants_read bigint,  -- NULL: it did not read all of them, or doubted what it read
    PRIMARY KEY (tenant, run_id)
);
CREATE INDEX run_end_by_time ON customer_reconcile.run_end (tenant, ended_at);

-- A refusal by the source's guard and one by the others' were not told apart; the reading of a run
-- that went on to write was in no doubt.
INSERT INTO customer_reconcile.run_end (tenant, run_id, ended_at, outcome, counts, tenants_read)
SELECT r.tenant, r.run_id, r.ended_at, COALESCE(r.outcome, 'failed'), r.counts,
       CASE WHEN r.mode = 'apply' AND r.outcome IN ('ok', 'partial', 'failed')
            THEN (r.counts -> 'counts'::text ->> 'tenants'::text)::bigint END
  FROM customer_reconcile.run_start r
 WHERE r.ended_at IS NOT NULL;

ALTER TABLE customer_reconcile.run_start
    DROP COLUMN ended_at, DROP COLUMN outcome, DROP COLUMN counts;

CREATE VIEW customer_reconcile.run AS
SELECT s.tenant, s.run_id, s.mode, s.started_at, e.ended_at, e.outcome, e.counts, e.tenants_read,
       s.plan_digest, s.executed_by, s.host, s.version, s.allowances, s.undoes
  FROM customer_reconcile.run_start s
  LEFT JOIN customer_reconcile.run_end e
    ON e.tenant = s.tenant
   AND e.run_id = s.run_id;

-- The management tenant, as a person has said it with `init`. The newest row holds.
CREATE TABLE customer_reconcile.pin (
    number     integer     PRIMARY KEY,
    tenant     uuid        NOT NULL,
    name       text        NOT NULL,
    instead_of uuid,  -- the one that was known before, or that held the customers
    pinned_at  timestamptz NOT NULL DEFAULT now(),
    pinned_by  text        NOT NULL,
    login      text        NOT NULL DEFAULT session_user
);

-- Who could write all of it before may append from now on, and change only what is no history.
DO $$
DECLARE
    who record;
BEGIN
    FOR who IN
        SELECT pg_catalog.pg_get_userbyid(a.grantee) AS name,
               pg_catalog.bool_or(a.privilege_type = 'INSERT') AS writes
          FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
         WHERE c.oid = 'customer_reconcile.run_start'::pg_catalog.regclass
           AND a.grantee NOT IN (c.relowner, 0::pg_catalog.oid)
         GROUP BY a.grantee
    LOOP
        EXECUTE pg_catalog.format(
            'REVOKE ALL ON ALL TABLES IN SCHEMA customer_reconcile FROM %1$I;'
            'GRANT SELECT ON ALL TABLES IN SCHEMA customer_reconcile TO %1$I;'
            || CASE WHEN who.writes THEN
            'ALTER DEFAULT PRIVILEGES IN SCHEMA customer_reconcile'
            ' REVOKE INSERT, UPDATE, DELETE ON TABLES FROM %1$I;'
            'GRANT INSERT ON customer_reconcile.run_start, customer_reconcile.run_end,'
            ' customer_reconcile.change TO %1$I;'
            'GRANT INSERT, UPDATE, DELETE ON customer_reconcile.lease,'
            ' customer_reconcile.drift TO %1$I' ELSE '' END, who.name);
    END LOOP;
END $$;

INSERT INTO customer_reconcile.version (version) VALUES (4);
)sql",
                                                                    R"sql(
-- Which contact stands for which user of a tenant, and what this job last wrote to it. A contact
-- that differs was touched by somebody else.
CREATE TABLE customer_reconcile.contact (
    tenant         uuid        NOT NULL,
    company_id     uuid        NOT NULL,
    contact_id     uuid        NOT NULL,
    tracked_tenant uuid        NOT NULL,
    user_id        uuid,  -- NULL: it stands for the tenant's own address
    full_name      text        NOT NULL,
    email          text        NOT NULL,
    written_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, company_id, contact_id)
);

ALTER TABLE customer_reconcile.run_start ADD COLUMN login text;  -- the session_user

CREATE OR REPLACE VIEW customer_reconcile.run AS
SELECT s.tenant, s.run_id, s.mode, s.started_at, e.ended_at, e.outcome, e.counts, e.tenants_read,
       s.plan_digest, s.executed_by, s.host, s.version, s.allowances, s.undoes, s.login
  FROM customer_reconcile.run_start s
  LEFT JOIN customer_reconcile.run_end e
    ON e.tenant = s.tenant
   AND e.run_id = s.run_id;

DO $$
DECLARE
    who record;
BEGIN
    FOR who IN
        SELECT pg_catalog.pg_get_userbyid(a.grantee) AS name,
               pg_catalog.bool_or(a.privilege_type = 'INSERT') AS writes
          FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
         WHERE c.oid = 'customer_reconcile.lease'::pg_catalog.regclass
           AND a.grantee NOT IN (c.relowner, 0::pg_catalog.oid)
         GROUP BY a.grantee
    LOOP
        EXECUTE pg_catalog.format('GRANT SELECT'
            || CASE WHEN who.writes THEN ', INSERT, UPDATE, DELETE' ELSE '' END
            || ' ON customer_reconcile.contact TO %I', who.name);
    END LOOP;
END $$;

INSERT INTO customer_reconcile.version (version) VALUES (5);
)sql",
                                                                    R"sql(
-- The last run that had nothing to do, and how many there have been. Such runs have no other row: the
-- frequent ones would bury the rest of the history.
CREATE TABLE customer_reconcile.idle_run (
    tenant       uuid        PRIMARY KEY,
    run_id       uuid        NOT NULL,
    first_at     timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz NOT NULL DEFAULT now(),
    noted_at     timestamptz,  -- when one of them last noted the drift that was left
    runs         bigint      NOT NULL DEFAULT 1,
    tenants_read bigint,
    executed_by  text        NOT NULL,
    host         text        NOT NULL,
    version      text        NOT NULL
);

DO $$
DECLARE
    who record;
BEGIN
    FOR who IN
        SELECT pg_catalog.pg_get_userbyid(a.grantee) AS name,
               pg_catalog.bool_or(a.privilege_type = 'INSERT') AS writes
          FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
         WHERE c.oid = 'customer_reconcile.lease'::pg_catalog.regclass
           AND a.grantee NOT IN (c.relowner, 0::pg_catalog.oid)
         GROUP BY a.grantee
    LOOP
        EXECUTE pg_catalog.format('GRANT SELECT'
            || CASE WHEN who.writes THEN ', INSERT, UPDATE' ELSE '' END
            || ' ON customer_reconcile.idle_run TO %I', who.name);
    END LOOP;
END $$;

INSERT INTO customer_reconcile.version (version) VALUES (6);
)sql"};

// The lock lasts to the end of the transaction, as a pooler needs it. There may be no table to lock
// yet.
constexpr char const* kLockInstallation =
    "SELECT pg_advisory_xact_lock(hashtextextended('customer_reconcile', 0))";

// Uses oids: looking names up raises an error where the role may not use the schema.
constexpr char const* kMayRead = R"sql(
    SELECT has_schema_privilege(n.oid, 'USAGE'::text) AND has_table_privilege(c.oid, 'SELECT'::text)
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
    return pg::number<int>(
        pg::exec(tx, "SELECT max(version) FROM customer_reconcile.version")[0][0]);
}

std::optional<JournalMismatch> JournalModel::mismatch_of(int version)
{
    if (version == kVersion)
        return std::nullopt;
    if (version == 0)
        return JournalMismatch{
            "the journal (schema customer_reconcile) is missing, or not readable for this role",
            "run `customer-reconcile init` as its owner, then grant what `init --print` shows"};
    if (version < kVersion)
        return JournalMismatch{
            fmt::format("the journal is of version {}, and this program works with version {}",
                        version, kVersion),
            "run `customer-reconcile init` as the journal's owner, then grant what `init --print` "
            "shows"};
    return JournalMismatch{
        fmt::format("the journal is of version {}, made by a newer customer-reconcile; this one "
                    "works with version {}",
                    version, kVersion),
        "use the newer program; `init` takes no journal back to an older version"};
}

void JournalModel::require_fitting(int version)
{
    if (auto const mismatch = mismatch_of(version))
        throw SchemaMismatch{mismatch->finding + ": " + mismatch->remedy};
}

int JournalModel::install(Transaction& tx)
{
    pg::exec(tx, kLockInstallation);
    auto const installed = installed_version(tx);
    if (installed > kVersion)
        require_fitting(installed);
    if (installed == kVersion)
        return installed;
    pg::exec(tx, upgrade_sql(installed));
    return installed;
}

}  // namespace tracking::models
