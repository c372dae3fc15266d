#include "models/journal/journal_model.hpp"

#include "models/journal/latest_pin.hpp"
#include "models/pg/pg.hpp"

#include <unordered_map>

namespace tracking::models {

namespace {

// A transaction that prunes has to be short.
constexpr std::size_t kRunsAtOnce = 100;
constexpr std::size_t kChangesAtOnce = 2'000;

// A run has taken its lease before it knows whether it has anything to do.
constexpr char const* kStartRun = R"sql(
    INSERT INTO customer_reconcile.run_start (tenant, run_id, mode, executed_by, host, version,
                                              plan_digest, allowances, undoes, login, started_at)
    SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::jsonb,
           $9::uuid, session_user::text, COALESCE(min(l.since), now())
      FROM customer_reconcile.lease l
     WHERE l.tenant = $1::uuid
       AND l.run_id = $2::uuid
        ON CONFLICT DO NOTHING
)sql";

constexpr char const* kNoteIdle = R"sql(
    INSERT INTO customer_reconcile.idle_run AS i (tenant, run_id, tenants_read, executed_by, host,
                                                  version, noted_at)
    VALUES ($1::uuid, $2::uuid, $3::bigint, $4::text, $5::text, $6::text,
            CASE WHEN $7::boolean THEN now() END)
        ON CONFLICT (tenant) DO UPDATE
       SET run_id = EXCLUDED.run_id,
           ended_at = EXCLUDED.ended_at,
           noted_at = COALESCE(EXCLUDED.noted_at, i.noted_at),
           runs = i.runs + 1,
           tenants_read = EXCLUDED.tenants_read,
           executed_by = EXCLUDED.executed_by,
           host = EXCLUDED.host,
           version = EXCLUDED.version
     WHERE i.run_id <> EXCLUDED.run_id
)sql";

constexpr char const* kHasEnded = R"sql(
    SELECT EXISTS (SELECT
                     FROM customer_reconcile.run_end e
                    WHERE e.tenant = $1::uuid
                      AND e.run_id = $2::uuid)
        OR EXISTS (SELECT
                     FROM customer_reconcile.idle_run i
                    WHERE i.tenant = $1::uuid
                      AND i.run_id = $2::uuid)
)sql";

constexpr char const* kFinishRun = R"sql(
    INSERT INTO customer_reconcile.run_end (tenant, run_id, outcome, counts, tenants_read)
    VALUES ($1::uuid, $2::uuid, $3::text, $4::jsonb, $5::bigint)
        ON CONFLICT DO NOTHING
)sql";

constexpr char const* kRecordChanges = R"sql(
    INSERT INTO customer_reconcile.change (tenant, run_id, tracked_tenant, company_id, change,
                                           outcome, reason, sqlstate, before, after)
    SELECT $1::uuid, $2::uuid, one.tracked_tenant, one.company_id, one.change, one.outcome,
           one.reason, one.sqlstate, one.before, one.after
      FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                  $9::json[], $10::json[])
           AS one (tracked_tenant, company_id, change, outcome, reason, sqlstate, before, after)
)sql";

constexpr char const* kReceipts = R"sql(
    SELECT c.company_id, c.outcome, COALESCE(c.reason, ''), COALESCE(c.sqlstate, ''),
           COALESCE((c.after -> 'rows' ->> 'companies')::bigint, 0),
           COALESCE((c.after -> 'rows' ->> 'contacts')::bigint, 0),
           COALESCE((c.after -> 'rows' ->> 'tags')::bigint, 0)
      FROM customer_reconcile.change c
     WHERE c.tenant = $1::uuid
       AND c.run_id = $2::uuid
       AND c.company_id = ANY ($3::uuid[])
       AND c.change = $4::text
)sql";

constexpr char const* kRecordSightings = R"sql(
    INSERT INTO customer_reconcile.drift AS d (tenant, kind, tracked_tenant, company_id, last_run)
    SELECT $1::uuid, one.kind, one.tracked_tenant, one.company_id, $2::uuid
      FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS one (kind, tracked_tenant, company_id)
        ON CONFLICT (tenant, kind, tracked_tenant, company_id) DO UPDATE
       SET first_seen = LEAST(d.first_seen, EXCLUDED.first_seen),
           last_seen = EXCLUDED.last_seen,
           runs_seen = d.runs_seen + 1,
           last_run = EXCLUDED.last_run
     WHERE d.last_run <> EXCLUDED.last_run
)sql";

constexpr char const* kForgetUnseen = R"sql(
    DELETE FROM customer_reconcile.drift
     WHERE tenant = $1::uuid
       AND last_run <> $2::uuid
)sql";

// The first row, without a kind, says when they were noted.
constexpr char const* kNotedDrift = R"sql(
    SELECT NULL::text, NULL::uuid, NULL::uuid, NULL::integer, ({last_noting}), NULL::boolean
     UNION ALL
    SELECT d.kind, d.tracked_tenant, d.company_id, d.runs_seen,
           CASE WHEN isfinite(d.first_seen)
                THEN GREATEST(0, floor(extract(epoch FROM now() - d.first_seen)))::bigint
                WHEN d.first_seen < now()
                THEN 9999999999
                ELSE 0
           END,
           $2::uuid IS NULL
           OR d.first_seen <= (SELECT e.ended_at
                                 FROM customer_reconcile.run_end e
                                WHERE e.tenant = $1::uuid
                                  AND e.run_id = $2::uuid)
      FROM customer_reconcile.drift d
     WHERE d.tenant = $1::uuid
)sql";

// Only these modes note sightings, and only after a fresh read; and so does a run with nothing to
// do. Either may have been told to note none.
constexpr char const* kLastNoting = R"sql(
    SELECT floor(extract(epoch FROM noting.ended_at))::bigint
      FROM ((SELECT e.ended_at
               FROM customer_reconcile.run_end e
               JOIN customer_reconcile.run_start s
                 ON s.tenant = e.tenant
                AND s.run_id = e.run_id
              WHERE e.tenant = $1::uuid
                AND s.mode IN ('apply', 'undo')
                AND jsonb_typeof(e.counts -> 'residual'::text) = 'object'
                AND (e.counts ->> 'notes_drift'::text) IS DISTINCT FROM 'false'
                AND isfinite(e.ended_at)
              ORDER BY e.ended_at DESC
              LIMIT 1)
             UNION ALL
            SELECT i.noted_at
              FROM customer_reconcile.idle_run i
             WHERE i.tenant = $1::uuid
               AND isfinite(i.noted_at)) noting
     ORDER BY noting.ended_at DESC
     LIMIT 1
)sql";

// All runs that had nothing to do count as one reading, and runs that note no drift as none.
// Otherwise those of one hour would decide alone what is usual.
constexpr char const* kPrecedents = R"sql(
    SELECT usual.median, usual.readings, pin.tenant, pin.name, pin.instead_of
      FROM (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY latest.tenants_read) AS median,
                   count(*) AS readings
             FROM ((SELECT e.tenants_read
                      FROM customer_reconcile.run_end e
                     WHERE e.tenant = $1::uuid
                       AND e.tenants_read IS NOT NULL
                       AND (e.counts ->> 'notes_drift'::text) IS DISTINCT FROM 'false'
                     ORDER BY e.ended_at DESC
                     LIMIT 10)
                    UNION ALL
                   SELECT i.tenants_read
                     FROM customer_reconcile.idle_run i
                    WHERE i.tenant = $1::uuid
                      AND i.tenants_read IS NOT NULL) latest) usual
      LEFT JOIN ({latest_pin}) pin
        ON true
)sql";

std::string with(std::string sql, std::string_view place, std::string_view part)
{
    return sql.replace(sql.find(place), place.size(), part);
}

// A killed run has no end, and it may still be alive while its lease lasts. Runs whose readings the
// source's guard looks at stay too.
constexpr char const* kOutdatedRuns = R"sql(
    SELECT r.run_id
      FROM customer_reconcile.run_start r
     WHERE r.tenant = $1::uuid
       AND r.started_at < now() - make_interval(secs => $2::bigint)
       AND NOT EXISTS (SELECT
                         FROM customer_reconcile.lease l
                        WHERE l.tenant = $1::uuid
                          AND l.run_id = r.run_id
                          AND l.since <= now() + interval '1 minute'
                          AND l.expires_at BETWEEN now() AND now() + $4::float8
                                                             * interval '2 milliseconds')
       AND r.run_id NOT IN (SELECT latest.run_id
                              FROM customer_reconcile.run_end latest
                             WHERE latest.tenant = $1::uuid
                               AND latest.tenants_read IS NOT NULL
                               AND (latest.counts ->> 'notes_drift'::text)
                                   IS DISTINCT FROM 'false'
                             ORDER BY latest.ended_at DESC
                             LIMIT 10)
     ORDER BY r.started_at, r.run_id
     LIMIT $3::bigint
)sql";

constexpr char const* kDeleteChanges = R"sql(
    DELETE FROM customer_reconcile.change c
     USING (SELECT old.run_id, old.company_id, old.change
              FROM customer_reconcile.change old
             WHERE old.tenant = $1::uuid
               AND old.run_id = ANY ($2::uuid[])
             LIMIT $3::bigint) portion
     WHERE c.tenant = $1::uuid
       AND c.run_id = portion.run_id
       AND c.company_id = portion.company_id
       AND c.change = portion.change
    RETURNING c.run_id
)sql";

constexpr char const* kMayForget = R"sql(
    SELECT bool_and(has_table_privilege(c.oid, 'DELETE'))
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'customer_reconcile'
       AND c.relname IN ('run_start', 'run_end', 'change')
)sql";

constexpr char const* kDeleteEnds = R"sql(
    DELETE FROM customer_reconcile.run_end
     WHERE tenant = $1::uuid
       AND run_id = ANY ($2::uuid[])
)sql";

constexpr char const* kDeleteRuns = R"sql(
    DELETE FROM customer_reconcile.run_start
     WHERE tenant = $1::uuid
       AND run_id = ANY ($2::uuid[])
)sql";

Outcome outcome_named(std::string_view name)
{
    using enum Outcome;
    for (auto const outcome : {Applied, AlreadyPresent, Stale})
        if (name_of(outcome) == name)
            return outcome;
    return Failed;
}

Receipt receipt_from(pqxx::row const& row)
{
    return {.outcome = outcome_named(pg::text(row[1])),
            .reason = std::string{pg::text(row[2])},
            .sqlstate = std::string{pg::text(row[3])},
            .rows = {.companies = row[4].as<std::size_t>(),
                     .contacts = row[5].as<std::size_t>(),
                     .tags = row[6].as<std::size_t>()}};
}

std::optional<pg::Json> image(std::string_view json)
{
    return json.empty() ? std::nullopt : std::optional{pg::Json{json}};
}

std::optional<std::string> none_if_empty(std::string const& text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace

JournalModel::JournalModel(TenantId owner, std::chrono::milliseconds lease_time)
    : owner_{owner}, lease_time_{lease_time}
{}

void JournalModel::start_run(Transaction& tx, RunRecord const& run) const
{
    pg::exec(tx, kStartRun,
             {owner_, run.id, run.mode, run.executed_by, run.host, run.version,
              none_if_empty(run.plan_digest), none_if_empty(run.allowances),
              run.undoes ? std::optional{run.undoes->str()} : std::nullopt});
}

void JournalModel::note_idle(Transaction& tx, RunRecord const& run,
                             std::optional<std::size_t> tenants_read) const
{
    pg::exec(
        tx, kNoteIdle,
        {owner_, run.id, tenants_read, run.executed_by, run.host, run.version, run.notes_drift});
}

bool JournalModel::has_ended(Transaction& tx, RunId run) const
{
    return pg::is_true(pg::exec(tx, kHasEnded, {owner_, run})[0][0]);
}

void JournalModel::finish_run(Transaction& tx, RunId run, RunEnd const& end) const
{
    pg::exec(tx, kFinishRun, {owner_, run, end.outcome, end.counts, end.tenants_read});
}

void JournalModel::record(Transaction& tx, RunId run, std::span<ChangeRecord const> changes) const
{
    auto const column = [&](auto element) { return pg::array_of(changes, element); };
    pg::exec(tx, kRecordChanges,
             {owner_, run, column([](auto const& c) { return tenant_of(*c.change); }),
              column([](auto const& c) { return company_of(*c.change); }),
              column([](auto const& c) { return name_of(*c.change); }),
              column([](auto const& c) { return name_of(c.receipt->outcome); }),
              column([](auto const& c) { return none_if_empty(c.receipt->reason); }),
              column([](auto const& c) { return none_if_empty(c.receipt->sqlstate); }),
              column([](auto const& c) { return image(c.before); }),
              column([](auto const& c) { return image(c.after); })});
}

std::optional<std::vector<Receipt>> JournalModel::receipts_of(Transaction& tx, RunId run,
                                                              std::span<Change const> batch) const
{
    auto const companies =
        pg::array_of(batch, [](Change const& change) { return company_of(change); });
    auto const rows = pg::exec(tx, kReceipts, {owner_, run, companies, name_of(batch.front())});
    if (static_cast<std::size_t>(rows.size()) != batch.size())
        return std::nullopt;
    std::unordered_map<CompanyId, Receipt> by_company;
    for (auto const& row : rows)
        by_company.emplace(pg::id<CompanyId>(row[0]), receipt_from(row));
    std::vector<Receipt> receipts;
    receipts.reserve(batch.size());
    for (auto const& change : batch)
        receipts.push_back(by_company.at(company_of(change)));
    return receipts;
}

void JournalModel::record_sightings(Transaction& tx, RunId run,
                                    std::span<SightingKey const> seen) const
{
    pg::exec(tx, kRecordSightings,
             {owner_, run, pg::array_of(seen, [](auto const& key) { return key.kind; }),
              pg::array_of(seen, [](auto const& key) { return key.tenant; }),
              pg::array_of(seen, [](auto const& key) { return key.company; })});
}

void JournalModel::forget_unseen(Transaction& tx, RunId run) const
{
    pg::exec(tx, kForgetUnseen, {owner_, run});
}

Precedents JournalModel::precedents(Transaction& tx) const
{
    auto const row = pg::exec(tx, with(kPrecedents, "{latest_pin}", kLatestPin), {owner_})[0];
    Precedents precedents;
    if (!row[0].is_null())
        precedents.usual = UsualTenants{row[0].as<std::size_t>(), row[1].as<std::size_t>()};
    if (!row[2].is_null())
        precedents.pin = pin_in(row, 2);
    return precedents;
}

NotedDrift JournalModel::noted_drift(Transaction& tx, std::optional<RunId> compared) const
{
    NotedDrift noted;
    for (auto const& row :
         pg::exec(tx, with(kNotedDrift, "{last_noting}", kLastNoting),
                  {owner_, compared ? std::optional{compared->str()} : std::nullopt})) {
        if (!row[0].is_null())
            noted.all.push_back({.key = {std::string{pg::text(row[0])}, pg::id<TenantId>(row[1]),
                                         pg::id<CompanyId>(row[2])},
                                 .runs = row[3].as<int>(),
                                 .age = std::chrono::seconds{row[4].as<long long>()},
                                 .is_old = pg::is_true(row[5])});
        else if (!row[4].is_null())
            noted.noted_at = std::chrono::sys_seconds{std::chrono::seconds{row[4].as<long long>()}};
    }
    return noted;
}

Pruned JournalModel::prune(Transaction& tx, std::chrono::seconds retention) const
{
    auto const runs = pg::first_column<RunId>(
        pg::exec(tx, kOutdatedRuns, {owner_, retention.count(), kRunsAtOnce, lease_time_.count()}));
    auto const ids = pg::array_of(runs);
    Pruned pruned;
    if (runs.empty())
        return pruned;
    pruned.is_denied = !pg::is_true(pg::exec(tx, kMayForget)[0][0]);
    if (pruned.is_denied)
        return pruned;
    pruned.changes = static_cast<std::size_t>(
        pg::exec(tx, kDeleteChanges, {owner_, ids, kChangesAtOnce}).size());
    if (pruned.changes < kChangesAtOnce) {
        pg::exec(tx, kDeleteEnds, {owner_, ids});
        pg::exec(tx, kDeleteRuns, {owner_, ids});
        pruned.runs = runs.size();
    }
    return pruned;
}

}  // namespace tracking::models
