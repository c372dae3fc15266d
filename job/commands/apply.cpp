#include "job/commands/commands.hpp"
#include "job/commands/opening.hpp"
#include "job/commands/writing.hpp"
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

/// What of `one` differs from `other`, as a list.
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

/// A plan file is good for the databases that it was made from.
void check_saved_plan(Databases const& databases, reconcile::SavedPlan const& saved)
{
    auto const& here = databases.facts.identity;
    if (saved.identity != here)
        throw reconcile::PlanFileError{fmt::format("the plan was made for {}; this is {}",
                                                   distinction(saved.identity, here),
                                                   distinction(here, saved.identity))};
}

/// The same options make the same plan again.
void take_options(Invocation& invocation, reconcile::SavedPlan const& saved)
{
    config::Problems problems;
    config::take_plan_options(invocation.loaded, saved.options, invocation.line.words[1], problems);
    problems.raise();
}

/// What an apply ends with before it has written anything; nothing: it goes on.
std::optional<Ending> early_end(Invocation& invocation, Approval const& approval, Run* run)
{
    auto& report = invocation.report;
    if (!report.refusals.empty())
        return Ending::Refused;
    if (approval.saved && !approval.saved->drift.empty() &&
        report.stale.size() == approval.saved->drift.size())
        return Ending::Stale;
    return end_without_consent(invocation, run);
}

/// Contacts of the job that an apply is to complete. A plan file holds all that is to be done.
std::vector<models::ContactId> contacts_without_type(Databases& databases,
                                                     config::Config const& config,
                                                     Approval const& approval)
{
    return approval.saved ? std::vector<models::ContactId>{} : untyped_contacts(databases, config);
}

/// `run` is null for a dry run.
Ending carry_out(Invocation& invocation, Databases& databases, Approval const& approval, Run* run)
{
    auto& report = invocation.report;
    report.plan = read_plan(databases, invocation.config(), report, invocation.phases, approval);
    if (report.refusals.empty())
        report.tenants_read = report.plan->counts.tenants;
    auto const untyped = contacts_without_type(databases, invocation.config(), approval);
    report.untyped_contacts = untyped.size();
    auto const end = early_end(invocation, approval, run);
    if (end)
        return end_early(report, run, *end);
    run->give_email_types(untyped, static_cast<std::size_t>(invocation.config().batch_size));
    return write_and_prove(invocation, databases, *run);
}

}  // namespace

Ending apply(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const role = prepare_to_write(invocation);
    auto const approval = approval_from(invocation.line);
    if (approval.saved)
        take_options(invocation, *approval.saved);
    auto databases =
        invocation.phases.timed("connect", [&] { return open_databases(invocation, role); });
    if (approval.saved) {
        report.plan_file = invocation.line.words[1];
        check_saved_plan(databases, *approval.saved);
    }
    if (report.is_dry_run)
        return carry_out(invocation, databases, approval, nullptr);
    require_journal(databases);
    Run run{databases, report,
            RunPurpose{.mode = "apply",
                       .plan_digest = approval.saved ? approval.saved->digest : "",
                       .allowances = approval.allowances_json()}};
    return run.carry_out([&] { return carry_out(invocation, databases, approval, &run); });
}

}  // namespace tracking::job
