#pragma once

#include "job/databases/databases.hpp"
#include "job/report/phases.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/remainder.hpp"
#include "reconcile/reading/state.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::job {

/// How much load a full reading may put on the server.
enum class Pace
{
    Fast,    ///< reads both sides at once, where that pays
    Gentle,  ///< reads one after the other: nobody waits, and tenants are created meanwhile
};

/// Reads the state that is compared.
class Reader
{
public:
    explicit Reader(Databases& databases)
        : connections_{databases.connections}, facts_{databases.facts}
    {}

    /// Reads both sides, in one snapshot where they are one database. Else companies are read
    /// before tenants: a customer made in between looks missing, which the apply notices, and not
    /// orphaned. Keeps what is in order only where `keep` says so. Adds to `phases` how long each
    /// side was waited for, and how long the rest took.
    reconcile::State read(reconcile::Policy const& policy, reconcile::Keep const& keep, Pace pace,
                          Phases& phases);

    /// Reads only the remainder again: what was not in order.
    reconcile::State read_again(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                reconcile::Remainder const& remainder);

    /// A witness of what each change of a plan file depends on, read now; in the same order.
    std::vector<std::string> witnesses(std::span<reconcile::Drift const> changes);

private:
    reconcile::State read_both(reconcile::Policy const& policy, reconcile::Keep const& keep,
                               Pace pace, Phases& phases);
    reconcile::State read_part(reconcile::Policy const& policy, reconcile::Keep const& keep,
                               reconcile::Remainder const& remainder);
    reconcile::State with_blast_radii(reconcile::Policy const& policy, reconcile::State state);

    /// `remainder` is null where everything is read.
    reconcile::State merge(models::Transaction& tx, models::Transaction& source,
                           models::CompanyStream& companies, models::TenantStream& tenants,
                           reconcile::Policy const& policy, reconcile::Keep const& keep,
                           reconcile::Remainder const* remainder) const;

    models::Transaction begin(models::Database& database) const;
    models::Transaction begin_streams(models::Database& database) const;

    /// A transaction of its own for the tenants, so that the server can work on both sides at once.
    struct TenantSession
    {
        std::optional<models::Database> session;  ///< for this reading only
        std::optional<models::Transaction> tx;
    };

    /// A transaction in the source, where that is another database; else in a second session that
    /// shares the snapshot of `tx`. Nothing where a second session does not pay, is refused, or may
    /// block: a pooler without a free session lets the second wait for the end of the first.
    std::optional<TenantSession> session_for_tenants(models::Transaction& tx, Pace pace);

    Connections& connections_;
    Facts const& facts_;
};

}  // namespace tracking::job
