// One run at a time: the lease. It also fences off a run that was away for too long.

#include "models/journal/journal_model.hpp"

#include "models/pg/pg.hpp"
#include "models/values/errors.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

// A lease may begin in the future, or end later than any run here would let it. Then a wrong clock
// or a person wrote it, and it is worth nothing. now() is the time when a transaction began. So a
// lease that was taken since then begins a moment later than now().

// An expired lease whose row is locked is still in use: its run is about to commit.
constexpr char const* kDropExpiredLease = R"sql(
    DELETE FROM customer_reconcile.lease
     WHERE tenant = $1::uuid
       AND run_id IN (SELECT l.run_id
                        FROM customer_reconcile.lease l
                       WHERE l.tenant = $1::uuid
                         AND (l.expires_at < now()
                              OR l.since > now() + interval '1 minute'
                              OR l.expires_at > now() + $2::float8 * interval '2 milliseconds')
                         FOR UPDATE SKIP LOCKED)
    RETURNING run_id
)sql";

// ON CONFLICT alone would wait for a transaction that holds the row; NOT EXISTS does not wait.
constexpr char const* kTakeLease = R"sql(
    INSERT INTO customer_reconcile.lease (tenant, run_id, host, expires_at)
    SELECT $1::uuid, $2::uuid, $3::text, now() + $4::float8 * interval '1 millisecond'
     WHERE NOT EXISTS (SELECT
                         FROM customer_reconcile.lease l
                        WHERE l.tenant = $1::uuid)
        ON CONFLICT DO NOTHING
    RETURNING run_id
)sql";

constexpr char const* kLeaseHolder = R"sql(
    SELECT l.run_id, l.host, to_char(l.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text),
           to_char(l.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text),
           l.since <= now() + interval '1 minute'
           AND l.expires_at <= now() + $2::float8 * interval '2 milliseconds'
      FROM customer_reconcile.lease l
     WHERE l.tenant = $1::uuid
       AND l.expires_at >= now()
)sql";

// As kLeaseHolder, but of an expired lease too.
constexpr char const* kLeaseRow = R"sql(
    SELECT l.run_id, l.host, to_char(l.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text)
      FROM customer_reconcile.lease l
     WHERE l.tenant = $1::uuid
)sql";

// This locks the row to the end of the transaction, so nobody takes the lease over before COMMIT.
constexpr char const* kRenewLease = R"sql(
    UPDATE customer_reconcile.lease
       SET expires_at = now() + $3::float8 * interval '1 millisecond'
     WHERE tenant = $1::uuid
       AND run_id = $2::uuid
    RETURNING run_id
)sql";

constexpr char const* kReleaseLease = R"sql(
    DELETE FROM customer_reconcile.lease
     WHERE tenant = $1::uuid
       AND run_id = $2::uuid
)sql";

bool is_renewed(pg::Answer const& answer)
{
    try {
        return !answer.rows().empty();
    } catch (StatementFailed const& error) {
        // The code is 57014, a statement timeout, where that is shorter than the lock timeout.
        if (error.sqlstate() != "55P03" && error.sqlstate() != "57014")
            throw;
        throw ConnectionLost{"an earlier session of this run, lost to it, still holds the lease"};
    }
}

}  // namespace

std::string JournalModel::take_lease(Transaction& tx, RunId run, std::string const& host) const
{
    auto const holder = lease_holder(tx);
    if (holder && holder->run == run)
        return {};
    require_free(holder);
    pg::exec(tx, kDropExpiredLease, {owner_, lease_time_.count()});
    // An earlier try of this run may have committed just now, although its COMMIT was not answered.
    // Then the lease is ours.
    if (pg::exec(tx, kTakeLease, {owner_, run, host, lease_time_.count()}).empty() &&
        !holds_lease(tx, run))
        throw_for_open_transaction(tx);
    return holder ? holder->text() + ", and was taken over" : std::string{};
}

void JournalModel::throw_for_open_transaction(Transaction& tx) const
{
    require_free(lease_holder(tx));  // one that has begun since the first look
    auto const row = pg::exec(tx, kLeaseRow, {owner_});
    if (row.empty())
        throw LeaseHeld{"another run has just begun, or is about to end: try again"};
    throw LeaseHeld{fmt::format(
        "run {} on {} has been at work since {}; its lease has ended, but a transaction of it is "
        "still open. Where that run is gone, its session is yet to end (application_name "
        "customer-reconcile in pg_stat_activity; pg_terminate_backend() ends it)",
        pg::text(row[0][0]), pg::text(row[0][1]), pg::text(row[0][2]))};
}

std::optional<LeaseHolder> JournalModel::lease_holder(Transaction& tx) const
{
    auto const rows = pg::exec(tx, kLeaseHolder, {owner_, lease_time_.count()});
    if (rows.empty())
        return std::nullopt;
    auto const text = [&](int column) { return std::string{pg::text(rows[0][column])}; };
    return LeaseHolder{.run = pg::id<RunId>(rows[0][0]),
                       .host = text(1),
                       .since = text(2),
                       .until = text(3),
                       .is_credible = pg::is_true(rows[0][4])};
}

bool JournalModel::holds_lease(Transaction& tx, RunId run) const
{
    auto const holder = lease_holder(tx);
    return holder && holder->run == run;
}

void JournalModel::require_free(std::optional<LeaseHolder> const& holder)
{
    if (holder && holder->is_credible)
        throw LeaseHeld{holder->text()};
}

void JournalModel::require_free_lease(Transaction& tx) const
{
    require_free(lease_holder(tx));
}

std::string LeaseHolder::text() const
{
    if (is_credible)
        return fmt::format(
            "run {} on {} has been at work since {}; its lease ends at {} unless "
            "it is renewed",
            run.str(), host, since, until);
    return fmt::format(
        "the lease of run {} on {}, from {} to {}, is none that a run makes by this "
        "server's clock: it is worth nothing",
        run.str(), host, since, until);
}

std::future<void> JournalModel::ask_to_renew_lease(Transaction& tx, RunId run) const
{
    auto const renewed = pg::ask(tx, kRenewLease, {owner_, run, lease_time_.count()});
    return std::async(std::launch::deferred, [renewed, run, time = lease_time_] {
        if (is_renewed(renewed))
            return;
        throw LeaseLost{
            fmt::format("run {} was away for longer than its lease of {:g} s, and another run has "
                        "taken over; nothing more is written",
                        run.str(), std::chrono::duration<double>{time}.count())};
    });
}

void JournalModel::release_lease(Transaction& tx, RunId run) const
{
    pg::ask(tx, kReleaseLease, {owner_, run});
}

}  // namespace tracking::models
