#pragma once

#include "models/journal/journal_model.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "models/writing/pace.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

namespace tracking::models {

struct Written;

/// Where the store writes, and on whose behalf.
struct StoreOptions
{
    SchemaProfile profile;
    SchemaProfile source_profile;
    TenantId management;
    RunId run;
    Timeouts timeouts{};
    std::chrono::milliseconds lease_time = JournalModel::kLeaseTime;
    std::function<void()> rolled_back = [] {};  ///< called where a batch is written again
};

/// Writes changes through the models, for a run that holds the lease. Each batch is one
/// transaction, in which each change's premise is checked again. The transaction holds the
/// journal's receipts too: change and receipt commit together or not at all.
class CustomerStore final : public ChangeSink
{
public:
    /// `source` holds the tenants; it may be the same database as `management`. Both have to
    /// outlive the store.
    CustomerStore(Database& management, Database& source, StoreOptions const& options);

    /// Where somebody else was faster with a row of the batch, the batch is written again without
    /// that row.
    std::vector<Receipt> write(std::span<Change const> batch) override;
    void record_failure(Change const& change, Receipt const& receipt) override;
    std::vector<std::size_t> sizes(std::span<Change const> batch) override;
    std::size_t at_once(Change const& change) override { return pace_of(change).limit(); }

    /// The journal's receipts for a batch whose COMMIT went wrong; nothing: it was not committed.
    std::optional<std::vector<Receipt>> receipts_of(std::span<Change const> batch);

private:
    std::vector<Receipt> write(std::span<Change const> batch, Inserting way);
    void remember_people(Transaction& tx, std::span<Written const> written) const;
    void renew_outgrown_session();
    Pace& pace_of(Change const& change);

    Database& management_;
    Database& source_;
    StoreOptions options_;
    JournalModel journal_;
    std::size_t written_ = 0;
    std::size_t outgrown_at_ = 500;
    std::map<std::string_view, Pace> paces_;  ///< by the name of the change
};

}  // namespace tracking::models
