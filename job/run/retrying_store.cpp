#include "job/run/retrying_store.hpp"

#include "models/values/errors.hpp"

#include <fmt/format.h>

#include <utility>

namespace tracking::job {

RetryingStore::RetryingStore(Databases& databases, models::CustomerStore& store,
                             std::vector<std::string>& warnings, std::function<void()> written)
    : databases_{databases}, store_{store}, warnings_{warnings}, written_{std::move(written)}
{}

std::vector<models::Receipt> RetryingStore::commit(std::span<models::Change const> batch,
                                                   auto const& write)
{
    bool is_in_doubt = false;
    // The doubt stays until the journal answers, whatever failure prevents an answer.
    auto const ask_journal = [&] {
        is_in_doubt = true;
        try {
            auto receipts = store_.receipts_of(batch);
            is_in_doubt = false;
            return receipts;
        } catch (models::StatementFailed const& error) {
            throw models::CommitInDoubt{error.what()};
        }
    };
    auto const attempt = [&] {
        if (is_in_doubt) {
            if (auto receipts = ask_journal())
                return *std::move(receipts);
        }
        try {
            return write();
        } catch (models::CommitInDoubt const&) {
            is_in_doubt = true;
            throw;
        } catch (models::CommitFailed const&) {
            if (auto receipts = ask_journal())
                return *std::move(receipts);
            throw;
        }
    };
    try {
        auto receipts = databases_.connections.persist(attempt);
        written_();
        return receipts;
    } catch (...) {
        if (is_in_doubt)
            warnings_.push_back(fmt::format(
                "the connection went during a COMMIT, and nobody could be asked since: whether the "
                "last {} changes were made stands in the journal (customer-reconcile history)",
                batch.size()));
        throw;
    }
}

std::vector<models::Receipt> RetryingStore::write(std::span<models::Change const> batch)
{
    return commit(batch, [&] { return store_.write(batch); });
}

void RetryingStore::record_failure(models::Change const& change, models::Receipt const& receipt)
{
    commit({&change, 1}, [&] {
        store_.record_failure(change, receipt);
        return std::vector{receipt};
    });
}

std::vector<std::size_t> RetryingStore::sizes(std::span<models::Change const> batch)
{
    return databases_.connections.persist([&] { return store_.sizes(batch); });
}

}  // namespace tracking::job
