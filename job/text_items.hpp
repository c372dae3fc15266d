#pragma once

#include "job/report.hpp"
#include "job/text_page.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tracking::job {

/// What the lists of a report have in common.
struct ListStyle
{
    std::size_t limit = 0;                            ///< items a list; 0: all
    std::optional<std::chrono::sys_seconds> read_at;  ///< from when what is under grace counts
};

/// A section for each kind that was found: what is held, what a person can do, the items.
void print_drift(TextPage& page, reconcile::Plan const& plan, ListStyle const& style);

/// Changes that failed, were stale or never tried, in this order: what to look at first.
void print_trouble(TextPage& page, Report const& report, ListStyle const& style);

/// Changes that are done, by kind of change.
void print_done(TextPage& page, Report const& report, ListStyle const& style);

void print_remarks(TextPage& page, std::vector<std::string> const& remarks, ListStyle const& style);

}  // namespace tracking::job
