#pragma once

#include "job/process/ending.hpp"
#include "job/process/retries.hpp"
#include "models/rules/id.hpp"
#include "reconcile/apply/apply.hpp"
#include "reconcile/guard/guards.hpp"
#include "reconcile/plan/plan.hpp"
#include "reconcile/plan/stale.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// Every part that a run can have, as metrics and logs name them. Both sides are read at once where
/// that can be: each counts for as long as nothing else could be done but wait for it.
inline constexpr std::array<std::string_view, 8> kPhases{
    "connect", "read_companies", "read_tenants", "diff", "rehearse", "apply", "prove", "journal"};

/// How long one part of a run took.
struct Phase
{
    std::string name;  ///< one of kPhases
    std::chrono::duration<double> duration;
};

/// What a proof has read again.
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

/// Everything that a command has to say, gathered as it goes, so that it can be written on every
/// exit. Formats render it; none of them knows more than stands here.
struct Report
{
    std::string command;  ///< plan, apply
    std::string version;
    std::string repeated_flags;    ///< what of the command line the printed commands need again
    std::string connection_flags;  ///< the same where a plan file holds the rest
    Ending outcome = Ending::Ok;
    std::string error;                 ///< a sentence, where the command ended early
    std::optional<EndingWords> words;  ///< in place of those of the outcome

    std::string source_database;  ///< host:port/database as role
    std::string management_database;
    std::string generation;  ///< companies or clients
    std::optional<models::TenantId> management_tenant;
    std::string management_tenant_name;
    std::optional<models::RunId> run;     ///< of a command that has one in the journal
    bool ended_early = false;             ///< the run has written nothing
    std::optional<models::RunId> undoes;  ///< of an undo: the run to take back
    std::optional<std::chrono::sys_seconds> server_time;  ///< of the reading
    bool has_journal = false;                             ///< it tells how long drift has been seen
    std::chrono::duration<double> duration{0};
    std::vector<Phase> phases;
    Retries retries;

    bool is_dry_run = false;  ///< apply that only reports, and why
    std::string dry_run_reason;
    bool is_declined = false;                 ///< a person was asked, and did not say yes
    std::optional<std::size_t> tenants_read;  ///< where that was all of them, in no doubt
    std::vector<reconcile::GuardVerdict> guards;
    std::size_t held_for_source = 0;            ///< clean-ups, as it is a standby behind
    std::vector<std::string> refusals;          ///< why nothing at all is done, whatever is due
    std::string plan_file;                      ///< the one that was saved or is applied
    std::vector<reconcile::StaleChange> stale;  ///< in the plan file, but not so any more

    bool is_rehearsed = false;  ///< `applied` holds what would have become of the changes

    std::optional<reconcile::Plan> plan;      ///< as read before anything was written
    reconcile::Applied applied;               ///< indices into plan->drift
    std::optional<reconcile::Plan> residual;  ///< what a fresh read found afterwards
    std::size_t untyped_contacts = 0;         ///< of the job, whose address has no type yet
    std::size_t typed_contacts = 0;           ///< those of them that this run gave one
    std::size_t pruned_runs = 0;              ///< forgotten by the journal for their age
    std::optional<Proof> proof;               ///< of what that read was
    std::vector<std::string> warnings;

    /// An apply that has a run writes; before it, and without it, all there is is a plan.
    bool has_begun() const { return run.has_value() && !ended_early; }

    /// Some guard kept a change from being made.
    bool is_refused() const
    {
        return !refusals.empty() || held_for_source > 0 ||
               std::ranges::any_of(guards, &reconcile::GuardVerdict::holds_back);
    }

    /// Whether something of an undo could not be done, or is held back; the receipts, or the items,
    /// say why.
    bool has_remainder() const
    {
        return undoes &&
               (std::ranges::any_of(plan->drift, [](auto const& one) { return !one.is_due(); }) ||
                std::ranges::any_of(applied.results, [](reconcile::Result const& result) {
                    return !result.receipt.reason.empty() &&
                           result.receipt.outcome != models::Outcome::AlreadyPresent;
                }));
    }

    /// Items of an undo of which something stays, because it was touched since or is referred to.
    std::size_t kept() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(applied.results, [&](reconcile::Result const& result) {
                return undoes && result.receipt.outcome == models::Outcome::Applied &&
                       !result.receipt.reason.empty();
            }));
    }

    /// Nothing is left that the job would do, or that only a guard keeps it from doing, and each
    /// tenant in scope has a whole customer or is named; proven by a fresh read. Empty: not asked,
    /// or not known; an undo leaves drift on purpose.
    std::optional<bool> converged() const
    {
        if (!residual || undoes)
            return std::nullopt;
        return residual->counts.is_complete() &&
               std::ranges::none_of(residual->drift, [](reconcile::Drift const& drift) {
                   return drift.is_due() || drift.restraint == reconcile::Restraint::Guard;
               });
    }
};

}  // namespace tracking::job
