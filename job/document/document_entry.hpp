#pragma once

#include "job/document/document.hpp"

#include <string>

namespace tracking::job {

/// When a restraint ends by itself: `due 2026-10-01 02:00:03 UTC`, `due at the next run`; else
/// empty.
std::string due_text(reconcile::Drift const& drift, Report const& report);

/// What was found, and what would be done about it.
Entry entry_of(reconcile::Drift const& drift, Fate fate, Report const& report, bool is_new);

/// What became of the change.
Entry entry_of(reconcile::Drift const& drift, Fate fate, models::Receipt const& receipt,
               bool is_new);

/// A change of a plan file that is not valid any more.
Entry entry_of(reconcile::StaleChange const& stale);

}  // namespace tracking::job
