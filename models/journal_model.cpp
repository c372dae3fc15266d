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
)sql"};

constexpr char const* kDistribute = R"sql(
SELECT create_distributed_table('customer_reconcile.run', 'tenant'),
       create_distributed_table('customer_reconcile.change', 'tenant'),
       create_distributed_table('customer_reconcile.drift', 'tenant')
)sql";

// By oid: looking names up raises an error where the role may not use the schema.
constexpr char const* kMayRead = R"sql(
    SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
      FROM pg_catalog.pg_namespace n
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
     WHERE n.nspname = 'customer_reconcile'
       AND c.relname = 'version'
)sql";

constexpr char const* kStartRun = R"sql(
    INSERT INTO customer_reconcile.run (tenant, run_id, mode, executed_by, host, version)
    VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text)
)sql";

constexpr char const* kFinishRun = R"sql(
    UPDATE customer_reconcile.run
       SET ended_at = now(),
           outcome = $3::text,
           counts = $4::jsonb
     WHERE tenant = $1::uuid
       AND run_id = $2::uuid
)sql";

constexpr char const* kRecordChanges = R"sql(
    INSERT INTO customer_reconcile.change (tenant, run_id, tracked_tenant, company_id, change,
                                           outcome, reason, sqlstate, before, after)
    SELECT $1::uuid, $2::uuid, one.tracked_tenant, one.company_id, one.change, one.outcome,
           one.reason, one.sqlstate, one.before, one.after
      FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                  $9::jsonb[], $10::jsonb[])
           AS one (tracked_tenant, company_id, change, outcome, reason, sqlstate, before, after)
)sql";

constexpr char const* kRecordSightings = R"sql(
    INSERT INTO customer_reconcile.drift AS d (tenant, kind, tracked_tenant, company_id, last_run)
    SELECT $1::uuid, one.kind, one.tracked_tenant, one.company_id, $2::uuid
      FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS one (kind, tracked_tenant, company_id)
        ON CONFLICT (tenant, kind, tracked_tenant, company_id) DO UPDATE
       SET last_seen = EXCLUDED.last_seen,
           runs_seen = d.runs_seen + 1,
           last_run = EXCLUDED.last_run
     WHERE d.last_run <> EXCLUDED.last_run
)sql";

constexpr char const* kForgetUnseen = R"sql(
    DELETE FROM customer_reconcile.drift
     WHERE tenant = $1::uuid
       AND last_run <> $2::uuid
)sql";

constexpr char const* kSightings = R"sql(
    SELECT d.tracked_tenant, d.company_id, d.runs_seen,
           floor(extract(epoch FROM now() - d.first_seen))::bigint
      FROM customer_reconcile.drift d
     WHERE d.tenant = $1::uuid
       AND d.kind = $2::text
     ORDER BY d.tracked_tenant, d.company_id
)sql";

constexpr char const* kHistory = R"sql(
    SELECT to_char(c.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), c.run_id,
           c.change, c.outcome, COALESCE(c.reason, '')
      FROM customer_reconcile.change c
     WHERE c.tenant = $1::uuid
       AND (c.tracked_tenant = $2::uuid OR c.company_id = $3::uuid)
     ORDER BY c.recorded_at DESC, c.run_id, c.change
     LIMIT 20
)sql";

std::optional<std::string> none_if_empty(std::string const& text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace

JournalModel::JournalModel(TenantId owner) : owner_{owner} {}

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

void JournalModel::install(Transaction& tx)
{
    auto const installed = installed_version(tx);
    if (installed > kVersion)
        throw SchemaMismatch{fmt::format(
            "the journal is of version {}, made by a newer customer-reconcile; this one knows {}",
            installed, kVersion)};
    if (installed == kVersion)
        return;
    pg::exec(tx, upgrade_sql(installed));
    auto const citus = pg::exec(tx,
                                "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension "
                                "WHERE extname = 'citus')");
    if (installed == 0 && pg::is_true(citus[0][0]))
        pg::exec(tx, kDistribute);
}

void JournalModel::start_run(Transaction& tx, RunRecord const& run) const
{
    pg::exec(tx, kStartRun, {owner_, run.id, run.mode, run.executed_by, run.host, run.version});
}

void JournalModel::finish_run(Transaction& tx, RunId run, std::string const& outcome,
                              std::string const& counts) const
{
    pg::exec(tx, kFinishRun, {owner_, run, outcome, counts});
}

void JournalModel::record(Transaction& tx, RunId run, std::span<ChangeRecord const> changes) const
{
    auto const column = [&](auto element) { return pg::array_of(changes, element); };
    pg::exec(tx, kRecordChanges,
             {owner_, run, column([](auto const& c) { return tenant_of(*c.change).str(); }),
              column([](auto const& c) { return company_of(*c.change).str(); }),
              column([](auto const& c) { return name_of(*c.change); }),
              column([](auto const& c) { return name_of(c.receipt->outcome); }),
              column([](auto const& c) { return none_if_empty(c.receipt->reason); }),
              column([](auto const& c) { return none_if_empty(c.receipt->sqlstate); }),
              column([](auto const& c) { return none_if_empty(c.before); }),
              column([](auto const& c) { return none_if_empty(c.after); })});
}

void JournalModel::record_sightings(Transaction& tx, RunId run,
                                    std::span<DriftKey const> seen) const
{
    pg::exec(tx, kRecordSightings,
             {owner_, run, pg::array_of(seen, [](auto const& key) { return key.kind; }),
              pg::array_of(seen, [](auto const& key) { return key.tenant.str(); }),
              pg::array_of(seen, [](auto const& key) { return key.company.str(); })});
}

void JournalModel::forget_unseen(Transaction& tx, RunId run) const
{
    pg::exec(tx, kForgetUnseen, {owner_, run});
}

std::vector<SeenDrift> JournalModel::sightings(Transaction& tx, std::string const& kind) const
{
    std::vector<SeenDrift> seen;
    for (auto const& row : pg::exec(tx, kSightings, {owner_, kind}))
        seen.push_back({.key = {kind, pg::id<TenantId>(row[0]), pg::id<CompanyId>(row[1])},
                        .runs = row[2].as<int>(),
                        .age = std::chrono::seconds{row[3].as<long long>()}});
    return seen;
}

std::vector<PastChange> JournalModel::history_of(Transaction& tx, std::optional<TenantId> tenant,
                                                 std::optional<CompanyId> company) const
{
    std::vector<PastChange> history;
    auto const rows = pg::exec(
        tx, kHistory, {owner_, tenant.value_or(TenantId{}), company.value_or(CompanyId{})});
    for (auto const& row : rows)
        history.push_back({.time = std::string{pg::text(row[0])},
                           .run = std::string{pg::text(row[1])},
                           .change = std::string{pg::text(row[2])},
                           .outcome = std::string{pg::text(row[3])},
                           .reason = std::string{pg::text(row[4])}});
    return history;
}

}  // namespace tracking::models
