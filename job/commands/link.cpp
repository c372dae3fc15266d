#include "job/commands/commands.hpp"
#include "job/commands/write_command.hpp"
#include "job/databases/operands.hpp"
#include "job/report/wording.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"

#include "config/notation/problems.hpp"
#include "reconcile/diff/diff.hpp"
#include "reconcile/match/match.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
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

/// Leaves only the drift of this tenant or this company in the plan.
void restrict_to(reconcile::Plan& plan, Operands const& operands)
{
    plan.remarks.clear();
    plan.left_alone.clear();
    std::erase_if(plan.drift, [&](reconcile::Drift const& drift) {
        return drift.tenant != operands.tenant.id && drift.company != operands.company.id;
    });
}

/// Plans only the decision. Reads both sides, for the counts, doubts about the source and the
/// match.
reconcile::Decision plan_decision(Invocation& invocation, Databases& databases,
                                  Operands const& operands)
{
    auto const& config = invocation.config();
    auto state = read_state(databases, config, invocation.phases);
    auto refusals = doubts_about_source(databases, state.counts, config);
    auto const by_match = objections_to_match(databases, reconcile::match(state), operands);
    auto const by_link = objections_to_link(databases, operands);
    refusals.insert(refusals.end(), by_link.begin(), by_link.end());
    refusals.insert(refusals.end(), by_match.begin(), by_match.end());
    auto const all = invocation.phases.timed(
        "diff", [&] { return reconcile::diff(std::move(state), config.policy); });
    auto drift = decision(operands, invocation.line.reason.front());
    if (!refusals.empty()) {
        drift.restraint = reconcile::Restraint::Guard;
        drift.restraint_reason = refusals.front();
    }
    return {.plan = {.counts = all.counts, .drift = {std::move(drift)}}, .refusals = refusals};
}

/// There is one change only, so where it is stale the command ends as stale.
Ending outcome_of_decision(Report const& report)
{
    bool const is_stale =
        std::ranges::any_of(report.applied.results, [](reconcile::Result const& result) {
            return result.receipt.outcome == models::Outcome::Stale;
        });
    return is_stale ? Ending::Stale : outcome_of(report);
}

Ending write_decision(Invocation& invocation, Databases& databases, Operands const& operands,
                      Run& run)
{
    auto& [line, loaded, report, phases] = invocation;
    phases.timed("apply", [&] { run.write(*report.plan, 1, report.applied); });
    report.residual = phases.timed("prove", [&] {
        Phases part{Phases::Of::Part};
        return read_and_decide(databases, loaded.config, {}, part).plan;
    });
    restrict_to(*report.residual, operands);
    auto const outcome = outcome_of_decision(report);
    phases.timed("journal", [&] { run.finish(outcome); });
    return outcome;
}

}  // namespace

Ending link(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& words = invocation.line.words;
    if (invocation.line.reason.empty())
        throw config::UsageError{"link needs --reason: the journal keeps why"};
    auto const role = prepare_to_write(invocation);
    std::optional<Operands> operands;
    auto const prepare = [&](Databases& databases) {
        if (!report.is_dry_run)
            require_journal(databases);
        operands = find_operands(databases, words[1], words[2]);
        boost::json::object const why{{"reason", invocation.line.reason.front()}};
        return RunPurpose{
            .mode = "link", .version = report.version, .allowances = boost::json::serialize(why)};
    };
    auto const make_plan = [&](Databases& databases) {
        auto decision = plan_decision(invocation, databases, *operands);
        if (operands->company.ignored)
            report.warnings.push_back(fmt::format(
                "the properties of company {} say \"ignore\": until that is taken away, the job "
                "leaves it alone, linked or not",
                in_quotes(operands->company.name)));
        return decision;
    };
    auto const write = [&](Databases& databases, Run& run) {
        return write_decision(invocation, databases, *operands, run);
    };
    return write_command(invocation, {.role = role,
                                      .prepare = prepare,
                                      .make_plan = make_plan,
                                      .write = write,
                                      .begin = Begin::AfterConsent});
}

}  // namespace tracking::job
