#include "job/commands/commands.hpp"
#include "job/run/mandate.hpp"
#include "job/run/reading.hpp"
#include "job/run/run.hpp"
#include "job/databases/sides.hpp"
#include "job/process/stopwatch.hpp"
#include "job/run/writing.hpp"

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
void check_saved_plan(Sides const& sides, reconcile::SavedPlan const& saved)
{
    auto const& here = sides.identity();
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
std::optional<Outcome> early_end(Invocation& invocation, Mandate const& mandate, Run* run)
{
    auto& report = invocation.report;
    if (!report.refusals.empty())
        return Outcome::Refused;
    if (mandate.saved && !mandate.saved->drift.empty() &&
        report.stale.size() == mandate.saved->drift.size())
        return Outcome::Stale;
    return end_without_consent(invocation, run);
}

/// Contacts of the job that an apply is to complete. A plan file holds all that is to be done.
std::vector<models::ContactId> contacts_without_type(Sides& sides, config::Config const& config,
                                                     Mandate const& mandate)
{
    return mandate.saved ? std::vector<models::ContactId>{} : untyped_contacts(sides, config);
}

/// `run` is null for a dry run.
Outcome carry_out(Invocation& invocation, Sides& sides, Mandate const& mandate, Run* run)
{
    auto& report = invocation.report;
    report.plan = read_plan(sides, invocation.config(), report, mandate);
    if (report.refusals.empty())
        report.tenants_read = report.plan->counts.tenants;
    auto const untyped = contacts_without_type(sides, invocation.config(), mandate);
    report.untyped_contacts = untyped.size();
    auto const end = early_end(invocation, mandate, run);
    if (end)
        return end_early(report, run, *end);
    run->give_email_types(untyped, static_cast<std::size_t>(invocation.config().batch_size));
    return write_and_prove(invocation, sides, *run);
}

}  // namespace

Outcome apply(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    auto const role = prepare_to_write(invocation);
    auto const mandate = mandate_from(invocation.line);
    if (mandate.saved)
        take_options(invocation, *mandate.saved);
    auto sides = timed(report, "connect", [&] { return Sides{config, role, report}; });
    if (mandate.saved) {
        report.plan_file = invocation.line.words[1];
        check_saved_plan(sides, *mandate.saved);
    }
    if (report.is_dry_run)
        return carry_out(invocation, sides, mandate, nullptr);
    require_journal(sides);
    Run run{sides, report,
            RunPurpose{.mode = "apply",
                       .plan_digest = mandate.saved ? mandate.saved->digest : "",
                       .allowances = mandate.allowances_json()}};
    return run.carry_out([&] { return carry_out(invocation, sides, mandate, &run); });
}

}  // namespace tracking::job
