#include "models/journal/last_apply.hpp"

#include "models/pg/pg.hpp"

namespace tracking::models {

namespace {

// A run that had nothing to do ended well, and is in no other table.
constexpr char const* kLastApply = R"sql(
    SELECT ended.outcome, ended.counts
      FROM ((SELECT e.ended_at, e.outcome, e.counts
               FROM customer_reconcile.run_end e
               JOIN customer_reconcile.run_start s
                 ON s.tenant = e.tenant
                AND s.run_id = e.run_id
              WHERE e.tenant = $1::uuid
                AND s.mode = 'apply'
                AND e.outcome NOT IN ('declined', 'stale')
                AND (e.counts ->> 'notes_drift'::text) IS DISTINCT FROM 'false'
                AND isfinite(e.ended_at)
              ORDER BY e.ended_at DESC
              LIMIT 1)
             UNION ALL
            SELECT i.noted_at, 'ok'::text, NULL::jsonb
              FROM customer_reconcile.idle_run i
             WHERE i.tenant = $1::uuid
               AND isfinite(i.noted_at)) ended
     ORDER BY ended.ended_at DESC
     LIMIT 1
)sql";

}  // namespace

std::optional<LastApply> last_apply(Transaction& tx, TenantId owner)
{
    auto const rows = pg::exec(tx, kLastApply, {owner});
    if (rows.empty())
        return std::nullopt;
    return LastApply{.outcome = std::string{pg::text(rows[0][0])},
                     .counts = std::string{pg::text(rows[0][1])}};
}

}  // namespace tracking::models
