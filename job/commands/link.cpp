#include "job/commands/commands.hpp"
#include "job/commands/opening.hpp"
#include "job/commands/writing.hpp"
#include "job/databases/operands.hpp"
#include "job/report/wording.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"

#include "config/notation/problems.hpp"
#include "reconcile/match/match.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tracking::job {

namespace {

/// What the person decides, as drift that has its change. What the reading found of these two
/// otherwise has no part in it.
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

/// Leaves of a plan what is about one of the two.
void restrict_to(reconcile::Plan& plan, Operands const& operands)
{
    plan.remarks.clear();
    plan.left_alone.clear();
    std::erase_if(plan.drift, [&](reconcile::Drift const& drift) {
        return drift.tenant != operands.tenant.id && drift.company != operands.company.id;
    });
}

/// Reads both sides, for the counts and for doubts about the source, and plans the decision alone.
void plan_decision(Invocation& invocation, Databases& databases, Operands const& operands)
{
    auto& report = invocation.report;
    std::vector<std::string> objections;
    report.plan = read_plan(databases, invocation.config(), report, invocation.phases, {},
                            [&](reconcile::State const& state) {
                                objections = objections_to_match(databases, reconcile::match(state),
                                                                 operands);
                            });
    report.guards.clear();  // they are about many changes
    report.held_for_source = 0;
    report.plan->remarks.clear();
    report.plan->left_alone.clear();
    report.plan->drift = {decision(operands, invocation.line.reason.front())};
    for (auto& objection : objections_to_link(databases, operands))
        report.refusals.push_back(std::move(objection));
    for (auto& objection : objections)
        report.refusals.push_back(std::move(objection));
    if (!report.refusals.empty()) {
        report.plan->drift.front().restraint = reconcile::Restraint::Guard;
        report.plan->drift.front().restraint_reason = report.refusals.front();
    }
    if (operands.company.ignored)
        report.warnings.push_back(fmt::format(
            "the properties of company {} say \"ignore\": until that is taken away, the job leaves "
            "it alone, linked or not",
            in_quotes(operands.company.name)));
}

/// There is one change: what became of it is what became of the command.
Ending outcome_of_decision(Report const& report)
{
    bool const is_stale =
        std::ranges::any_of(report.applied.results, [](reconcile::Result const& result) {
            return result.receipt.outcome == models::Outcome::Stale;
        });
    return is_stale ? Ending::Stale : outcome_of(report);
}

Ending write_decision(Invocation& invocation, Databases& databases, Operands const& operands)
{
    auto& report = invocation.report;
    boost::json::object const why{{"reason", invocation.line.reason.front()}};
    Run run{databases, report,
            RunPurpose{.mode = "link", .allowances = boost::json::serialize(why)}};
    return run.carry_out([&] {
        invocation.phases.timed("apply", [&] { run.write(1); });
        report.residual = invocation.phases.timed("prove", [&] {
            Report proof;
            Phases phases{Phases::Of::Part};
            return read_plan(databases, invocation.config(), proof, phases);
        });
        restrict_to(*report.residual, operands);
        auto const outcome = outcome_of_decision(report);
        invocation.phases.timed("journal", [&] { run.finish(outcome); });
        return outcome;
    });
}

}  // namespace

Ending link(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& words = invocation.line.words;
    if (invocation.line.reason.empty())
        throw config::UsageError{"link needs --reason: the journal keeps why"};
    auto const role = prepare_to_write(invocation);
    auto databases =
        invocation.phases.timed("connect", [&] { return open_databases(invocation, role); });
    if (!report.is_dry_run)
        require_journal(databases);
    auto const operands = find_operands(databases, words[1], words[2]);
    plan_decision(invocation, databases, operands);
    if (!report.refusals.empty())
        return Ending::Refused;
    if (auto const end = end_without_consent(invocation, nullptr))
        return *end;
    return write_decision(invocation, databases, operands);
}

}  // namespace tracking::job
