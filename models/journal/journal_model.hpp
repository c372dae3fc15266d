#pragma once

#include "models/journal/journal_pin.hpp"
#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"

#include <chrono>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// Who runs what. The server adds the time.
struct RunRecord
{
    RunId id{};
    std::string mode;           ///< the command: apply, link, forget
    std::string executed_by{};  ///< the person who asks for it
    std::string host{};
    std::string version;            ///< of this program
    std::string plan_digest{};      ///< of the plan file that is applied; empty: none
    std::string allowances{};       ///< JSON object: what passes the guards and why; empty: nothing
    std::optional<RunId> undoes{};  ///< the run that this one undoes
    bool notes_drift = true;        ///< it keeps the drift that it leaves
};

/// How a run ended.
struct RunEnd
{
    std::string outcome;
    std::string counts;                       ///< JSON object
    std::optional<std::size_t> tenants_read;  ///< set: all were read, in no doubt
};

/// How many tenants there usually are.
struct UsualTenants
{
    std::size_t median = 0;
    std::size_t readings = 0;  ///< how many readings the median is of
};

/// A change and its result. Images are JSON objects, or empty.
struct ChangeRecord
{
    Change const* change;
    Receipt const* receipt;
    std::string_view before;
    std::string_view after;
};

/// Identifies drift from run to run. A nil id means that there is none on that side.
struct SightingKey
{
    std::string kind;
    TenantId tenant;
    CompanyId company;
};

/// What earlier runs say of the one that begins.
struct Precedents
{
    std::optional<Pin> pin;  ///< as of pin_of()
    /// By the last ten complete readings of runs that note their drift, or fewer, and by that of
    /// the last run that had nothing to do; nothing before the first.
    std::optional<UsualTenants> usual;
};

/// Drift that earlier runs have left.
struct SeenDrift
{
    SightingKey key;
    int runs = 0;
    std::chrono::seconds age{0};  ///< since it was seen first, by the server's clock
    bool is_old = true;           ///< seen first before the run ended with which it is compared
};

struct NotedDrift
{
    std::vector<SeenDrift> all;  ///< of every kind, in no particular order
    /// When the last run ended that noted the drift it left; nothing: there is none.
    std::optional<std::chrono::sys_seconds> noted_at;
};

/// A run that has a lease.
struct LeaseHolder
{
    RunId run;
    std::string host;
    std::string since;  ///< both UTC
    std::string until;
    bool is_credible = true;  ///< false: it begins later than now, or lasts longer than runs set

    std::string text() const;  ///< a sentence without full stop
};

/// What one portion of pruning has deleted. Nothing at all means that pruning is done.
struct Pruned
{
    std::size_t runs = 0;
    std::size_t changes = 0;
    bool is_denied = false;  ///< there is something to delete, but the role may not delete it
};

/// Why this program does not fit a journal, and what helps.
struct JournalMismatch
{
    std::string finding;
    std::string remedy;
};

/// The job's own tables, in schema `customer_reconcile` of the management database: what was done,
/// and what was seen. Every key begins with the management tenant's id, so that Citus can
/// distribute the tables beside the companies.
class JournalModel
{
public:
    static constexpr int kVersion = 6;

    /// How long a killed run keeps others out, unless set otherwise. Every transaction of a run
    /// renews its lease.
    static constexpr std::chrono::seconds kLeaseTime{300};

    explicit JournalModel(TenantId owner, std::chrono::milliseconds lease_time = kLeaseTime);

    /// The SQL that brings a journal of version `from` (0: there is none) to kVersion.
    static std::string upgrade_sql(int from);

    /// 0: there is none. Never throws because the schema or rights on it are missing.
    static int installed_version(Transaction& tx);

    /// The one rule for versions: a program uses only a journal of its own version, to write to it
    /// or to decide by it. Nothing: this program and `version` fit.
    static std::optional<JournalMismatch> mismatch_of(int version);

    /// @throws SchemaMismatch with finding and remedy
    static void require_fitting(int version);

    /// Creates or upgrades the tables. Others that are about to do so wait. On Citus the tables
    /// have to be distributed afterwards (models/schema/citus.hpp). Returns the version before.
    /// @throws SchemaMismatch for a journal that a newer program has made
    static int install(Transaction& tx);

    /// Takes the lease, so that one run works at a time. Does nothing for the run that has it.
    /// Returns a sentence where it took over a lease that is not credible. @throws LeaseHeld naming
    /// who has it
    std::string take_lease(Transaction& tx, RunId run, std::string const& host) const;

    /// Who has a lease that has not expired.
    std::optional<LeaseHolder> lease_holder(Transaction& tx) const;

    /// For work that is no run but must not get in the way of one. @throws LeaseHeld
    void require_free_lease(Transaction& tx) const;

    /// The fence that every writing transaction passes. A lost session of this run may have left a
    /// transaction open. Then this waits for its end, so that its outcome is known.
    /// @throws LeaseLost; ConnectionLost where that takes too long
    void renew_lease(Transaction& tx, RunId run) const { ask_to_renew_lease(tx, run).get(); }

    /// The same; get() waits and throws.
    std::future<void> ask_to_renew_lease(Transaction& tx, RunId run) const;

    void release_lease(Transaction& tx, RunId run) const;

    /// It began when it took its lease, or now where it has none. Does nothing where the run has
    /// been started before.
    void start_run(Transaction& tx, RunRecord const& run) const;

    bool has_ended(Transaction& tx, RunId run) const;

    /// Works once: a run that has ended keeps its end.
    void finish_run(Transaction& tx, RunId run, RunEnd const& end) const;

    /// Counts a run that had nothing to do, which is in no other table.
    void note_idle(Transaction& tx, RunRecord const& run,
                   std::optional<std::size_t> tenants_read) const;

    void record(Transaction& tx, RunId run, std::span<ChangeRecord const> changes) const;

    /// The receipts of a batch, in its order; nothing where the run has not recorded the batch.
    std::optional<std::vector<Receipt>> receipts_of(Transaction& tx, RunId run,
                                                    std::span<Change const> batch) const;

    /// Records drift that a run has left. Each run counts once.
    void record_sightings(Transaction& tx, RunId run, std::span<SightingKey const> seen) const;

    /// Forgets drift that this run has not seen. If it comes back, its age starts anew.
    void forget_unseen(Transaction& tx, RunId run) const;

    Precedents precedents(Transaction& tx) const;

    /// `compared` is the run with which it is compared; nothing: the last one that noted its drift.
    NotedDrift noted_drift(Transaction& tx, std::optional<RunId> compared = {}) const;

    /// Deletes a portion of what is older than `retention`: changes, then their runs, the oldest
    /// first. Never deletes drift, a run whose lease lasts, or a run that precedents() looks at.
    Pruned prune(Transaction& tx, std::chrono::seconds retention) const;

private:
    bool holds_lease(Transaction& tx, RunId run) const;
    [[noreturn]] void throw_for_open_transaction(Transaction& tx) const;
    static void require_free(std::optional<LeaseHolder> const& holder);

    TenantId owner_;
    std::chrono::milliseconds lease_time_;
};

}  // namespace tracking::models
