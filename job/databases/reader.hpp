#pragma once

#include "job/databases/databases.hpp"
#include "job/report/phases.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::job {

/// How hard a reading of everything may work the server.
enum class Pace
{
    Fast,    ///< on both sides at once, where that pays
    Gentle,  ///< on one at a time: nobody waits for it, and tenants are created meanwhile
};

/// Reads what is to be compared.
class Reader
{
public:
    explicit Reader(Databases& databases)
        : connections_{databases.connections}, facts_{databases.facts}
    {}

    /// One snapshot of both sides; what is in order is kept only where `keep` says so. Companies
    /// are read before tenants: what is made in between looks missing, and is found when it is
    /// applied, rather than orphaned. `phases` get how long each side was waited for, and what else
    /// took its time.
    reconcile::State read(reconcile::Policy const& policy, reconcile::Keep const& keep, Pace pace,
                          Phases& phases);

    /// Reads again what was not in order.
    reconcile::State read_again(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                reconcile::Remainder const& remainder);

    /// What the changes of a plan file depend on, as it is by now; in their order.
    std::vector<std::string> witnesses(std::span<reconcile::Drift const> changes);

private:
    reconcile::State read_both(reconcile::Policy const& policy, reconcile::Keep const& keep,
                               Pace pace, Phases& phases);
    reconcile::State read_part(reconcile::Policy const& policy, reconcile::Keep const& keep,
                               reconcile::Remainder const& remainder);
    reconcile::State with_blast_radii(reconcile::Policy const& policy, reconcile::State state);

    /// `remainder` is null where everything is read.
    reconcile::State merge(models::Transaction& tx, models::CompanyStream& companies,
                           models::TenantStream& tenants, reconcile::Policy const& policy,
                           reconcile::Keep const& keep,
                           reconcile::Remainder const* remainder) const;
    std::vector<std::string> read_witnesses(std::span<reconcile::Drift const> changes);

    models::Transaction begin(models::Database& database) const;
    models::Transaction begin_streams(models::Database& database) const;

    /// Where the tenants are read: a transaction of its own, so that the server works on both sides
    /// at once.
    struct TenantSession
    {
        std::optional<models::Database> session;  ///< for this reading only
        std::optional<models::Transaction> tx;
    };

    /// In the other database; else in a second session that shares the snapshot of `tx`. Nothing
    /// where that does not pay, is too much, or would not do: a pooler may give out its last
    /// session, and let the second wait for the end of the first.
    std::optional<TenantSession> session_for_tenants(models::Transaction& tx, Pace pace);

    Connections& connections_;
    Facts const& facts_;
};

}  // namespace tracking::job
