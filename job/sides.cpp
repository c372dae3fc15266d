#include "job/sides.hpp"

#include "job/policy.hpp"

#include "job/interruption.hpp"

#include "models/customer_reader.hpp"
#include "models/dependents.hpp"
#include "models/errors.hpp"
#include "models/inspection.hpp"
#include "models/journal_model.hpp"
#include "models/witness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

namespace {

constexpr std::size_t kWitnessesAtOnce = 10'000;

void require(std::vector<std::string> const& missing, std::string const& database)
{
    if (!missing.empty())
        throw AccessDenied{
            fmt::format("the role lacks rights on {}; its owner can give them with\n  {};",
                        database, fmt::join(missing, ";\n  "))};
}

/// What earlier runs have seen. A kind that this program does not know is another version's.
void read_sightings(models::Transaction& tx, models::TenantId tenant, reconcile::State& state)
{
    for (auto const& seen : models::JournalModel{tenant}.sightings(tx)) {
        if (auto const kind = reconcile::drift_kind_named(seen.key.kind))
            state.sightings.emplace(reconcile::DriftKey{*kind, seen.key.tenant, seen.key.company},
                                    reconcile::Sighting{.runs = seen.runs, .age = seen.age});
    }
}

}  // namespace

models::Login login_for(config::Database const& database, config::Config const& config)
{
    return {
        .dsn = database.dsn,
        .password = database.password,
        .connect_timeout = std::chrono::duration_cast<std::chrono::seconds>(config.connect_timeout),
        .cancellation = &cancellation()};
}

Sides::Sides(config::Config const& config, models::Role role, Report& report)
    : timeouts_{.statement = config.statement_timeout, .lock = config.lock_timeout},
      lease_time_{config.lease_time},
      retrier_{{.attempts = config.retry.attempts,
                .base = config.retry.base,
                .limit = config.retry.limit},
               report.retries},
      management_login_{login_for(config.management_database(), config)},
      management_{connect(management_login_)}
{
    report.management_database = management_.description();
    if (!config.management.dsn.empty() && config.management.dsn != config.source.dsn)
        source_.emplace(connect(login_for(config.source, config)));
    report.source_database = source().description();
    persist([&] { recognise(config, role, report); });
}

models::Database Sides::connect(models::Login const& login)
{
    return retrier_.run([&] { return models::Database{login}; }, [] {});
}

void Sides::renew_sessions()
{
    management_.reconnect();
    if (source_)
        source_->reconnect();
}

void Sides::recognise(config::Config const& config, models::Role role, Report& report)
{
    using models::Side;

    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    profile_ = models::detect_schema(tx, Side::Management);
    report.generation = models::name_of(profile_.generation());
    require(models::missing_grants(tx, profile_, Side::Management, role,
                                   removal_of(config.cleanup.mode)),
            management_.description());
    auto management = models::find_management_tenant(
        tx, profile_, models::TenantId::parse(config.management_tenant_id),
        config.management_tenant_name);
    tenant_ = management.id;
    report.management_tenant = tenant_;
    report.management_tenant_name = std::move(management.name);
    journal_version_ = models::JournalModel::installed_version(tx);
    report.has_journal = journal_version_ > 0;
    if (journal_version_ > 0)
        usual_tenants_ = models::JournalModel{tenant_}.usual_tenants(tx);
    identity_ = {.database = models::database_identity(tx),
                 .generation = report.generation,
                 .management_tenant = tenant_};

    std::optional<models::Transaction> other;
    if (source_)
        other.emplace(source_->begin(models::Access::ReadOnly, timeouts_));
    auto& source_tx = other ? *other : tx;
    source_profile_ = models::detect_schema(source_tx, Side::Source);
    require(models::missing_grants(source_tx, source_profile_, Side::Source, models::Role::Reader,
                                   models::Removal::None),
            source().description());
    identity_.source = models::database_identity(source_tx);
    hidden_ = models::tables_with_row_security(source_tx, source_profile_, Side::Source);
    for (auto& table : models::tables_with_row_security(tx, profile_, Side::Management))
        hidden_.push_back(std::move(table));
    server_time_ = models::server_time(source_tx);
    report.server_time = server_time_;
}

reconcile::State Sides::read(reconcile::Policy const& policy, reconcile::Keep const& keep)
{
    auto state = read_both(policy, keep);
    if (policy.cleanup == reconcile::CleanupMode::Delete)
        read_blast_radii(policy, state);
    return state;
}

// In a transaction of its own: that of the reading is kept from nested loops, and a look into the
// catalogue takes seconds then.
void Sides::read_blast_radii(reconcile::Policy const& policy, reconcile::State& state)
{
    std::vector<models::CompanyId> orphans;
    for (auto const& company : state.orphans)
        orphans.push_back(company.id);
    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    for (auto& radius : models::blast_radii(tx, profile_, tenant_, orphans, policy.own_tags()))
        state.blast_radii.emplace(radius.company, std::move(radius));
}

reconcile::State Sides::read_both(reconcile::Policy const& policy, reconcile::Keep const& keep)
{
    std::vector<std::string> const tags{policy.customer_tags.begin(), policy.customer_tags.end()};
    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    auto const companies = models::read_customers(tx, profile_, tenant_, tags);
    std::optional<models::Transaction> other;
    if (source_)
        other.emplace(source_->begin(models::Access::ReadOnly, timeouts_));
    auto const tenants = models::read_tenants(other ? *other : tx, source_profile_, tenant_);
    auto state = reconcile::merge(*companies, *tenants, policy, keep);
    if (journal_version_ > 0)
        read_sightings(tx, tenant_, state);
    reconcile::look_up(state, *models::company_lookup(tx, profile_, tenant_, tags));
    return state;
}

std::vector<std::string> Sides::witnesses(std::span<reconcile::Drift const> changes)
{
    std::vector<std::string> all;
    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    while (all.size() < changes.size()) {
        std::vector<models::Change> portion;
        for (auto i = all.size(); i < changes.size() && portion.size() < kWitnessesAtOnce; ++i)
            portion.push_back(*changes[i].change);
        for (auto& one : models::witnesses_of(tx, profile_, tenant_, portion))
            all.push_back(std::move(one));
    }
    return all;
}

}  // namespace tracking::job
