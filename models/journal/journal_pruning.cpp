// What is older than the retention time is forgotten, a portion at a time.

#include "models/journal/journal_model.hpp"

#include "models/pg/pg.hpp"

namespace tracking::models {

namespace {

// A transaction that prunes has to be short.
constexpr std::size_t kRunsAtOnce = 100;
constexpr std::size_t kChangesAtOnce = 2'000;

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

}  // namespace

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
