#include "models/writing/customer_store.hpp"

#include "models/journal/journal_people.hpp"
#include "models/values/errors.hpp"
#include "models/values/lists.hpp"
#include "models/writing/batch.hpp"

#include <array>
#include <chrono>
#include <unordered_set>

namespace tracking::models {

namespace {

constexpr std::size_t kFirstDeletions = 50;
constexpr std::string_view kForeignKeyViolation = "23503";

}  // namespace

CustomerStore::CustomerStore(Database& management, Database& source, StoreOptions const& options)
    : management_{management},
      source_{source},
      options_{options},
      journal_{options.management, options.lease_time}
{}

// A session plans the check of a foreign key once, for the size that the table has then. On an
// empty installation the plan is a scan, and stays one while the table grows. So there is a new
// session whenever as much has been written as there was before.
void CustomerStore::renew_outgrown_session()
{
    if (written_ < outgrown_at_)
        return;
    management_.reconnect();
    outgrown_at_ = 2 * written_;
}

std::vector<Receipt> CustomerStore::write(std::span<Change const> batch)
{
    try {
        return write(batch, Inserting::OrFailing);
    } catch (CommitFailed const&) {
        throw;  // ask the journal first whether it was committed
    } catch (StatementFailed const& error) {
        // Or a new row refers to one that was kept out, since it did not wait to hear of it.
        bool const misses_a_row =
            as<CreateCustomer>(batch.front()) && error.sqlstate() == kForeignKeyViolation;
        if (!error.is_conflict() && !misses_a_row)
            throw;
    }
    options_.rolled_back();
    return write(batch, Inserting::AroundConflicts);
}

// Changes that may delete rows begin with few at once: nobody knows yet what the server has to do
// for each.
Pace& CustomerStore::pace_of(Change const& change)
{
    bool const may_delete = as<Restore>(change) || as<DeleteCustomer>(change);
    return paces_.try_emplace(name_of(change), may_delete ? kFirstDeletions : Pace::kUnlimited)
        .first->second;
}

std::vector<Receipt> CustomerStore::write(std::span<Change const> batch, Inserting way)
{
    renew_outgrown_session();
    auto const begun = std::chrono::steady_clock::now();
    std::future<std::unordered_set<TenantId>> living;
    if (&source_ != &management_)
        living = living_tenants_in(source_, options_.timeouts, options_.source_profile, batch,
                                   options_.management);
    auto tx = management_.begin_among_triggers(options_.profile.schema(), options_.timeouts);
    auto lease = journal_.ask_to_renew_lease(tx, options_.run);
    if (&source_ == &management_)
        living = ask_for_living_tenants(tx, options_.source_profile, batch, options_.management);
    // Nothing is written before both are known.
    auto fenced = std::async(std::launch::deferred, [&] {
        lease.get();
        return living.get();
    });
    Models const models{options_.profile.inserting(way), options_.management};
    auto written = write_batch(tx, models, batch, std::move(fenced));
    std::vector<ChangeRecord> records;
    for (std::size_t i = 0; i < written.size(); ++i)
        records.push_back({&batch[i], &written[i].receipt, written[i].before, written[i].after});
    journal_.record(tx, options_.run, records);
    remember_people(tx, written);
    tx.commit();
    written_ += batch.size();
    pace_of(batch.front()).note(batch.size(), std::chrono::steady_clock::now() - begun);

    return each_of(written, [](Written& one) { return std::move(one.receipt); });
}

void CustomerStore::remember_people(Transaction& tx, std::span<Written const> written) const
{
    std::vector<WrittenContact> contacts;
    std::vector<ContactId> gone;
    for (auto const& one : written) {
        if (one.receipt.outcome != Outcome::Applied)
            continue;
        contacts.insert(contacts.end(), one.contacts.begin(), one.contacts.end());
        gone.insert(gone.end(), one.gone.begin(), one.gone.end());
    }
    JournalPeople const people{options_.management};
    people.remember(tx, contacts);
    people.forget(tx, gone);
}

void CustomerStore::record_failure(Change const& change, Receipt const& receipt)
{
    auto tx = management_.begin(Access::ReadWrite, options_.timeouts);
    journal_.renew_lease(tx, options_.run);
    journal_.record(tx, options_.run, std::array{ChangeRecord{&change, &receipt, {}, {}}});
    tx.commit();
}

std::vector<std::size_t> CustomerStore::sizes(std::span<Change const> batch)
{
    if (as<CreateCustomer>(batch.front()))
        return ChangeSink::sizes(batch);
    auto tx = management_.begin(Access::ReadOnly, options_.timeouts);
    return sizes_of(tx, {options_.profile, options_.management}, batch);
}

std::optional<std::vector<Receipt>> CustomerStore::receipts_of(std::span<Change const> batch)
{
    auto tx = management_.begin(Access::ReadWrite, options_.timeouts);
    journal_.renew_lease(tx, options_.run);  // waits for the session that sent that COMMIT
    auto receipts = journal_.receipts_of(tx, options_.run, batch);
    tx.commit();
    return receipts;
}

}  // namespace tracking::models
