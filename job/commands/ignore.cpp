#include "job/commands/commands.hpp"
#include "job/databases/operands.hpp"
#include "job/invocation/decision.hpp"
#include "job/report/wording.hpp"
#include "job/run/reading.hpp"

#include "reconcile/diff/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace tracking::job {

namespace {

/// The kind of drift that the decision settles. A company that no drift names counts as one that
/// matches no tenant.
reconcile::DriftKind settled_kind(reconcile::Plan const& all, models::CompanyId company)
{
    auto const found = std::ranges::find(all.drift, company, &reconcile::Drift::company);
    return found == all.drift.end() ? reconcile::DriftKind::Unlinked : found->kind;
}

/// The decision of the person, as drift with its change.
reconcile::Drift decision(models::CompanyRow const& company,
                          std::optional<models::NamedTenant> const& tenant,
                          reconcile::DriftKind kind, std::string const& reason)
{
    return {.kind = kind,
            .tenant = tenant ? std::optional{tenant->id} : std::nullopt,
            .tenant_name = tenant ? tenant->name : std::string{},
            .company = company.id,
            .company_name = company.name,
            .detail = fmt::format("to be ignored, says a person: {}; the link reads {}", reason,
                                  company.link_text ? in_quotes(*company.link_text) : "nothing"),
            .change = models::IgnoreCompany{.tenant = company.link().value_or(models::TenantId{}),
                                            .company = company.id,
                                            .name = company.name,
                                            .link_text = company.link_text}};
}

/// What the person should know before the company is ignored.
std::vector<std::string> consequences(reconcile::Plan const& all, models::CompanyRow const& company)
{
    std::vector<std::string> warnings;
    if (company.ignored)
        return warnings;
    for (auto const& drift : all.drift) {
        if (drift.kind == reconcile::DriftKind::Unstamped && drift.company == company.id)
            warnings.push_back(fmt::format(
                "company {} is recognised as the customer of tenant {} ({}): once it is ignored, "
                "the next apply makes another one for that tenant",
                in_quotes(company.name), in_quotes(drift.tenant_name), drift.tenant->str()));
    }
    return warnings;
}

std::vector<std::string> objections_to(models::CompanyRow const& company)
{
    if (company.can_carry_link)
        return {};
    return {
        fmt::format("the properties of company {} ({}) are no JSON object, so \"ignore\" cannot "
                    "be added without losing them; repair the row",
                    in_quotes(company.name), company.id.str())};
}

/// Plans only the decision. Reads both sides, for the counts and for what it would lead to.
reconcile::Decision plan_decision(Invocation& invocation, Databases& databases,
                                  models::CompanyRow const& company)
{
    auto const& config = invocation.config();
    auto state = read_state(databases, config, invocation.phases);
    auto const all = invocation.phases.timed(
        "diff", [&] { return reconcile::diff(std::move(state), config.policy); });
    for (auto& warning : consequences(all, company))
        invocation.report.warnings.push_back(std::move(warning));
    auto drift = decision(company, linked_tenant(databases, company), settled_kind(all, company.id),
                          invocation.line.reason.front());
    auto refusals = objections_to(company);
    if (!refusals.empty()) {
        drift.restraint = reconcile::Restraint::Guard;
        drift.restraint_reason = refusals.front();
    }
    return {.plan = {.counts = all.counts, .drift = {std::move(drift)}},
            .refusals = std::move(refusals)};
}

}  // namespace

Ending ignore(Invocation& invocation)
{
    std::optional<models::CompanyRow> company;
    auto const find = [&](Databases& databases) {
        company = find_company(databases, invocation.line.words[1]);
    };
    auto const make_plan = [&](Databases& databases) {
        return plan_decision(invocation, databases, *company);
    };
    auto const concerns = [&](reconcile::Drift const& drift) {
        return drift.company == company->id;
    };
    return decision_command(invocation,
                            {.find = find, .make_plan = make_plan, .concerns = concerns});
}

}  // namespace tracking::job
