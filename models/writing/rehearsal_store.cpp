#include "models/writing/rehearsal_store.hpp"

#include "models/journal/journal_model.hpp"
#include "models/pg/pg.hpp"

namespace tracking::models {

RehearsalStore::RehearsalStore(Database& management, Database& source,
                               RehearsalOptions const& options)
    : management_{management},
      source_{source},
      options_{options},
      models_{options.profile, options.management},
      tx_{management.begin_among_triggers(options.profile.schema(), options.timeouts)}
{
    auto const version = JournalModel::installed_version(tx_);
    if (version == 0)
        return;
    JournalModel::require_fitting(version);
    JournalModel{options.management}.require_free_lease(tx_);
}

std::vector<Receipt> RehearsalStore::write(std::span<Change const> batch)
{
    if (is_spoilt_) {
        pg::drop_what_waits(tx_);
        pg::exec(tx_, "ROLLBACK TO SAVEPOINT batch");
    } else {
        pg::exec(tx_, "SAVEPOINT batch");
    }
    is_spoilt_ = true;
    auto living =
        &source_ == &management_
            ? ask_for_living_tenants(tx_, options_.source_profile, batch, options_.management)
            : living_tenants_in(source_, options_.timeouts, options_.source_profile, batch,
                                options_.management);
    auto const written = write_batch(tx_, models_, batch, std::move(living));
    // Going back to the savepoint undoes the setting. So later batches meet their constraints as
    // they are.
    pg::exec(tx_, "SAVEPOINT unchecked");
    pg::exec(tx_, "SET CONSTRAINTS ALL IMMEDIATE");
    pg::exec(tx_, "ROLLBACK TO SAVEPOINT unchecked; RELEASE SAVEPOINT batch");
    is_spoilt_ = false;

    std::vector<Receipt> receipts;
    receipts.reserve(written.size());
    for (auto const& one : written) {
        auto& receipt = receipts.emplace_back(one.receipt);
        receipt.rows = {};
        if (receipt.outcome == Outcome::Applied)
            receipt.outcome = Outcome::Rehearsed;
    }
    return receipts;
}

}  // namespace tracking::models
