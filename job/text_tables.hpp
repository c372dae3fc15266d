#pragma once

#include "job/tally.hpp"
#include "job/text_page.hpp"

namespace tracking::job {

/// One line a kind that was found, and their sum.
void print_drift_table(TextPage& page, DriftTallies const& tallies);

/// One line a kind of change that was due, with what became of them, and their sum.
void print_change_table(TextPage& page, std::vector<NamedChangeTally> const& tallies);

}  // namespace tracking::job
