#pragma once

#include "job/databases/databases.hpp"

#include "models/writing/customer_store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace tracking::job {

/// Writes through a store, and writes a batch again where its failure is likely to pass. Where a
/// COMMIT was not answered, it looks in the journal whether the batch is there. So nothing is done
/// twice, and nothing is left out.
class RetryingStore final : public models::ChangeSink
{
public:
    /// `written` is called after each transaction.
    RetryingStore(Databases& databases, models::CustomerStore& store,
                  std::vector<std::string>& warnings, std::function<void()> written);

    std::vector<models::Receipt> write(std::span<models::Change const> batch) override;
    void record_failure(models::Change const& change, models::Receipt const& receipt) override;
    std::vector<std::size_t> sizes(std::span<models::Change const> batch) override;
    std::size_t at_once(models::Change const& change) override { return store_.at_once(change); }

private:
    std::vector<models::Receipt> commit(std::span<models::Change const> batch, auto const& write);

    Databases& databases_;
    models::CustomerStore& store_;
    std::vector<std::string>& warnings_;
    std::function<void()> written_;
};

}  // namespace tracking::job
