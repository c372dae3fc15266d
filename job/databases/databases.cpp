#include "job/databases/databases.hpp"

#include "job/databases/identity.hpp"
#include "job/databases/policy.hpp"
#include "job/process/interruption.hpp"
#include "job/report/phases.hpp"

#include "models/crm/dependents.hpp"
#include "models/journal/journal_model.hpp"
#include "models/reading/customer_reader.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/reading/witness.hpp"
#include "models/schema/inspection.hpp"
#include "models/values/errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

namespace {

constexpr std::size_t kWitnessesAtOnce = 10'000;

/// From how many tenants on the time for a further session is regained.
constexpr std::size_t kWorthASession = 5'000;

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

std::vector<std::string> tags_of(reconcile::Policy const& policy)
{
    return {policy.customer_tags.begin(), policy.customer_tags.end()};
}

/// Tells the report, in the end, how a reading's time was spent: waiting for either side, or not.
class ReadingPhases
{
public:
    ReadingPhases(Report& report, models::CompanyStream const& companies,
                  models::TenantStream const& tenants)
        : report_{report}, companies_{companies}, tenants_{tenants}
    {}

    ~ReadingPhases()
    {
        auto const others = watch_.elapsed() - companies_.waited() - tenants_.waited();
        add_phase(report_, "read_companies", companies_.waited());
        add_phase(report_, "read_tenants", tenants_.waited());
        add_phase(report_, "diff", others);
    }
    ReadingPhases(ReadingPhases const&) = delete;
    ReadingPhases& operator=(ReadingPhases const&) = delete;

private:
    Report& report_;
    models::CompanyStream const& companies_;
    models::TenantStream const& tenants_;
    Stopwatch watch_;
};

}  // namespace

models::Login login_for(config::Database const& database, config::Config const& config)
{
    return {
        .dsn = database.dsn,
        .password = database.password,
        .connect_timeout = std::chrono::duration_cast<std::chrono::seconds>(config.connect_timeout),
        .cancellation = &cancellation()};
}

RetryPolicy retry_policy(config::Config const& config)
{
    return {
        .attempts = config.retry.attempts, .base = config.retry.base, .limit = config.retry.limit};
}

Databases::Databases(config::Config const& config, models::Role role, Report& report)
    : timeouts_{.statement = config.statement_timeout, .lock = config.lock_timeout},
      lease_time_{config.lease_time},
      retrier_{retry_policy(config), report.retries},
      management_login_{login_for(config.management_database(), config)},
      source_login_{login_for(config.source, config)},
      management_{connect(management_login_)}
{
    report.management_database = management_.description();
    if (!config.management.dsn.empty() && config.management.dsn != config.source.dsn)
        source_.emplace(connect(source_login_));
    report.source_database = source().description();
    persist([&] { recognise(config, role, report); });
    note_journal(report);
}

models::Database Databases::connect(models::Login const& login)
{
    return retrier_.run([&] { return models::Database{login}; }, [] {});
}

void Databases::renew_sessions()
{
    management_.reconnect();
    if (source_)
        source_->reconnect();
}

void Databases::recognise(config::Config const& config, models::Role role, Report& report)
{
    auto const side = source_ ? models::Side::Management : models::Side::Both;
    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    profile_ = models::detect_schema(tx, side);
    report.generation = models::name_of(profile_.generation());
    require(models::missing_grants(tx, profile_, side, role, removal_of(config.cleanup.mode)),
            management_.description());
    auto const management = configured_tenant(tx, profile_, config);
    tenant_ = management.id;
    tenant_name_ = management.name;
    report.management_tenant = tenant_;
    report.management_tenant_name = tenant_name_;
    journal_version_ = models::JournalModel::installed_version(tx);
    report.has_journal = has_journal();
    if (has_journal()) {
        pin_ = models::pin_of(tx);
        if (pin_)
            require_pinned(management, *pin_);
        usual_tenants_ = models::JournalModel{tenant_}.usual_tenants(tx);
    }
    hidden_ = models::tables_with_row_security(tx, profile_, side);
    auto const facts = models::inspect_session(tx, profile_);
    identity_ = {
        .database = facts.identity, .generation = report.generation, .management_tenant = tenant_};
    if (source_) {
        auto other = source_->begin(models::Access::ReadOnly, timeouts_);
        recognise_source(other, report);
    } else {
        source_profile_ = profile_;
        note_source(facts, report);
    }
}

/// Without a journal there is nothing to say: that is how everybody begins.
void Databases::note_journal(Report& report) const
{
    auto const mismatch = models::JournalModel::mismatch_of(journal_version_);
    if (mismatch && journal_version_ > 0)
        report.warnings.push_back(mismatch->finding +
                                  ": what it knows of drift and of earlier readings is not used; " +
                                  mismatch->remedy);
}

void Databases::require_rights(models::Role role, models::Removal removal)
{
    auto const side = source_ ? models::Side::Management : models::Side::Both;
    auto const missing = look_up(
        [&](auto& tx) { return models::missing_grants(tx, profile_, side, role, removal); });
    require(missing, management_.description());
}

void Databases::recognise_source(models::Transaction& tx, Report& report)
{
    constexpr auto kSide = models::Side::Source;
    source_profile_ = models::detect_schema(tx, kSide);
    require(models::missing_grants(tx, source_profile_, kSide, models::Role::Reader,
                                   models::Removal::None),
            source().description());
    auto hidden = models::tables_with_row_security(tx, source_profile_, kSide);
    hidden_.insert(hidden_.begin(), hidden.begin(), hidden.end());
    note_source(models::inspect_session(tx, source_profile_), report);
}

void Databases::note_source(models::SessionFacts const& facts, Report& report)
{
    identity_.source = facts.identity;
    is_pooled_ = facts.is_pooled;
    about_tenants_ = facts.about_tenants;
    server_time_ = facts.time;
    standby_ = facts.standby;
    report.server_time = server_time_;
}

models::Transaction Databases::begin_streams(models::Database& database) const
{
    return database.begin(models::Access::ReadOnly, timeouts_, models::Plans::OfStreams);
}

std::optional<Databases::Reader> Databases::reader_of_tenants(models::Transaction& tx, Pace pace)
{
    if (source_)
        return Reader{.session = std::nullopt, .tx = begin_streams(*source_)};
    if (pace == Pace::Gentle || is_pooled_ || about_tenants_ < kWorthASession)
        return std::nullopt;
    try {
        Reader reader{.session = models::Database{source_login_}, .tx = std::nullopt};
        reader.tx.emplace(reader.session->begin_beside(tx, timeouts_));
        return reader;
    } catch (models::DatabaseError const&) {
        // No further session for the role, or another server of several: one after the other then.
        return std::nullopt;
    }
}

// In a transaction of its own: that of the reading is kept from nested loops, and a look into the
// catalogue takes seconds then.
reconcile::State Databases::with_blast_radii(reconcile::Policy const& policy,
                                             reconcile::State state)
{
    if (policy.cleanup != reconcile::CleanupMode::Delete)
        return state;
    std::vector<models::CompanyId> orphans;
    for (auto const& company : state.orphans)
        orphans.push_back(company.id);
    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    for (auto& radius : models::blast_radii(tx, profile_, tenant_, orphans, policy.own_tags()))
        state.blast_radii.emplace(radius.company, std::move(radius));
    return state;
}

reconcile::State Databases::read(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                 Pace pace, Report& report)
{
    return with_blast_radii(policy, read_both(policy, keep, pace, report));
}

reconcile::State Databases::read_again(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                       reconcile::Remainder const& remainder)
{
    return with_blast_radii(policy, read_part(policy, keep, remainder));
}

reconcile::State Databases::read_both(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                      Pace pace, Report& report)
{
    auto const tags = tags_of(policy);
    auto tx = begin_streams(management_);
    auto other = reader_of_tenants(tx, pace);
    auto const fetching = other ? models::Fetching::InOne : models::Fetching::InPieces;
    auto const companies = models::read_customers(tx, profile_, tenant_, tags, fetching);
    auto const tenants =
        models::read_tenants(other ? *other->tx : tx, source_profile_, tenant_, fetching);
    ReadingPhases const phases{report, *companies, *tenants};
    auto state = merge(tx, *companies, *tenants, policy, keep, nullptr);
    state.tagged_as_of_old = models::count_tagged_as_of_old(tx, profile_, tenant_, tags);
    return state;
}

reconcile::State Databases::read_part(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                      reconcile::Remainder const& remainder)
{
    auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
    auto const companies = models::read_customers_of(tx, profile_, tenant_, tags_of(policy),
                                                     remainder.companies, remainder.tenants);
    std::optional<models::Transaction> other;
    if (source_)
        other.emplace(source_->begin(models::Access::ReadOnly, timeouts_));
    auto const tenants =
        models::read_tenants_of(other ? *other : tx, source_profile_, tenant_, remainder.tenants);
    return merge(tx, *companies, *tenants, policy, keep, &remainder);
}

reconcile::State Databases::merge(models::Transaction& tx, models::CompanyStream& companies,
                                  models::TenantStream& tenants, reconcile::Policy const& policy,
                                  reconcile::Keep const& keep,
                                  reconcile::Remainder const* remainder) const
{
    auto state = reconcile::merge(companies, tenants, policy, keep);
    if (remainder)
        reconcile::complete(state, *remainder);
    if (has_journal())
        read_sightings(tx, tenant_, state);
    reconcile::look_up(state, *models::company_lookup(tx, profile_, tenant_, tags_of(policy)),
                       policy);
    return state;
}

std::vector<std::string> Databases::witnesses(std::span<reconcile::Drift const> changes)
{
    return persist([&] { return read_witnesses(changes); });
}

std::vector<std::string> Databases::read_witnesses(std::span<reconcile::Drift const> changes)
{
    std::vector<std::string> all;
    auto tx = begin_streams(management_);  // for want of nested loops, see Plans
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
