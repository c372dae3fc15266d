#pragma once

#include "models/pg/database.hpp"
#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "models/writing/batch.hpp"

namespace tracking::models {

/// Where changes are tried.
struct RehearsalOptions
{
    SchemaProfile profile;
    SchemaProfile source_profile;
    TenantId management;
    Timeouts timeouts{};
};

/// Writes changes as CustomerStore does, one batch on top of the other, in one transaction that
/// never commits. Everything is rolled back when the store is destroyed; until then it holds the
/// locks of a real run. Deferred constraints are checked after each batch, as a COMMIT would. It
/// takes no lease and does not touch the journal. A change that would have been applied is
/// Outcome::Rehearsed.
class RehearsalStore final : public ChangeSink
{
public:
    /// `source` holds the tenants; it may be the same database as `management`. Both have to
    /// outlive the store.
    /// @throws LeaseHeld while a run is at work: run and rehearsal would wait for each other's
    ///         locks
    RehearsalStore(Database& management, Database& source, RehearsalOptions const& options);

    std::vector<Receipt> write(std::span<Change const> batch) override;
    void record_failure(Change const&, Receipt const&) override {}  // nothing is recorded
    std::vector<std::size_t> sizes(std::span<Change const> batch) override
    {
        return sizes_of(tx_, models_, batch);
    }

private:
    Database& management_;
    Database& source_;
    RehearsalOptions options_;
    Models models_;
    Transaction tx_;
    bool is_spoilt_ = false;  ///< by a batch that failed
};

}  // namespace tracking::models
