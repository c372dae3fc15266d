// What a run leaves to those that follow: the drift that it saw, and how many tenants there were.

#include "models/journal/journal_model.hpp"

#include "models/journal/latest_pin.hpp"
#include "models/pg/pg.hpp"

namespace tracking::models {

namespace {

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

}  // namespace

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
    auto const row = pg::exec(tx, pg::with(kPrecedents, "{latest_pin}", kLatestPin), {owner_})[0];
    Precedents precedents;
    if (!row[0].is_null())
        precedents.usual =
            UsualTenants{pg::number<std::size_t>(row[0]), pg::number<std::size_t>(row[1])};
    if (!row[2].is_null())
        precedents.pin = pin_in(row, 2);
    return precedents;
}

NotedDrift JournalModel::noted_drift(Transaction& tx, std::optional<RunId> compared) const
{
    NotedDrift noted;
    for (auto const& row :
         pg::exec(tx, pg::with(kNotedDrift, "{last_noting}", kLastNoting),
                  {owner_, compared ? std::optional{compared->str()} : std::nullopt})) {
        if (!row[0].is_null())
            noted.all.push_back({.key = {std::string{pg::text(row[0])}, pg::id<TenantId>(row[1]),
                                         pg::id<CompanyId>(row[2])},
                                 .runs = pg::number<int>(row[3]),
                                 .age = pg::seconds(row[4]),
                                 .is_old = pg::is_true(row[5])});
        else if (!row[4].is_null())
            noted.noted_at = pg::time(row[4]);
    }
    return noted;
}

}  // namespace tracking::models
