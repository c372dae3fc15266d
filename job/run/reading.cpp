#include "job/run/reading.hpp"

#include "job/databases/identity.hpp"
#include "job/databases/operands.hpp"
#include "job/databases/reader.hpp"
#include "job/process/interruption.hpp"

#include "models/schema/inspection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

namespace {

/// Whether another tenant holds the customers. This is a pass over the customers of all tenants, so
/// it is asked only where the management tenant has none. Empty after `init --instead-of`: with it
/// a person has answered the question.
std::string doubt_about_tenant(Databases& databases, config::Config const& config)
{
    if (databases.facts.pin && databases.facts.pin->instead_of)
        return {};
    return databases.connections.look_up([&](auto& tx) {
        models::NamedTenant const tenant{databases.facts.tenant, databases.facts.tenant_name};
        auto const holder = other_holder_of_customers(tx, databases.facts.profile, tenant, config);
        return holder ? doubt_about(tenant, *holder) : std::string{};
    });
}

reconcile::Keep keep_what_differs(reconcile::Policy const& policy)
{
    return [&policy](auto const& tenant, auto const* company) {
        stop_if_interrupted();
        return company && !reconcile::is_in_order(tenant, *company, policy);
    };
}

/// Whether the remainder is at most a tenth of all. Where it is more, reading everything costs
/// less.
bool is_small_part(reconcile::Plan const& plan)
{
    auto const size = plan.remainder.size();
    return size > 0 && size * 10 <= plan.counts.tenants + plan.counts.companies;
}

}  // namespace

std::vector<std::string> doubts_about_source(Databases& databases, reconcile::Counts const& counts,
                                             config::Config const& config)
{
    std::vector<std::string> doubts;
    auto const& hidden = databases.facts.tables_with_row_security;
    if (!hidden.empty())
        doubts.push_back(
            fmt::format("row security may hide rows of {} from the role: hidden tenants "
                        "look like gone ones; use a role with BYPASSRLS",
                        fmt::join(hidden, ", ")));
    if (counts.tenants == 0)
        doubts.emplace_back(
            "there are no tenants but the management tenant: is this the right "
            "database? Nothing can be done about an empty one");
    if (counts.companies == 0) {
        if (auto doubt = doubt_about_tenant(databases, config); !doubt.empty())
            doubts.push_back(std::move(doubt));
    }
    auto const usual = databases.facts.usual_tenants;
    if (usual && static_cast<double>(counts.tenants) <
                     config.guard.tenants * static_cast<double>(usual->median))
        doubts.push_back(fmt::format(
            "{} tenants were read, the last {} complete readings saw {} "
            "(median); below {:g} % nothing is done. Where they are really "
            "gone, lower guard.tenants for one run",
            counts.tenants, usual->readings, usual->median, config.guard.tenants * 100));
    return doubts;
}

reconcile::State read_state(Databases& databases, config::Config const& config, Phases& phases)
{
    auto const& policy = config.policy;
    auto const pace = config.reads_gently ? Pace::Gentle : Pace::Fast;
    auto state = databases.connections.persist(
        [&] { return Reader{databases}.read(policy, keep_what_differs(policy), pace, phases); });
    stop_if_interrupted();
    return state;
}

reconcile::Decision read_and_decide(Databases& databases, config::Config const& config,
                                    Approval const& approval, Phases& phases)
{
    auto state = read_state(databases, config, phases);
    reconcile::Terms terms{.policy = config.policy,
                           .guards = config.guard,
                           .doubts = doubts_about_source(databases, state.counts, config),
                           .selection = approval.selection,
                           .allowances = approval.allowances};
    if (auto const& standby = databases.facts.standby)
        terms.lag = {.sentence = lag_of(*standby), .is_current = standby->is_current()};
    if (approval.saved) {
        terms.saved = &*approval.saved;
        terms.witnesses = Reader{databases}.witnesses(approval.saved->drift);
    }
    auto decision =
        phases.timed("diff", [&] { return reconcile::decide(std::move(state), terms); });
    if (!decision.unselectable.empty())
        throw NotIdentified{fmt::format("{}", fmt::join(decision.unselectable, "\n"))};
    return decision;
}

std::vector<models::ContactId> untyped_contacts(Databases& databases, config::Config const& config,
                                                reconcile::Counts const& counts)
{
    if (config.policy.reach == reconcile::ChangePolicy::CreateOnly || counts.untyped == 0)
        return {};
    auto const proof =
        databases.facts.has_journal() ? models::Evidence::IdsOrJournal : models::Evidence::Ids;
    return databases.connections.look_up([&](auto& tx) {
        return models::untyped_contacts(tx, databases.facts.profile, databases.facts.tenant, proof);
    });
}

Proven prove(Databases& databases, config::Config const& config, reconcile::Plan const& plan,
             ProofNeeds const& needs)
{
    auto const& policy = config.policy;
    auto const keep = keep_what_differs(policy);
    auto const reach = is_small_part(plan) ? needs.reach : ProofReach::Full;
    Phases part{Phases::Of::Part};
    reconcile::Terms terms{.policy = policy, .guards = config.guard, .room = needs.room};
    auto state = databases.connections.persist([&] {
        return reach == ProofReach::Touched
                   ? Reader{databases}.read_again(policy, keep, plan.remainder)
                   : Reader{databases}.read(policy, keep, Pace::Gentle, part);
    });
    if (reach == ProofReach::Full)
        terms.doubts = doubts_about_source(databases, state.counts, config);
    auto const size = reach == ProofReach::Touched ? plan.remainder.size()
                                                   : state.counts.tenants + state.counts.companies;
    return {.residual = reconcile::decide(std::move(state), terms).plan,
            .proof = {reach, size},
            .doubts = terms.doubts};
}

}  // namespace tracking::job
