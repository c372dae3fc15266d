#include "job/commands/commands.hpp"
#include "job/invocation/write_command.hpp"
#include "job/notify/notification.hpp"
#include "job/run/approval.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"

#include "config/sources/plan_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

namespace {

/// What differs in `one` from `other`, as a list in words.
std::string distinction(reconcile::PlanIdentity const& one, reconcile::PlanIdentity const& other)
{
    std::vector<std::string> parts;
    auto const compare = [&](std::string_view name, std::string const& a, std::string const& b) {
        if (a != b)
            parts.push_back(fmt::format("{} {}", name, a));
    };
    compare("management database", one.database, other.database);
    compare("source database", one.source, other.source);
    compare("generation", one.generation, other.generation);
    compare("management tenant", one.management_tenant.str(), other.management_tenant.str());
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// Refuses a plan file that was made from other databases.
void check_saved_plan(Databases const& databases, reconcile::SavedPlan const& saved)
{
    auto const& here = databases.facts.identity;
    if (saved.identity != here)
        throw reconcile::PlanFileError{fmt::format("the plan was made for {}; this is {}",
                                                   distinction(saved.identity, here),
                                                   distinction(here, saved.identity))};
}

/// Uses the options of the plan file, so that the same plan comes out again.
void take_options(Invocation& invocation, reconcile::SavedPlan const& saved)
{
    config::Problems problems;
    config::take_plan_options(invocation.loaded, saved.options, invocation.line.words[1], problems);
    problems.raise();
}

/// Contacts of the job that an apply is to complete: none with a plan file, which holds all
/// changes, and none where a person has selected what is to be done.
std::vector<models::ContactId> contacts_without_type(Databases& databases,
                                                     config::Config const& config,
                                                     Approval const& approval,
                                                     reconcile::Counts const& counts)
{
    bool const is_limited = approval.saved || !approval.selection.is_empty();
    return is_limited ? std::vector<models::ContactId>{}
                      : untyped_contacts(databases, config, counts);
}

}  // namespace

Ending apply(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    auto const role = prepare_to_write(invocation);
    auto const approval = approval_from(invocation.line);
    if (approval.saved)
        take_options(invocation, *approval.saved);
    report.selection = approval.whole_selection();
    std::vector<models::ContactId> untyped;
    auto const prepare = [&](Databases const& databases) {
        if (approval.saved) {
            report.plan_file = invocation.line.words[1];
            check_saved_plan(databases, *approval.saved);
        }
        if (!report.is_dry_run())
            require_journal(databases);
        return models::RunRecord{.mode = "apply",
                                 .version = report.version,
                                 .plan_digest = approval.saved ? approval.saved->digest : "",
                                 .allowances = approval.allowances_json()};
    };
    auto const make_plan = [&](Databases& databases) {
        if (wants_last_apply(config))
            invocation.last_apply = databases.connections.look_up(
                [&](auto& tx) { return models::last_apply(tx, databases.facts.tenant); });
        auto decision = read_and_decide(databases, config, approval, invocation.phases);
        if (!decision.plan.is_in_doubt)
            report.tenants_read = decision.plan.counts.tenants;
        untyped = contacts_without_type(databases, config, approval, decision.plan.counts);
        report.untyped_contacts = untyped.size();
        return decision;
    };
    auto const write = [&](Databases& databases, Run& run) {
        if (report.selection.is_empty() && !approval.saved && !report.plan->has_due_changes() &&
            untyped.empty())
            return finish_idle(invocation, run);
        run.give_email_types(untyped, static_cast<std::size_t>(config.batch_size),
                             report.typed_contacts);
        return write_and_prove(invocation, databases, run);
    };
    return write_command(
        invocation, {.role = role, .prepare = prepare, .make_plan = make_plan, .write = write});
}

}  // namespace tracking::job
