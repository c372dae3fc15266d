#pragma once

#include "models/values/change.hpp"
#include "reconcile/plan/stale.hpp"
#include "reconcile/policy/drift.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

// The words that operators read, in one place. Texts of the database are made printable.

/// How many tenants, and how many companies, of a group are shown to people. Programs get them all.
inline constexpr std::size_t kNamedOfGroup = 10;

/// Commands of which a person chooses one to settle the drift: one for each candidate. Of a group
/// with several tenants: one for each of the first tenants.
std::vector<std::string> ways_out(reconcile::Drift const& drift);

/// The command that tells the job to leave this company alone.
std::string way_to_ignore(models::CompanyId company);

/// What the change does, in the imperative: `rename "A" to "B"`.
std::string describe(models::Change const& change);

/// A value that a change replaces. Texts are shown as people read them; empty: there is none.
struct ValueChange
{
    std::string_view field;
    std::string before;
    std::string after;
};

/// What the change replaces in what is there already; nothing for a change that makes a customer.
std::vector<ValueChange> values_of(models::Change const& change);

/// Why a change of a plan file is not valid any more.
std::string describe(reconcile::StaleChange const& stale);

/// A name of the database between quotes: `"Acme"`.
std::string in_quotes(std::string_view name);

/// `1 change`, `2 changes`.
std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// What is known of its age: `seen by 3 runs, for 49 h; the tenant is 12 days old`; or empty.
std::string age_of(reconcile::Drift const& drift);

}  // namespace tracking::job
