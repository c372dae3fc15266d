#pragma once

#include "job/report/report.hpp"

#include <string>
#include <vector>

namespace tracking::job::samples {

/// Ids that tell what they belong to: 00000000-0000-4000-8000-000000000001 and so on.
models::TenantId tenant_id(int number);
models::CompanyId company_id(int number);

reconcile::Drift missing(int number, std::string const& name);
reconcile::Drift orphaned_in_grace(int number, std::string const& name);

/// What is ambiguous among as many tenants called "Trial" and companies called "Trial N".
reconcile::Drift crowd(int tenants, int companies);

/// A plan whose reading found nothing to do.
Report plan_in_sync();

/// A plan with drift of every kind, every kind of change, every hold, and hostile names.
Report plan_with_every_kind();

/// The same, applied: every outcome, a change that was not reached, and something left.
Report apply_with_every_outcome();

/// An apply that did all that was due.
Report apply_that_converged();

Report dry_run();

/// plan --rehearse: every outcome that one can have, of what is due and of what a guard holds.
Report rehearsal();

/// Refused: no tenant was read, so that a customer looks orphaned.
Report apply_in_doubt();

/// Ended before there was a connection: hardly anything is known.
Report without_connection();

/// Each of these.
std::vector<Report> all();

}  // namespace tracking::job::samples
