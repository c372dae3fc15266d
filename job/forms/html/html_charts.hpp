#pragma once

#include "job/report/report.hpp"
#include "job/report/tally.hpp"

#include <string>
#include <string_view>

namespace tracking::job {

// Drawings of the HTML report: SVG whose bars are a share of the width, so that texts keep their
// size on any screen. Each says in words what it shows; empty where there is nothing to draw.

/// A sign for each fate, so that colour is not the only one.
std::string_view sign_of(Fate fate);
std::string_view words_for(Fate fate);

/// Drift by kind, and what becomes of it.
std::string fate_chart(Report const& report);

/// Drift by kind before an apply and after it.
std::string before_and_after_chart(Report const& report);

/// Where the time went.
std::string phase_chart(Report const& report);

}  // namespace tracking::job
