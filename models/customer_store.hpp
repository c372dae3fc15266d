#pragma once

#include "models/change.hpp"
#include "models/company_model.hpp"
#include "models/contact_model.hpp"
#include "models/customer_removal.hpp"
#include "models/database.hpp"
#include "models/journal_model.hpp"
#include "models/tag_model.hpp"

#include <cstddef>
#include <optional>

namespace tracking::models {

/// Where the store writes, and on whose behalf.
struct StoreOptions
{
    SchemaProfile profile;
    TenantId management;
    RunId run;
    Timeouts timeouts{};
    std::chrono::milliseconds lease_time = JournalModel::kLeaseTime;
    std::optional<UserId> actor{};
};

/// Writes changes through the models, for a run that holds the lease: one transaction a batch, in
/// which each change's premise is checked again, and which holds the journal's receipts too. Change
/// and receipt commit together or not at all.
class CustomerStore final : public ChangeSink
{
public:
    /// `source` holds the tenants; it may be the same database as `management`. Both are to outlive
    /// the store.
    CustomerStore(Database& management, Database& source, StoreOptions const& options);

    std::vector<Receipt> write(std::span<Change const> batch) override;
    void record_failure(Change const& change, Receipt const& receipt) override;

    /// What the journal holds of a batch whose COMMIT went wrong; nothing: it was not committed.
    std::optional<std::vector<Receipt>> receipts_of(std::span<Change const> batch);

private:
    void renew_outgrown_session();

    Database& management_;
    Database& source_;
    StoreOptions options_;
    CompanyModel companies_;
    ContactModel contacts_;
    TagModel tags_;
    CustomerRemoval removal_;
    JournalModel journal_;
    std::size_t written_ = 0;
    std::size_t outgrown_at_ = 500;
};

}  // namespace tracking::models
