#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/values/change.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// Who runs what; the server adds when.
struct RunRecord
{
    RunId id;
    std::string mode;  ///< apply, link, undo
    std::string executed_by;
    std::string host;
    std::string version;
    std::string plan_digest{};      ///< of the plan file that is applied; empty: none
    std::string allowances{};       ///< JSON object; empty: none
    std::optional<RunId> undoes{};  ///< the run that this one undoes
};

/// What became of a run.
struct RunEnd
{
    std::string outcome;
    std::string counts;                       ///< JSON object
    std::optional<std::size_t> tenants_read;  ///< where that was all of them, in no doubt
};

/// How many tenants there usually are.
struct UsualTenants
{
    std::size_t median = 0;
    std::size_t readings = 0;  ///< that it is the median of
};

/// A change with what became of it. Images are JSON objects, or empty.
struct ChangeRecord
{
    Change const* change;
    Receipt const* receipt;
    std::string_view before;
    std::string_view after;
};

/// What identifies drift from run to run. A nil id: there is none on that side.
struct SightingKey
{
    std::string kind;
    TenantId tenant;
    CompanyId company;
};

/// Drift that earlier runs have left.
struct SeenDrift
{
    SightingKey key;
    int runs = 0;
    std::chrono::seconds age{0};  ///< since it was seen first, by the server's clock
};

/// A run that has a lease.
struct LeaseHolder
{
    RunId run;
    std::string host;
    std::string since;  ///< both UTC
    std::string until;
    bool is_credible = true;  ///< no run makes one that begins later than now, or lasts for longer

    std::string text() const;  ///< a sentence without full stop
};

/// What one portion of pruning has deleted. Nothing at all: it is done.
struct Pruned
{
    std::size_t runs = 0;
    std::size_t changes = 0;
    bool is_denied = false;  ///< there is something to delete, and the role may not
};

/// Why this program and a journal do not go together, and what helps.
struct JournalMismatch
{
    std::string finding;
    std::string remedy;
};

/// The job's own tables, schema `customer_reconcile` in the management database: what was done, and
/// what was seen. The management tenant's id leads every key, so that Citus can distribute them
/// beside the companies.
class JournalModel
{
public:
    static constexpr int kVersion = 4;

    /// How long a run that has been killed keeps others out, unless told otherwise. Every
    /// transaction of a run renews it.
    static constexpr std::chrono::seconds kLeaseTime{300};

    explicit JournalModel(TenantId owner, std::chrono::milliseconds lease_time = kLeaseTime);

    /// The SQL that brings a journal of version `from` (0: there is none) to kVersion.
    static std::string upgrade_sql(int from);

    /// 0: there is none. Never throws for want of the schema or of rights on it.
    static int installed_version(Transaction& tx);

    /// The one rule for versions: a program writes to a journal of its own version, and lets it
    /// decide anything, or it does not touch it. Nothing: that is so of this program and `version`.
    static std::optional<JournalMismatch> mismatch_of(int version);

    /// @throws SchemaMismatch with finding and remedy
    static void require_fitting(int version);

    /// Creates or upgrades the tables; others that are about to do so wait. On Citus they are to be
    /// distributed afterwards (models/schema/citus.hpp). Returns the version that it was of before.
    /// @throws SchemaMismatch for a journal that a newer program has made
    static int install(Transaction& tx);

    /// One run at a time; does nothing for the run that has it. Returns a sentence where a lease
    /// that is worth nothing stood in the way. @throws LeaseHeld naming who has it
    std::string take_lease(Transaction& tx, RunId run, std::string const& host) const;

    /// Who has a lease that has not ended.
    std::optional<LeaseHolder> lease_holder(Transaction& tx) const;

    /// For what is to keep out of the way of runs, and is none. @throws LeaseHeld
    void require_free_lease(Transaction& tx) const;

    /// The fence that every writing transaction passes. Waits for the end of a transaction that
    /// this run has left behind with a lost session, and so brings its outcome to light.
    /// @throws LeaseLost; ConnectionLost where that takes too long
    void renew_lease(Transaction& tx, RunId run) const;

    void release_lease(Transaction& tx, RunId run) const;

    /// Does nothing where it has been started.
    void start_run(Transaction& tx, RunRecord const& run) const;

    bool has_ended(Transaction& tx, RunId run) const;

    /// Once: a run that has ended keeps its end.
    void finish_run(Transaction& tx, RunId run, RunEnd const& end) const;

    void record(Transaction& tx, RunId run, std::span<ChangeRecord const> changes) const;

    /// The receipts of a batch, in its order; nothing where the run has not recorded it.
    std::optional<std::vector<Receipt>> receipts_of(Transaction& tx, RunId run,
                                                    std::span<Change const> batch) const;

    /// Notes drift that a run has left; a run counts once.
    void record_sightings(Transaction& tx, RunId run, std::span<SightingKey const> seen) const;

    /// Forgets drift that this run has not seen: should it come back, its clock starts anew.
    void forget_unseen(Transaction& tx, RunId run) const;

    /// What the last complete readings of runs, up to ten, have seen; nothing before the first.
    std::optional<UsualTenants> usual_tenants(Transaction& tx) const;

    /// All that is remembered, of every kind, in no particular order.
    std::vector<SeenDrift> sightings(Transaction& tx) const;

    /// Deletes a portion of what is older than that: changes, then their runs, the oldest first.
    /// Never drift, nor a run whose lease lasts, nor one of those that usual_tenants() looks at.
    Pruned prune(Transaction& tx, std::chrono::seconds retention) const;

private:
    bool holds_lease(Transaction& tx, RunId run) const;
    [[noreturn]] void throw_for_open_transaction(Transaction& tx) const;
    static void require_free(std::optional<LeaseHolder> const& holder);

    TenantId owner_;
    std::chrono::milliseconds lease_time_;
};

}  // namespace tracking::models
