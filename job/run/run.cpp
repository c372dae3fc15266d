#include "job/run/run.hpp"

#include "job/databases/identity.hpp"
#include "job/process/interruption.hpp"
#include "job/process/terminal.hpp"
#include "job/run/retrying_store.hpp"
#include "job/telemetry/report_log.hpp"

#include "models/crm/contact_model.hpp"
#include "models/values/errors.hpp"
#include "models/values/lists.hpp"
#include "models/writing/customer_store.hpp"

#include <fmt/format.h>
#include <boost/uuid/random_generator.hpp>

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <thread>

namespace tracking::job {

namespace {

constexpr std::size_t kSightingsAtOnce = 1'000;
constexpr std::chrono::seconds kPatienceOfABeat{3};
constexpr std::chrono::milliseconds kPauseOfAWait{250};
constexpr std::chrono::seconds kSilenceOfAWait{30};

models::RunId new_run_id()
{
    auto const uuid = boost::uuids::random_generator{}();
    models::UuidBytes bytes;
    std::copy(uuid.begin(), uuid.end(), bytes.begin());
    return models::RunId{bytes};
}

std::string host_name()
{
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return name;
}

/// A warning, so that every log has it: silence would look like a run that hangs.
void say_waiting(models::LeaseHeld const& held, std::chrono::steady_clock::duration left)
{
    log_warning(fmt::format("waits up to {} s for the lease: {}",
                            std::chrono::ceil<std::chrono::seconds>(left).count(), held.what()));
}

/// Shows the progress to a person who waits. Not needed where the log has a line for every change.
void show_progress(std::size_t done, std::size_t due)
{
    if (is_terminal(STDERR_FILENO) && !logs_routine())
        std::cerr << fmt::format("\rapplied {} of {}{}", done, due, done == due ? "\n" : "");
}

}  // namespace

std::string user_name()
{
    auto const* const entry = getpwuid(geteuid());
    return entry ? entry->pw_name : std::to_string(geteuid());
}

Run::Run(Databases& databases, models::RunRecord record, Summary summary,
         std::vector<std::string>& warnings, std::chrono::milliseconds wait)
    : databases_{databases},
      record_{std::move(record)},
      summary_{std::move(summary)},
      warnings_{warnings},
      timeouts_{databases.connections.timeouts()},
      journal_{databases.facts.tenant, databases.connections.lease_time()}
{
    record_.id = new_run_id();
    record_.host = host_name();
    if (record_.executed_by.empty())
        record_.executed_by = user_name();
    // A run that hangs in a transaction must lose it before its lease, or nobody could take over.
    timeouts_.idle = std::min(timeouts_.idle, databases.connections.lease_time() / 2);
    // Started before the lease is taken: where no thread can be started, no lease is left behind.
    heartbeat_.emplace(databases_.connections.lease_time() / 3, [this] { return renew_lease(); });
    auto const taken_over = begin_within(wait);
    if (!taken_over.empty())
        warnings_.push_back(taken_over);
    note_renewal();
    log_belongs_to(id());
}

std::string Run::begin_within(std::chrono::milliseconds wait)
{
    auto const until = std::chrono::steady_clock::now() + wait;
    auto next_word = std::chrono::steady_clock::now();
    while (true) {
        try {
            return databases_.connections.persist([&] { return begin(); });
        } catch (models::LeaseHeld const& held) {
            auto const now = std::chrono::steady_clock::now();
            if (now >= until)
                throw;
            if (now >= next_word) {
                say_waiting(held, until - now);
                next_word = now + kSilenceOfAWait;
            }
        }
        stop_if_interrupted();
        heartbeat_->postpone();
        std::this_thread::sleep_for(kPauseOfAWait);
    }
}

std::string Run::begin()
{
    auto tx = databases_.connections.management().begin(models::Access::ReadWrite, timeouts_);
    require_pin(tx);
    auto taken_over = journal_.take_lease(tx, id(), host_name());
    tx.commit();
    return taken_over;
}

void Run::start()
{
    in_transaction([&](auto& tx) { journal_.start_run(tx, record_); });
}

/// Throws unless the journal has pinned this tenant: a run writes only to the one that a person
/// named.
void Run::require_pin(models::Transaction& tx) const
{
    auto const pin = models::pin_of(tx);
    if (!pin)
        throw models::SchemaMismatch{
            "the journal knows no management tenant yet: run `customer-reconcile init`, which "
            "shows the configured one and pins it"};
    job::require_pinned({databases_.facts.tenant, databases_.facts.tenant_name}, *pin);
}

/// Renews the lease in a session of its own, while that of the run reads or waits for a person.
/// Where the lease is lost, the next transaction of the run notices.
bool Run::renew_lease() const
{
    // Short limits, since the end of the run waits for a renewal that is under way.
    auto login = databases_.connections.management_login();
    login.connect_timeout = std::min(login.connect_timeout, kPatienceOfABeat);
    auto timeouts = timeouts_;
    timeouts.statement = std::min<std::chrono::milliseconds>(timeouts.statement, kPatienceOfABeat);
    try {
        models::Database own{login};
        auto tx = own.begin(models::Access::ReadWrite, timeouts);
        journal_.renew_lease(tx, id());
        tx.commit();
        return true;
    } catch (std::exception const&) {
        return false;
    }
}

void Run::abandon(Ending outcome)
{
    try {
        cancellation().lift();
        databases_.connections.management().reconnect();
        try {
            end([&](auto& tx) { note_end(tx, outcome); });
        } catch (models::ConnectionLost const&) {
            // The server still holds the last transaction and its lock on the row of the lease. So
            // only note the end, and leave the lease.
            auto tx =
                databases_.connections.management().begin(models::Access::ReadWrite, timeouts_);
            note_end(tx, outcome);
            tx.commit();
        } catch (models::DatabaseError const&) {
            // The journal refuses the note. The next run need not wait for the lease all the same.
            end([](auto&) {});
        }
    } catch (std::exception const&) {
        // The error that ended the run is thrown on, so this one is ignored. The lease expires by
        // itself, and a run without an end counts as killed.
    }
}

void Run::in_transaction(auto const& work)
{
    databases_.connections.persist([&] {
        auto tx = databases_.connections.management().begin(models::Access::ReadWrite, timeouts_);
        journal_.renew_lease(tx, id());
        work(tx);
        tx.commit();
    });
    note_renewal();
}

void Run::stay_alive()
{
    if (std::chrono::steady_clock::now() >= due_)
        in_transaction([](auto const&) {});
}

void Run::note_renewal()
{
    due_ = std::chrono::steady_clock::now() + databases_.connections.lease_time() / 4;
    heartbeat_->postpone();
}

void Run::write(reconcile::Plan const& plan, std::size_t batch_size, reconcile::Applied& applied)
{
    auto const due = static_cast<std::size_t>(
        std::ranges::count_if(plan.drift, [](auto const& drift) { return drift.is_due(); }));
    if (due > 0)
        write_portions(due, batch_size, [&](auto const& write) { write(plan, applied); });
}

void Run::write_portions(std::size_t due, std::size_t batch_size,
                         std::function<void(WritePortion const&)> const& make_portions)
{
    reconcile::Applied* portion = nullptr;
    models::CustomerStore store{databases_.connections.management(),
                                databases_.connections.source(),
                                {.profile = databases_.facts.profile,
                                 .source_profile = databases_.facts.source_profile,
                                 .management = databases_.facts.tenant,
                                 .run = id(),
                                 .timeouts = timeouts_,
                                 .lease_time = databases_.connections.lease_time(),
                                 .rolled_back = [&] { ++portion->rollbacks; }}};
    RetryingStore retrying{databases_, store, warnings_, [this] { note_renewal(); }};
    start();
    std::size_t before = 0;
    make_portions([&](reconcile::Plan const& plan, reconcile::Applied& applied) {
        portion = &applied;
        ChangeLog changes{plan, applied};
        reconcile::apply(plan, retrying, batch_size, applied, [&](std::size_t done, std::size_t) {
            changes.catch_up();
            show_progress(before + done, due);
            if (before + done < due)
                stop_if_interrupted();
        });
        before += applied.results.size();
    });
}

void Run::give_email_types(std::span<models::ContactId const> contacts, std::size_t batch_size,
                           std::size_t& given)
{
    models::ContactModel const model{databases_.facts.profile, databases_.facts.tenant};
    if (!contacts.empty())
        start();
    for (; !contacts.empty(); contacts = contacts.subspan(std::min(batch_size, contacts.size()))) {
        stop_if_interrupted();
        std::size_t now = 0;
        try {
            databases_.connections.persist([&] {
                auto tx = databases_.connections.management().begin_among_triggers(
                    databases_.facts.profile.schema(), timeouts_);
                journal_.renew_lease(tx, id());
                auto const portion = contacts.first(std::min(batch_size, contacts.size()));
                now = model.give_email_type(tx, portion).size();
                tx.commit();
            });
        } catch (models::StatementFailed const& failure) {
            warnings_.push_back(fmt::format(
                "contacts that this job made stay without a type of their e-mail address: {}",
                failure.what()));
            return;
        }
        note_renewal();
        given += now;
    }
}

void Run::in_journal(std::function<void(models::Transaction&)> const& work)
{
    in_transaction([&](auto& tx) {
        journal_.start_run(tx, record_);
        work(tx);
    });
}

void Run::record_sightings(reconcile::Plan const& residual)
{
    if (!record_.notes_drift)
        return;
    auto keys = residual.counted_keys;
    for (auto const& drift : residual.drift)
        std::ranges::move(reconcile::keys_of(drift), std::back_inserter(keys));
    std::span<reconcile::DriftKey const> const all{keys};
    for (std::size_t at = 0; at < all.size(); at += kSightingsAtOnce) {
        auto const portion = models::each_of(
            all.subspan(at, std::min(kSightingsAtOnce, all.size() - at)), [](auto const& key) {
                return models::SightingKey{std::string{reconcile::name_of(key.kind)}, key.tenant,
                                           key.company};
            });
        in_transaction([&](auto& tx) { journal_.record_sightings(tx, id(), portion); });
    }
    in_transaction([&](auto& tx) { journal_.forget_unseen(tx, id()); });
}

void Run::prune(std::chrono::seconds retention, std::size_t& runs)
{
    if (retention == std::chrono::seconds::zero())
        return;
    for (models::Pruned portion{.runs = 1}; portion.runs + portion.changes > 0;) {
        stop_if_interrupted();
        in_transaction([&](auto& tx) { portion = journal_.prune(tx, retention); });
        runs += portion.runs;
        if (portion.is_denied)
            warnings_.emplace_back(
                "the journal holds runs that are older than journal.retention, and the role may "
                "not forget them: run `customer-reconcile init --prune` as the journal's owner, or "
                "grant the role customer_reconcile_pruner of `init --print`");
    }
}

void Run::finish(Ending outcome)
{
    databases_.connections.persist([&] { end([&](auto& tx) { note_end(tx, outcome); }); });
}

void Run::finish_idle()
{
    auto const tenants = summary_(Ending::Ok).tenants_read;
    databases_.connections.persist(
        [&] { end([&](auto& tx) { journal_.note_idle(tx, record_, tenants); }); });
}

void Run::end(std::function<void(models::Transaction&)> const& note)
{
    auto tx = databases_.connections.management().begin(models::Access::ReadWrite, timeouts_);
    try {
        journal_.renew_lease(tx, id());
    } catch (models::LeaseLost const&) {
        if (journal_.has_ended(tx, id()))
            return;  // an earlier try has ended it, but its COMMIT was not answered
        throw;
    }
    note(tx);
    journal_.release_lease(tx, id());
    tx.commit();
}

void Run::note_end(models::Transaction& tx, Ending outcome)
{
    journal_.start_run(tx, record_);
    journal_.finish_run(tx, id(), summary_(outcome));
}

}  // namespace tracking::job
