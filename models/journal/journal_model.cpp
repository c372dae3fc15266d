#include "models/journal/journal_model.hpp"

#include "models/pg/pg.hpp"
#include "models/values/lists.hpp"

#include <unordered_map>

namespace tracking::models {

namespace {

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

Receipt receipt_from(pg::Rows::Row const& row)
{
    return {.outcome = outcome_named(pg::text(row[1])),
            .reason = std::string{pg::text(row[2])},
            .sqlstate = std::string{pg::text(row[3])},
            .rows = {.companies = pg::number<std::size_t>(row[4]),
                     .contacts = pg::number<std::size_t>(row[5]),
                     .tags = pg::number<std::size_t>(row[6])}};
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
    pg::ask(tx, kStartRun,
            {owner_, run.id, run.mode, run.executed_by, run.host, run.version,
             none_if_empty(run.plan_digest), none_if_empty(run.allowances),
             run.undoes ? std::optional{run.undoes->str()} : std::nullopt});
}

void JournalModel::note_idle(Transaction& tx, RunRecord const& run,
                             std::optional<std::size_t> tenants_read) const
{
    pg::ask(
        tx, kNoteIdle,
        {owner_, run.id, tenants_read, run.executed_by, run.host, run.version, run.notes_drift});
}

bool JournalModel::has_ended(Transaction& tx, RunId run) const
{
    return pg::is_true(pg::exec(tx, kHasEnded, {owner_, run})[0][0]);
}

void JournalModel::finish_run(Transaction& tx, RunId run, RunEnd const& end) const
{
    pg::ask(tx, kFinishRun, {owner_, run, end.outcome, end.counts, end.tenants_read});
}

void JournalModel::record(Transaction& tx, RunId run, std::span<ChangeRecord const> changes) const
{
    auto const column = [&](auto element) { return pg::array_of(changes, element); };
    pg::ask(tx, kRecordChanges,
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
    return each_of(batch, [&](Change const& change) { return by_company.at(company_of(change)); });
}

}  // namespace tracking::models
