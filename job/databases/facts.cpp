#include "job/databases/facts.hpp"

#include "job/databases/identity.hpp"
#include "job/databases/rights.hpp"

#include "models/journal/journal_history.hpp"

namespace tracking::job {

namespace {

void note_source(models::SessionFacts const& session, Facts& facts)
{
    facts.identity.source = session.identity;
    facts.is_pooled = session.is_pooled;
    facts.about_tenants = session.about_tenants;
    facts.has_citus = session.has_citus;
    facts.server_time = session.time;
    facts.standby = session.standby;
}

void recognise_journal(models::Transaction& tx, models::NamedTenant const& management,
                       std::size_t runs_of_trend, Facts& facts)
{
    facts.journal_version = models::JournalModel::installed_version(tx);
    if (!facts.has_journal())
        return;
    auto const precedents = models::JournalModel{facts.tenant}.precedents(tx);
    facts.pin = precedents.pin;
    if (facts.pin)
        require_pinned(management, *facts.pin);
    facts.usual_tenants = precedents.usual;
    if (runs_of_trend > 0)
        facts.trend = models::JournalHistory{facts.tenant}.trend(tx, runs_of_trend);
}

void recognise_source(Connections& connections, models::Role role, Facts& facts)
{
    constexpr auto kSide = models::Side::Source;
    auto tx = connections.source().begin(models::Access::ReadOnly, connections.timeouts());
    facts.source_profile = models::detect_schema(tx, kSide);
    require_none(
        models::missing_grants(tx, facts.source_profile, kSide, role, models::Removal::Tags),
        connections.source().description());
    auto const session = models::inspect_session(tx, facts.source_profile, kSide);
    auto const& hidden = session.tables_with_row_security;
    facts.tables_with_row_security.insert(facts.tables_with_row_security.begin(), hidden.begin(),
                                          hidden.end());
    note_source(session, facts);
}

void recognise(Connections& connections, config::Config const& config, Wanted const& wanted,
               Facts& facts)
{
    auto const side = connections.side();
    auto tx = connections.management().begin(models::Access::ReadOnly, connections.timeouts());
    facts.profile = models::detect_schema(tx, side);
    facts.identity.generation = models::name_of(facts.profile.generation());
    require_none(models::missing_grants(tx, facts.profile, side, wanted.role,
                                        removal_of(config.policy.cleanup)),
                 connections.management().description());
    auto const management = configured_tenant(tx, facts.profile, config);
    facts.tenant = facts.identity.management_tenant = management.id;
    facts.tenant_name = management.name;
    recognise_journal(tx, management, wanted.runs_of_trend, facts);
    auto const session = models::inspect_session(tx, facts.profile, side);
    facts.tables_with_row_security = session.tables_with_row_security;
    facts.identity.database = session.identity;
    if (connections.are_two()) {
        recognise_source(connections, wanted.role, facts);
    } else {
        facts.source_profile = facts.profile;
        note_source(session, facts);
    }
}

}  // namespace

void find_facts(Connections& connections, config::Config const& config, Wanted const& wanted,
                Facts& facts)
{
    connections.persist([&] {
        facts = {};
        recognise(connections, config, wanted, facts);
    });
}

std::string warning_about_journal(Facts const& facts)
{
    auto const mismatch = models::JournalModel::mismatch_of(facts.journal_version);
    if (!mismatch || facts.journal_version == 0)
        return {};
    return mismatch->finding + ": what it knows of drift and of earlier readings is not used; " +
           mismatch->remedy;
}

}  // namespace tracking::job
