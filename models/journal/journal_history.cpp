#include "models/journal/journal_history.hpp"

#include "models/pg/pg_stream.hpp"
#include "models/values/lists.hpp"

namespace tracking::models {

namespace {

constexpr char const* kSelectRuns = R"sql(
    SELECT r.run_id, r.mode, CASE WHEN isfinite(r.started_at)
                                  THEN floor(extract(epoch FROM r.started_at))::bigint
                                  ELSE 0 END,
           CASE WHEN isfinite(r.started_at) AND isfinite(e.ended_at)
                THEN extract(epoch FROM e.ended_at - r.started_at)::float8 END, e.outcome,
           EXISTS (SELECT
                     FROM customer_reconcile.lease l
                    WHERE l.tenant = r.tenant
                      AND l.run_id = r.run_id
                      AND l.since <= now() + interval '1 minute'
                      AND l.expires_at BETWEEN now() AND now() + $3::float8
                                                         * interval '2 milliseconds'),
           e.counts, r.executed_by, r.host, r.version, r.allowances, r.undoes,
           (SELECT count(*)
              FROM customer_reconcile.change c
             WHERE c.tenant = r.tenant
               AND c.run_id = r.run_id
               AND c.outcome = 'applied'),
           (SELECT count(*)
              FROM customer_reconcile.change c
             WHERE c.tenant = r.tenant
               AND c.run_id = r.run_id
               AND c.outcome = 'failed'),
           (SELECT count(*)
              FROM customer_reconcile.change c
             WHERE c.tenant = r.tenant
               AND c.run_id = r.run_id
               AND c.outcome NOT IN ('applied', 'failed')),
           r.login
      FROM customer_reconcile.run_start r
      LEFT JOIN customer_reconcile.run_end e
        ON e.tenant = r.tenant
       AND e.run_id = r.run_id
     WHERE r.tenant = $1::uuid
)sql";

// What a run found in a reading that it doubted is no drift.
constexpr char const* kTrend = R"sql(
    SELECT CASE WHEN isfinite(r.started_at)
                THEN floor(extract(epoch FROM r.started_at))::bigint
                ELSE 0 END,
           r.run_id, e.outcome,
           (SELECT sum((one.value ->> 'found'::text)::bigint)::bigint
              FROM jsonb_each(CASE WHEN jsonb_typeof(e.counts -> 'drift'::text) = 'object'
                                    AND e.tenants_read IS NOT NULL
                                   THEN e.counts -> 'drift'::text END) one),
           (SELECT sum((one.value ->> 'found'::text)::bigint)::bigint
              FROM jsonb_each(CASE jsonb_typeof(e.counts -> 'residual'::text)
                              WHEN 'object' THEN e.counts -> 'residual'::text END) one)
      FROM customer_reconcile.run_start r
      LEFT JOIN customer_reconcile.run_end e
        ON e.tenant = r.tenant
       AND e.run_id = r.run_id
     WHERE r.tenant = $1::uuid
       AND r.mode = 'apply'
       AND (e.counts ->> 'notes_drift'::text) IS DISTINCT FROM 'false'
       AND (e.run_id IS NOT NULL
            OR NOT EXISTS (SELECT
                             FROM customer_reconcile.lease l
                            WHERE l.tenant = r.tenant
                              AND l.run_id = r.run_id
                              AND l.expires_at > now()))
     ORDER BY r.started_at DESC, r.run_id
     LIMIT NULLIF($2::bigint, 0)
)sql";

constexpr char const* kIdleRuns = R"sql(
    SELECT i.runs, floor(extract(epoch FROM i.first_at))::bigint,
           floor(extract(epoch FROM i.ended_at))::bigint
      FROM customer_reconcile.idle_run i
     WHERE i.tenant = $1::uuid
       AND isfinite(i.first_at)
       AND isfinite(i.ended_at)
)sql";

constexpr char const* kNewestFirst = R"sql(
     ORDER BY r.started_at DESC, r.run_id
     LIMIT NULLIF($2::bigint, 0)
)sql";

constexpr char const* kNamed = R"sql(
       AND starts_with(r.run_id::text, $2::text)
     ORDER BY r.run_id
     LIMIT 10
)sql";

constexpr char const* kUndoing = R"sql(
       AND r.undoes = $2::uuid
     ORDER BY r.started_at, r.run_id
)sql";

constexpr char const* kSelectChanges = R"sql(
    SELECT to_char(c.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), c.run_id,
           c.tracked_tenant, c.company_id, c.change, c.outcome, c.reason, c.sqlstate, c.before,
           c.after,
           CASE WHEN isfinite(c.recorded_at)
                THEN (extract(epoch FROM c.recorded_at) * 1000000)::bigint
                ELSE 0
           END
      FROM customer_reconcile.change c
     WHERE c.tenant = $1::uuid
)sql";

constexpr char const* kOfRun = R"sql(
       AND c.run_id = $2::uuid
)sql";

constexpr char const* kOfCompanies = R"sql(
       AND c.company_id = ANY ($3::uuid[])
)sql";

constexpr char const* kAsWritten = R"sql(
     ORDER BY c.recorded_at, c.change, c.company_id
)sql";

constexpr char const* kOfRuns = R"sql(
       AND c.run_id = ANY ($2::uuid[])
)sql";

// For one run the primary key has this order already.
constexpr char const* kByCompany = R"sql(
     ORDER BY c.company_id, c.recorded_at, c.change
)sql";

constexpr char const* kAbout = R"sql(
       AND (c.tracked_tenant = $2::uuid OR c.company_id = $3::uuid)
     ORDER BY c.recorded_at DESC, c.run_id, c.change
     LIMIT 20
)sql";

std::string text_of(auto const& field)
{
    return std::string{pg::text(field)};
}

std::vector<PastRun> runs_from(pg::Rows const& rows)
{
    return each_of(rows, [](auto const& row) {
        return PastRun{.id = pg::id<RunId>(row[0]),
                       .mode = text_of(row[1]),
                       .started = pg::time(row[2]),
                       .duration = pg::if_there(row[3],
                                                [](pg::Field const& field) {
                                                    return std::chrono::duration<double>{
                                                        pg::number<double>(field)};
                                                }),
                       .outcome = text_of(row[4]),
                       .has_lease = pg::is_true(row[5]),
                       .counts = text_of(row[6]),
                       .executed_by = text_of(row[7]),
                       .login = text_of(row[15]),
                       .host = text_of(row[8]),
                       .version = text_of(row[9]),
                       .allowances = text_of(row[10]),
                       .undoes = pg::if_there(row[11], pg::id<RunId>),
                       .applied = pg::number<std::size_t>(row[12]),
                       .failed = pg::number<std::size_t>(row[13]),
                       .others = pg::number<std::size_t>(row[14])};
    });
}

PastChange change_from(auto const& row)
{
    return {.time = text_of(row[0]),
            .moment = std::stoll(text_of(row[10])),
            .run = pg::id<RunId>(row[1]),
            .tenant = pg::id<TenantId>(row[2]),
            .company = pg::id<CompanyId>(row[3]),
            .change = text_of(row[4]),
            .outcome = text_of(row[5]),
            .reason = text_of(row[6]),
            .sqlstate = text_of(row[7]),
            .before = text_of(row[8]),
            .after = text_of(row[9])};
}

template <class Id>
pg::Param literal_of(std::span<Id const> ids)
{
    return pg::array_literal(each_of(ids, &Id::str));
}

void visit_rows(Transaction& tx, std::string const& query, std::vector<pg::Param> const& params,
                JournalHistory::Visit const& visit)
{
    auto const rows = pg::stream(tx, "changes", query, params, Fetching::InOne);
    while (auto const* const row = rows->next())
        visit(change_from(*row));
}

}  // namespace

std::vector<PastRun> JournalHistory::runs(Transaction& tx, std::size_t limit) const
{
    return runs_from(pg::exec(tx, std::string{kSelectRuns} + kNewestFirst,
                              {owner_, limit, lease_time_.count()}));
}

std::vector<TrendPoint> JournalHistory::trend(Transaction& tx, std::size_t limit) const
{
    return each_of(pg::exec(tx, kTrend, {owner_, limit}), [&](auto const& row) {
        return TrendPoint{.id = pg::id<RunId>(row[1]),
                          .started = pg::time(row[0]),
                          .outcome = text_of(row[2]),
                          .found = pg::if_there(row[3], pg::number<std::size_t>),
                          .left = pg::if_there(row[4], pg::number<std::size_t>)};
    });
}

std::optional<IdleRuns> JournalHistory::idle_runs(Transaction& tx) const
{
    auto const rows = pg::exec(tx, kIdleRuns, {owner_});
    if (rows.empty())
        return std::nullopt;
    return IdleRuns{.runs = pg::number<std::size_t>(rows[0][0]),
                    .first = pg::time(rows[0][1]),
                    .last = pg::time(rows[0][2])};
}

std::vector<PastRun> JournalHistory::runs_named(Transaction& tx, std::string const& prefix) const
{
    return runs_from(
        pg::exec(tx, std::string{kSelectRuns} + kNamed, {owner_, prefix, lease_time_.count()}));
}

std::vector<PastRun> JournalHistory::undoers_of(Transaction& tx, RunId run) const
{
    return runs_from(
        pg::exec(tx, std::string{kSelectRuns} + kUndoing, {owner_, run, lease_time_.count()}));
}

void JournalHistory::visit_changes(Transaction& tx, RunId run, Visit const& visit) const
{
    visit_rows(tx, std::string{kSelectChanges} + kOfRun + kAsWritten, {owner_, run}, visit);
}

void JournalHistory::visit_changes(Transaction& tx, RunId run, std::span<CompanyId const> companies,
                                   Visit const& visit) const
{
    visit_rows(tx, std::string{kSelectChanges} + kOfRun + kOfCompanies + kAsWritten,
               {owner_, run, literal_of(companies)}, visit);
}

void JournalHistory::visit_by_company(Transaction& tx, std::span<RunId const> runs,
                                      Visit const& visit) const
{
    visit_rows(tx, std::string{kSelectChanges} + kOfRuns + kByCompany, {owner_, literal_of(runs)},
               visit);
}

void JournalHistory::visit_by_company(Transaction& tx, std::span<RunId const> runs,
                                      std::span<CompanyId const> companies,
                                      Visit const& visit) const
{
    visit_rows(tx, std::string{kSelectChanges} + kOfRuns + kOfCompanies + kByCompany,
               {owner_, literal_of(runs), literal_of(companies)}, visit);
}

std::vector<PastChange> JournalHistory::changes_about(Transaction& tx,
                                                      std::optional<TenantId> tenant,
                                                      std::optional<CompanyId> company) const
{
    return each_of(pg::exec(tx, std::string{kSelectChanges} + kAbout, {owner_, tenant, company}),
                   [](auto const& row) { return change_from(row); });
}

}  // namespace tracking::models
