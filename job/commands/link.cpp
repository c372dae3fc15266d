#include "job/commands/commands.hpp"
#include "job/databases/operands.hpp"
#include "job/invocation/decision.hpp"
#include "job/report/wording.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"

#include "reconcile/diff/diff.hpp"
#include "reconcile/match/match.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace tracking::job {

namespace {

/// The decision of the person, as drift with its change. Leaves out what else differs between the
/// two.
reconcile::Drift decision(Operands const& operands, std::string const& reason)
{
    auto const& [tenant, company] = operands;
    return {.kind = reconcile::DriftKind::Unstamped,
            .tenant = tenant.id,
            .tenant_name = tenant.name,
            .company = company.id,
            .company_name = company.name,
            .detail = fmt::format("recognised by a person: {}; the link reads {}", reason,
                                  company.link_text ? in_quotes(*company.link_text) : "nothing"),
            .change = models::LinkCompany{.tenant = tenant.id,
                                          .company = company.id,
                                          .name = company.name,
                                          .link_text = company.link_text}};
}

/// Plans only the decision. Reads both sides, for the counts, doubts about the source and the
/// match.
reconcile::Decision plan_decision(Invocation& invocation, Databases& databases,
                                  Operands const& operands)
{
    auto const& config = invocation.config();
    auto state = read_state(databases, config, invocation.phases);
    auto refusals = doubts_about_source(databases, state.counts, config);
    auto const by_match = objections_to_match(reconcile::match(state), operands);
    auto const by_link = objections_to_link(databases, operands);
    refusals.insert(refusals.end(), by_link.begin(), by_link.end());
    refusals.insert(refusals.end(), by_match.begin(), by_match.end());
    auto const all = invocation.phases.timed("diff", [&] {
        return reconcile::diff(std::move(state), config.policy, reconcile::kRoomForNone);
    });
    auto drift = decision(operands, invocation.line.reason.front());
    if (!refusals.empty()) {
        drift.restraint = reconcile::Restraint::Guard;
        drift.restraint_reason = refusals.front();
    }
    return {.plan = {.counts = all.counts, .drift = {std::move(drift)}}, .refusals = refusals};
}

}  // namespace

Ending link(Invocation& invocation)
{
    auto const& words = invocation.line.words;
    std::optional<Operands> operands;
    auto const find = [&](Databases& databases) {
        operands = find_operands(databases, words[1], words[2]);
    };
    auto const make_plan = [&](Databases& databases) {
        auto decision = plan_decision(invocation, databases, *operands);
        if (operands->company.ignored)
            invocation.report.warnings.push_back(fmt::format(
                "the properties of company {} say \"ignore\": until that is taken away, the job "
                "leaves it alone, linked or not",
                in_quotes(operands->company.name)));
        return decision;
    };
    auto const concerns = [&](reconcile::Drift const& drift) {
        return drift.tenant == operands->tenant.id || drift.company == operands->company.id;
    };
    return decision_command(invocation,
                            {.find = find, .make_plan = make_plan, .concerns = concerns});
}

}  // namespace tracking::job
