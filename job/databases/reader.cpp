#include "job/databases/reader.hpp"

#include "job/process/at_end.hpp"
#include "models/crm/dependents.hpp"
#include "models/journal/journal_model.hpp"
#include "models/journal/journal_people.hpp"
#include "models/reading/company_lookup.hpp"
#include "models/reading/customer_reader.hpp"
#include "models/reading/people_reader.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/reading/witness.hpp"
#include "models/values/errors.hpp"
#include "models/values/lists.hpp"
#include "reconcile/reading/look_up.hpp"

#include <iterator>

namespace tracking::job {

namespace {

constexpr std::size_t kWitnessesAtOnce = 10'000;

/// From so many tenants on, a second session saves more time than it takes to open.
constexpr std::size_t kWorthASession = 5'000;

/// Reads what earlier runs have seen. Skips kinds that only another version of the program knows.
void read_sightings(models::Transaction& tx, models::TenantId tenant,
                    std::optional<reconcile::ComparedRun> const& compared, reconcile::State& state)
{
    state.compared = compared;
    auto const noted =
        models::JournalModel{tenant}.noted_drift(tx, compared ? compared->id : std::nullopt);
    if (!compared && noted.noted_at)
        state.compared = reconcile::ComparedRun{*noted.noted_at};
    for (auto const& seen : noted.all) {
        if (auto const kind = reconcile::drift_kind_named(seen.key.kind))
            state.sightings.emplace(
                reconcile::DriftKey{*kind, seen.key.tenant, seen.key.company},
                reconcile::Sighting{.runs = seen.runs, .age = seen.age, .is_old = seen.is_old});
    }
}

models::SoughtTags tags_sought_by(reconcile::Policy const& policy)
{
    return {.customer = policy.customer_tags(), .canceled = policy.canceled_tag};
}

/// The two sides and the journal, asked about people. Where there is no journal, it remembers
/// nothing.
class People final : public models::PeopleLookup
{
public:
    People(models::Transaction& tx, models::Transaction& source, Facts const& facts)
        : tx_{tx}, source_{source}, facts_{facts}, journal_{facts.tenant}
    {}

    std::vector<models::OwnContact> own_contacts(
        std::span<models::CompanyId const> companies) override
    {
        return models::read_own_contacts(tx_, facts_.profile, facts_.tenant, companies);
    }

    std::vector<models::WrittenContact> written(
        std::span<models::CompanyId const> companies) override
    {
        return remembered([&] { return journal_.contacts_of(tx_, companies); });
    }

    std::vector<models::PastCleanUp> clean_ups(
        std::span<models::CompanyId const> companies) override
    {
        return remembered([&] { return journal_.clean_ups_of(tx_, companies); });
    }

    std::vector<models::OftenChanged> often_changed() override
    {
        return remembered([&] { return journal_.often_changed(tx_); });
    }

    std::vector<models::ActiveUser> users(models::UsersSought const& sought) override
    {
        return models::read_users(source_, facts_.source_profile, sought);
    }

private:
    auto remembered(auto const& ask) const -> decltype(ask())
    {
        return facts_.has_journal() ? ask() : decltype(ask()){};
    }

    models::Transaction& tx_;
    models::Transaction& source_;
    Facts const& facts_;
    models::JournalPeople journal_;
};

}  // namespace

models::Transaction Reader::begin(models::Database& database) const
{
    return database.begin(models::Access::ReadOnly, connections_.timeouts());
}

models::Transaction Reader::begin_streams(models::Database& database) const
{
    return database.begin(models::Access::ReadOnly, connections_.timeouts(),
                          models::Plans::OfStreams);
}

std::optional<Reader::TenantSession> Reader::session_for_tenants(models::Transaction& tx, Pace pace)
{
    if (connections_.are_two())
        return TenantSession{.session = std::nullopt, .tx = begin_streams(connections_.source())};
    // On Citus an exported snapshot holds on the coordinator only. A customer that is made between
    // the two readings would look missing.
    if (pace == Pace::Gentle || facts_.is_pooled || facts_.has_citus ||
        facts_.about_tenants < kWorthASession)
        return std::nullopt;
    try {
        TenantSession reader{.session = models::Database{connections_.source_login()},
                             .tx = std::nullopt};
        reader.tx.emplace(reader.session->begin_beside(tx, connections_.timeouts()));
        return reader;
    } catch (models::DatabaseError const&) {
        // The role may have no second session, or it may have reached another of several servers.
        // Then read one side after the other.
        return std::nullopt;
    }
}

// Uses a transaction of its own: the one of the reading must not use nested loops, and without them
// a look into the catalogue takes seconds.
reconcile::State Reader::with_blast_radii(reconcile::Policy const& policy, reconcile::State state)
{
    if (policy.cleanup != reconcile::CleanupMode::Delete)
        return state;
    auto const orphans = models::each_of(state.orphans, &models::Company::id);
    auto tx = begin(connections_.management());
    for (auto& radius :
         models::blast_radii(tx, facts_.profile, facts_.tenant, orphans, policy.own_tags()))
        state.blast_radii.emplace(radius.company, std::move(radius));
    return state;
}

reconcile::State Reader::read(reconcile::Policy const& policy, reconcile::Keep const& keep,
                              Pace pace, Phases& phases)
{
    return with_blast_radii(policy, read_both(policy, keep, pace, phases));
}

reconcile::State Reader::read_again(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                    reconcile::Remainder const& remainder)
{
    return with_blast_radii(policy, read_part(policy, keep, remainder));
}

reconcile::State Reader::read_both(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                   Pace pace, Phases& phases)
{
    auto const tags = tags_sought_by(policy);
    auto tx = begin_streams(connections_.management());
    auto other = session_for_tenants(tx, pace);
    auto const fetching = other ? models::Fetching::InOne : models::Fetching::InPieces;
    auto const companies =
        models::read_customers(tx, facts_.profile, facts_.tenant, tags, fetching);
    auto const tenants = models::read_tenants(other ? *other->tx : tx, facts_.source_profile,
                                              facts_.tenant, policy.contacts, fetching);
    AtEnd const recording{[&, watch = Stopwatch{}] {
        auto const others = watch.elapsed() - companies->waited() - tenants->waited();
        phases.add("read_companies", companies->waited());
        phases.add("read_tenants", tenants->waited());
        phases.add("diff", others);
    }};
    auto state = merge(tx, other ? *other->tx : tx, *companies, *tenants, policy, keep, nullptr);
    state.tagged_as_of_old =
        models::count_tagged_as_of_old(tx, facts_.profile, facts_.tenant, tags.customer);
    return state;
}

reconcile::State Reader::read_part(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                   reconcile::Remainder const& remainder)
{
    auto tx = begin(connections_.management());
    auto const companies =
        models::read_customers_of(tx, facts_.profile, facts_.tenant, tags_sought_by(policy),
                                  remainder.companies, remainder.tenants);
    std::optional<models::Transaction> other;
    if (connections_.are_two())
        other.emplace(begin(connections_.source()));
    auto const tenants = models::read_tenants_of(other ? *other : tx, facts_.source_profile,
                                                 facts_.tenant, policy.contacts, remainder.tenants);
    return merge(tx, other ? *other : tx, *companies, *tenants, policy, keep, &remainder);
}

reconcile::State Reader::merge(models::Transaction& tx, models::Transaction& source,
                               models::CompanyStream& companies, models::TenantStream& tenants,
                               reconcile::Policy const& policy, reconcile::Keep const& keep,
                               reconcile::Remainder const* remainder) const
{
    auto state =
        reconcile::merge({.management = facts_.tenant,
                          .today = std::chrono::floor<std::chrono::days>(facts_.server_time)},
                         companies, tenants, policy, keep);
    if (remainder)
        reconcile::complete(state, *remainder);
    if (facts_.has_journal())
        read_sightings(tx, facts_.tenant, facts_.compared, state);
    auto const companies_in = [&](models::Transaction& session) {
        return models::company_lookup(session, facts_.profile, facts_.tenant,
                                      tags_sought_by(policy));
    };
    auto const there = companies_in(tx);
    auto const beside = &source == &tx || connections_.are_two() ? nullptr : companies_in(source);
    People people{tx, source, facts_};
    reconcile::look_up(state, {*there, people, beside.get()}, policy);
    return state;
}

std::vector<std::string> Reader::witnesses(std::span<reconcile::Drift const> changes)
{
    return connections_.persist([&] {
        std::vector<std::string> all;
        auto tx = begin_streams(connections_.management());  // without nested loops, see Plans
        for (auto rest = changes; !rest.empty();) {
            auto const portion = rest.first(std::min(kWitnessesAtOnce, rest.size()));
            rest = rest.subspan(portion.size());
            auto const planned = [](reconcile::Drift const& drift) { return *drift.change; };
            std::ranges::move(models::witnesses_of(tx, facts_.profile, facts_.tenant,
                                                   models::each_of(portion, planned)),
                              std::back_inserter(all));
        }
        return all;
    });
}

}  // namespace tracking::job
