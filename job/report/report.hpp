#pragma once

#include "job/process/ending.hpp"
#include "job/process/retries.hpp"
#include "job/report/counted.hpp"
#include "job/report/repeated_options.hpp"
#include "models/rules/id.hpp"
#include "models/values/past_run.hpp"
#include "reconcile/apply/apply.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/plan.hpp"
#include "reconcile/plan/plan_file.hpp"
#include "reconcile/plan/stale.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// Every phase that a run can have, as metrics and logs name it. Both sides may be read at the same
/// time, so each reading counts only the time for which the job could do nothing but wait for it.
inline constexpr std::array<std::string_view, 8> kPhases{
    "connect", "read_companies", "read_tenants", "diff", "rehearse", "apply", "prove", "journal"};

/// How long one part of a run took.
struct Phase
{
    std::string name;  ///< one of kPhases
    std::chrono::duration<double> duration;
};

/// How much a proof has read again.
enum class ProofReach
{
    Full,     ///< both sides, whole
    Touched,  ///< what was not in order before
};

/// How the result of a run was proven.
struct Proof
{
    ProofReach reach = ProofReach::Full;
    std::size_t items = 0;  ///< tenants and companies that were read again
};

/// Calls its visitor for each item of a run, in order. The receipt is null where there is none.
/// @throws what reading the journal throws
using VisitItem = std::function<void(reconcile::Drift const&, models::Receipt const*)>;
using VisitItems = std::function<void(VisitItem const&)>;

/// Everything that a command has to say. It is filled step by step, so that it can be written
/// however the command ends. Every format renders only what is here.
struct Report
{
    std::string command;  ///< plan, apply, link, undo or show
    std::string version;
    RepeatedOptions repeated;  ///< of the commands that it prints
    Ending outcome = Ending::Ok;
    std::optional<Ending> told;        ///< of show: how the run ended that it shows
    std::string error;                 ///< a sentence, where the command ended early
    std::optional<EndingWords> words;  ///< in place of those of the ending

    std::string source_database;  ///< host:port/database as role
    std::string management_database;
    std::string generation;  ///< companies or clients
    std::optional<models::TenantId> management_tenant;
    std::string management_tenant_name;
    std::optional<models::RunId> run;     ///< of a command that has one in the journal
    bool ended_early = false;             ///< the run has written nothing
    bool notes_drift = true;              ///< the journal keeps the drift that is left
    bool is_idle = false;                 ///< it had nothing to do: the journal has no entry of it
    std::optional<models::RunId> undoes;  ///< of an undo: the run to take back
    std::optional<std::chrono::sys_seconds> server_time;  ///< of the reading
    std::vector<models::TrendPoint> trend;                ///< of the last runs, newest first
    bool has_journal = false;  ///< so it is known how long drift has been seen
    std::chrono::duration<double> duration{0};
    std::vector<Phase> phases;
    Retries retries;

    std::string dry_run_reason;               ///< why the command only reports; empty: it writes
    bool is_declined = false;                 ///< a person was asked, and did not say yes
    std::optional<std::size_t> tenants_read;  ///< where these were surely all of them
    std::vector<reconcile::GuardVerdict> guards;
    std::size_t held_for_source = 0;  ///< clean-ups, as the source is a standby that lags
    /// Why nothing is done: a sentence each. Further lines of one are commands that help.
    std::vector<std::string> refusals;
    std::string plan_file;                      ///< the one that was saved or is applied
    reconcile::Selection selection;             ///< the part of the plan that is to be done
    std::vector<reconcile::StaleChange> stale;  ///< of the plan file: they do not hold any more

    bool is_rehearsed = false;  ///< `applied` holds the results of a rehearsal

    std::optional<reconcile::Plan> plan;      ///< as read before anything was written
    reconcile::Applied applied;               ///< indices into plan->drift
    std::optional<reconcile::Plan> residual;  ///< what a fresh read found afterwards
    std::size_t untyped_contacts = 0;         ///< made by the job, with an address without type
    std::size_t typed_contacts = 0;           ///< how many of them got a type in this run
    std::size_t pruned_runs = 0;              ///< deleted from the journal for their age
    std::optional<Proof> proof;               ///< how `residual` was read
    std::vector<std::string> warnings;

    // Of show and undo.
    std::vector<Unlisted> unlisted;  ///< beside the items of the plan
    VisitItems all_items;            ///< those of the plan and the unlisted ones; empty: not needed

    // Of show.
    std::optional<Counted> counted;  ///< by the run that is shown, where it noted its end
    bool knows_counts = true;        ///< false: only the items of the plan are known
    std::optional<std::chrono::duration<double>> took;  ///< the run that is shown

    /// The ending that the report is about.
    Ending ending() const { return told.value_or(outcome); }

    bool is_dry_run() const { return !dry_run_reason.empty(); }

    /// Whether the command has begun to write: it has a run. Until then there is only a plan.
    bool has_begun() const { return run.has_value() && !ended_early; }

    /// Whether a guard, a refusal or a source that lags held a change back.
    bool is_refused() const
    {
        return !refusals.empty() || held_for_source > 0 ||
               std::ranges::any_of(guards, &reconcile::GuardVerdict::holds_back);
    }

    /// Whether a part of an undo could not be done, or is held back. The receipts or the items say
    /// why.
    bool has_remainder() const
    {
        return undoes &&
               (std::ranges::any_of(plan->drift, [](auto const& one) { return !one.is_due(); }) ||
                std::ranges::any_of(unlisted, [](auto const& one) { return !one.is_due(); }) ||
                std::ranges::any_of(applied.results, [](reconcile::Result const& result) {
                    return !result.receipt.reason.empty() &&
                           result.receipt.outcome != models::Outcome::AlreadyPresent;
                }));
    }

    /// How many items an undo kept in part, because they were touched since or are referred to.
    std::size_t kept() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(applied.results, [&](reconcile::Result const& result) {
                return undoes && result.receipt.outcome == models::Outcome::Applied &&
                       !result.receipt.reason.empty();
            }));
    }

    /// Whether a fresh read has proven that nothing is left to do: no change is due or held back by
    /// a guard, and each tenant in scope has a whole customer or is named. Empty where nothing was
    /// read again, and for an undo, which leaves drift on purpose.
    std::optional<bool> converged() const
    {
        if (counted)
            return counted->converged;
        if (!residual || undoes)
            return std::nullopt;
        return residual->counts.is_complete() &&
               std::ranges::none_of(residual->drift,
                                    [](reconcile::Drift const& drift) {
                                        return drift.is_due() ||
                                               drift.restraint == reconcile::Restraint::Guard;
                                    }) &&
               std::ranges::none_of(residual->counted, [](reconcile::CountedDrift const& drift) {
                   return drift.is_due() || drift.restraint == reconcile::Restraint::Guard;
               });
    }
};

}  // namespace tracking::job
