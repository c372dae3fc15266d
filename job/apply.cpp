#include "job/commands.hpp"
#include "job/json_report.hpp"
#include "job/reading.hpp"
#include "job/sides.hpp"
#include "job/stopwatch.hpp"
#include "job/tally.hpp"
#include "job/terminal.hpp"
#include "job/text_report.hpp"

#include "config/problems.hpp"
#include "models/customer_store.hpp"
#include "models/errors.hpp"
#include "models/journal_model.hpp"

#include <fmt/format.h>
#include <boost/uuid/random_generator.hpp>

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <span>

namespace tracking::job {

namespace {

constexpr std::size_t kSightingsAtOnce = 1'000;

models::RunId new_run_id()
{
    auto const uuid = boost::uuids::random_generator{}();
    models::UuidBytes bytes;
    std::copy(uuid.begin(), uuid.end(), bytes.begin());
    return models::RunId{bytes};
}

std::string user_name()
{
    auto const* const entry = getpwuid(geteuid());
    return entry ? entry->pw_name : std::to_string(geteuid());
}

std::string host_name()
{
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return name;
}

void require_journal(Sides const& sides)
{
    if (sides.journal_version() < models::JournalModel::kVersion)
        throw models::SchemaMismatch{
            "the journal (schema customer_reconcile) is missing, too old or not readable: run "
            "`customer-reconcile init` as its owner, then grant what `init --print` shows"};
}

/// Why an apply is to report and not to write; empty: it is to write.
std::string reason_for_dry_run(config::Config const& config)
{
    if (config.dry_run)
        return "--dry-run";
    if (!config.tracking_enabled)
        return "tracking-enabled is false";
    return {};
}

/// Shows the plan on the terminal and asks. Without a terminal nobody can answer.
bool is_confirmed(Invocation const& invocation)
{
    if (invocation.line.yes || !invocation.report.plan->has_due_changes())
        return true;
    if (!is_terminal(STDIN_FILENO) || !is_terminal(STDOUT_FILENO))
        throw config::UsageError{
            "apply asks before it writes, and there is no terminal to ask on: add --yes"};
    std::cout << render_text(invocation.report, style_for(invocation.config(), STDOUT_FILENO))
              << "Apply these changes? Only \"yes\" will be taken: " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

void show_progress(std::size_t done, std::size_t due)
{
    if (is_terminal(STDERR_FILENO))
        std::cerr << fmt::format("\rapplied {} of {}{}", done, due, done == due ? "\n" : "");
}

/// One run of `apply` in the journal, from its first row to its last.
class Run
{
public:
    Run(Sides& sides, Report& report, models::Timeouts const& timeouts)
        : sides_{sides}, report_{report}, timeouts_{timeouts}, journal_{sides.management_tenant()}
    {
        report_.run = new_run_id();
        in_transaction([&](auto& tx) {
            journal_.start_run(tx, {.id = *report_.run,
                                    .mode = "apply",
                                    .executed_by = user_name(),
                                    .host = host_name(),
                                    .version = report_.version});
        });
    }

    void write(std::size_t batch_size)
    {
        models::CustomerStore store{sides_.management(),
                                    sides_.source(),
                                    {.profile = sides_.profile(),
                                     .management = sides_.management_tenant(),
                                     .run = *report_.run,
                                     .timeouts = timeouts_}};
        reconcile::apply(*report_.plan, store, batch_size, report_.applied, show_progress);
    }

    /// What is left is what was seen; what was not seen is forgotten.
    void record_sightings(reconcile::Plan const& residual)
    {
        std::vector<models::DriftKey> keys;
        for (auto const& drift : residual.drift)
            keys.push_back({std::string{reconcile::name_of(drift.kind)},
                            drift.tenant.value_or(models::TenantId{}),
                            drift.company.value_or(models::CompanyId{})});
        std::span<models::DriftKey const> const all{keys};
        for (std::size_t at = 0; at < all.size(); at += kSightingsAtOnce) {
            auto const portion = all.subspan(at, std::min(kSightingsAtOnce, all.size() - at));
            in_transaction([&](auto& tx) { journal_.record_sightings(tx, *report_.run, portion); });
        }
        in_transaction([&](auto& tx) { journal_.forget_unseen(tx, *report_.run); });
    }

    void finish(Outcome outcome)
    {
        in_transaction([&](auto& tx) {
            journal_.finish_run(tx, *report_.run, std::string{name_of(outcome)},
                                render_counts(report_));
        });
    }

private:
    void in_transaction(auto const& work)
    {
        auto tx = sides_.management().begin(models::Access::ReadWrite, timeouts_);
        work(tx);
        tx.commit();
    }

    Sides& sides_;
    Report& report_;
    models::Timeouts timeouts_;
    models::JournalModel journal_;
};

Outcome outcome_of(reconcile::Applied const& applied)
{
    auto const failed = [](reconcile::Result const& result) {
        return result.receipt.outcome == models::Outcome::Failed;
    };
    auto const failures = std::ranges::count_if(applied.results, failed);
    if (failures == 0)
        return Outcome::Ok;
    return static_cast<std::size_t>(failures) == applied.results.size() ? Outcome::Failed
                                                                        : Outcome::Partial;
}

}  // namespace

Outcome apply(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    report.dry_run_reason = reason_for_dry_run(config);
    report.is_dry_run = !report.dry_run_reason.empty();
    auto const role = report.is_dry_run ? models::Role::Reader : models::Role::Writer;
    auto sides = timed(report, "connect", [&] { return Sides{config, role, report}; });
    if (!report.is_dry_run)
        require_journal(sides);
    report.plan = read_plan(sides, config, report);
    if (report.is_dry_run)
        return Outcome::Ok;
    if (!is_confirmed(invocation)) {
        report.is_dry_run = true;
        report.dry_run_reason = "not confirmed";
        return Outcome::Ok;
    }
    Run run{sides, report, sides.timeouts()};
    timed(report, "apply", [&] { run.write(static_cast<std::size_t>(config.batch_size)); });
    report.residual = timed(report, "prove", [&] {
        Report proof;  // its phases are this phase
        return read_plan(sides, config, proof);
    });
    auto const outcome = outcome_of(report.applied);
    timed(report, "journal", [&] {
        run.record_sightings(*report.residual);
        run.finish(outcome);
    });
    return outcome;
}

}  // namespace tracking::job
