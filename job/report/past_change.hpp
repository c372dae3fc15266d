#pragma once

#include "models/values/change.hpp"
#include "models/values/past_change.hpp"
#include "reconcile/policy/drift_kind.hpp"

#include <boost/json/value.hpp>

#include <optional>

namespace tracking::job {

/// A change as the journal's images tell it.
struct Told
{
    reconcile::DriftKind kind{};
    models::Change change;
};
/// Nothing where this program knows no such change.
std::optional<Told> told(models::PastChange const& past, boost::json::value const& before,
                         boost::json::value const& after);

}  // namespace tracking::job
