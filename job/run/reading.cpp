#include "job/run/reading.hpp"

#include "job/databases/identity.hpp"
#include "job/databases/policy.hpp"
#include "job/databases/reader.hpp"
#include "job/process/interruption.hpp"
#include "job/report/wording.hpp"

#include "models/schema/inspection.hpp"
#include "reconcile/diff/diff.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

namespace {

/// Asked only where the management tenant has no customer at all: it is a pass over those of
/// everybody. A person may have answered it, with `init --instead-of`.
std::string doubt_about_tenant(Databases& databases, config::Config const& config)
{
    if (databases.facts.pin && databases.facts.pin->instead_of)
        return {};
    return databases.connections.persist([&] {
        models::ManagementTenant const tenant{databases.facts.tenant, databases.facts.tenant_name};
        auto tx = databases.connections.management().begin(models::Access::ReadOnly,
                                                           databases.connections.timeouts());
        auto const holder = other_holder_of_customers(tx, databases.facts.profile, tenant, config);
        return holder ? doubt_about(tenant, *holder) : std::string{};
    });
}

/// Whether what was read can be all of the tenants. Where it cannot, the plan would remove
/// customers that are still there, so nothing at all is done.
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

void hold_back_all(reconcile::Plan& plan, std::string const& reason)
{
    for (auto& drift : plan.drift) {
        if (!drift.is_due())
            continue;
        drift.restraint = reconcile::Restraint::Guard;
        drift.restraint_reason = reason;
    }
}

/// A standby that is behind lacks tenants that are there by now: their customers look like those
/// of tenants that are gone.
void hold_back_clean_ups(Databases const& databases, reconcile::Plan& plan, Report& report)
{
    auto const& standby = databases.facts.standby;
    if (!standby)
        return;
    plan.remarks.insert(plan.remarks.begin(), lag_of(*standby));
    if (standby->is_current())
        return;
    for (auto& drift : plan.drift) {
        if (!drift.is_due() ||
            reconcile::guarded_kind_of(*drift.change) != reconcile::GuardedKind::Cleanup)
            continue;
        drift.restraint = reconcile::Restraint::Guard;
        drift.restraint_reason = lag_of(*standby) + ": its tenant may be there by now";
        ++report.held_for_source;
    }
    if (report.held_for_source > 0)
        report.warnings.push_back(fmt::format(
            "{}, so that {} held back until it has replayed everything of the last minutes",
            lag_of(*standby), counted(report.held_for_source, "clean-up is", "clean-ups are")));
}

reconcile::Keep keep_what_differs(reconcile::Policy const& policy)
{
    return [&policy](auto const& tenant, auto const* company) {
        stop_if_interrupted();
        return company && !reconcile::is_in_order(tenant, *company, policy);
    };
}

/// Up to a tenth of what there is; where it is more, a pass over everything costs less.
bool is_small_part(reconcile::Plan const& plan)
{
    auto const size = plan.remainder.size();
    return size > 0 && size * 10 <= plan.counts.tenants + plan.counts.companies;
}

}  // namespace

reconcile::Plan read_plan(Databases& databases, config::Config const& config, Report& report,
                          Phases& phases, Approval const& approval, Look const& look)
{
    auto const policy = policy_from(config, databases.facts.tenant, databases.facts.server_time);
    auto state = databases.connections.persist([&] {
        return Reader{databases}.read(policy, keep_what_differs(policy), Pace::Fast, phases);
    });
    stop_if_interrupted();
    if (look)
        look(state);
    auto plan = phases.timed("diff", [&] { return reconcile::diff(std::move(state), policy); });
    if (approval.saved)
        report.stale = reconcile::restrict_to(plan, *approval.saved,
                                              Reader{databases}.witnesses(approval.saved->drift));
    report.refusals = doubts_about_source(databases, plan.counts, config);
    hold_back_clean_ups(databases, plan, report);
    if (report.refusals.empty()) {
        report.guards = reconcile::guard(plan, guards_from(config.guard), approval.allowances,
                                         approval.saved ? &approval.saved->drift : nullptr);
        report.refusals = reconcile::objections_to(approval.allowances, report.guards);
    }
    if (!report.refusals.empty())
        hold_back_all(plan, report.refusals.front());
    return plan;
}

std::vector<models::ContactId> untyped_contacts(Databases& databases, config::Config const& config)
{
    if (config.policy == config::Policy::CreateOnly)
        return {};
    auto const proof =
        databases.facts.has_journal() ? models::Evidence::IdsOrJournal : models::Evidence::Ids;
    return databases.connections.look_up([&](auto& tx) {
        return models::untyped_contacts(tx, databases.facts.profile, databases.facts.tenant, proof);
    });
}

reconcile::Plan prove(Databases& databases, config::Config const& config, Report& report,
                      ProofReach least)
{
    auto const& remainder = report.plan->remainder;
    auto const policy = policy_from(config, databases.facts.tenant, databases.facts.server_time);
    auto const keep = keep_what_differs(policy);
    auto const reach = is_small_part(*report.plan) ? least : ProofReach::Full;
    Phases part{Phases::Of::Part};
    auto state = databases.connections.persist([&] {
        return reach == ProofReach::Touched
                   ? Reader{databases}.read_again(policy, keep, remainder)
                   : Reader{databases}.read(policy, keep, Pace::Gentle, part);
    });
    auto plan = reconcile::diff(std::move(state), policy);
    reconcile::guard(plan, guards_from(config.guard), {});
    auto const size = reach == ProofReach::Touched ? remainder.size()
                                                   : plan.counts.tenants + plan.counts.companies;
    report.proof = {reach, size};
    return plan;
}

}  // namespace tracking::job
