// One run at a time: the lease, and the fence that it is for a run that was away for too long.

#include "models/journal_model.hpp"

#include "models/errors.hpp"
#include "models/pg.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

// An expired lease whose row is locked is in use all the same: its run is about to commit.
constexpr char const* kDropExpiredLease = R"sql(
    DELETE FROM customer_reconcile.lease
     WHERE tenant = $1::uuid
       AND run_id IN (SELECT l.run_id
                        FROM customer_reconcile.lease l
                       WHERE l.tenant = $1::uuid
                         AND l.expires_at < now()
                         FOR UPDATE SKIP LOCKED)
    RETURNING run_id
)sql";

// ON CONFLICT alone would wait for a transaction that is at the row; NOT EXISTS does not.
constexpr char const* kTakeLease = R"sql(
    INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at)
    SELECT $1::uuid, $2::uuid, $3::text, now() + $4::bigint * interval '1 millisecond'
     WHERE NOT EXISTS (SELECT
                         FROM customer_reconcile.lease l
                        WHERE l.tenant = $1::uuid)
        ON CONFLICT DO NOTHING
    RETURNING run_id
)sql";

constexpr char const* kLeaseHolder = R"sql(
    SELECT l.run_id, l.host, to_char(l.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           to_char(l.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      FROM customer_reconcile.lease l
     WHERE l.tenant = $1::uuid
       AND l.expires_at >= now()
)sql";

// As kLeaseHolder, of a lease that has ended too.
constexpr char const* kLeaseRow = R"sql(
    SELECT l.run_id, l.host, to_char(l.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      FROM customer_reconcile.lease l
     WHERE l.tenant = $1::uuid
)sql";

// The row lock that this takes lasts to the end of the transaction: nobody takes the lease over
// between this and COMMIT.
constexpr char const* kRenewLease = R"sql(
    UPDATE customer_reconcile.lease
       SET expires_at = now() + $3::bigint * interval '1 millisecond'
     WHERE tenant = $1::uuid
       AND run_id = $2::uuid
    RETURNING run_id
)sql";

constexpr char const* kReleaseLease = R"sql(
    DELETE FROM customer_reconcile.lease
     WHERE tenant = $1::uuid
       AND run_id = $2::uuid
)sql";

}  // namespace

void JournalModel::take_lease(Transaction& tx, RunId run, std::string const& host) const
{
    if (holds_lease(tx, run))
        return;
    require_free_lease(tx);
    pg::exec(tx, kDropExpiredLease, {owner_});
    // Where an earlier try of this run, whose COMMIT was not answered, ended just now, it is ours.
    if (pg::exec(tx, kTakeLease, {owner_, run, host, lease_time_.count()}).empty() &&
        !holds_lease(tx, run))
        throw_for_open_transaction(tx);
}

void JournalModel::throw_for_open_transaction(Transaction& tx) const
{
    auto const row = pg::exec(tx, kLeaseRow, {owner_});
    if (row.empty())
        throw LeaseHeld{"another run has just begun, or is about to end: try again"};
    throw LeaseHeld{fmt::format(
        "run {} on {} has been at work since {}; its lease has ended, but a transaction of it is "
        "still open. Where that run is gone, its session is yet to end (application_name "
        "customer-reconcile in pg_stat_activity; pg_terminate_backend() ends it)",
        pg::text(row[0][0]), pg::text(row[0][1]), pg::text(row[0][2]))};
}

bool JournalModel::holds_lease(Transaction& tx, RunId run) const
{
    auto const holder = pg::exec(tx, kLeaseHolder, {owner_});
    return !holder.empty() && pg::id<RunId>(holder[0][0]) == run;
}

void JournalModel::require_free_lease(Transaction& tx) const
{
    auto const holder = pg::exec(tx, kLeaseHolder, {owner_});
    if (holder.empty())
        return;
    throw LeaseHeld{
        fmt::format("run {} on {} has been at work since {}; its lease ends at {} unless "
                    "it is renewed",
                    pg::text(holder[0][0]), pg::text(holder[0][1]), pg::text(holder[0][2]),
                    pg::text(holder[0][3]))};
}

void JournalModel::renew_lease(Transaction& tx, RunId run) const
{
    pqxx::result renewed;
    try {
        renewed = pg::exec(tx, kRenewLease, {owner_, run, lease_time_.count()});
    } catch (StatementFailed const& error) {
        // 57014, a statement timeout, where that is shorter than the lock timeout.
        if (error.sqlstate() != "55P03" && error.sqlstate() != "57014")
            throw;
        throw ConnectionLost{"an earlier session of this run, lost to it, still holds the lease"};
    }
    if (renewed.empty())
        throw LeaseLost{
            fmt::format("run {} was away for longer than its lease of {:g} s, and another "
                        "run has taken over; nothing more is written",
                        run.str(), std::chrono::duration<double>{lease_time_}.count())};
}

void JournalModel::release_lease(Transaction& tx, RunId run) const
{
    pg::exec(tx, kReleaseLease, {owner_, run});
}

}  // namespace tracking::models
