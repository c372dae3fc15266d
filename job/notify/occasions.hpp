#pragma once

#include "job/report/report.hpp"

#include "config/settings/config.hpp"

#include <string>
#include <vector>

namespace tracking::job {

/// Something that was not so in the run before.
struct News
{
    config::Occasion occasion;
    std::string reason;  ///< a sentence

    bool operator==(News const&) const = default;
};

/// Items that wait for a person, by the newest reading, and that no run had noted before.
std::vector<reconcile::Drift const*> new_decisions(Report const& report);

/// How an apply that has ended differs from `former`, the one before it, as the journal tells it.
/// What stays as it was is no news: a standing refusal is told once. Null: no run before is known,
/// so that everything but a recovery is news.
///
///  occasion   this run                                      where the one before
///  refused    a guard or a doubt holds something back       was not refused, or by another guard
///  failed     failed, partial, interrupted, or ended early  ended otherwise
///  decision   left drift that waits for a person            had not noted some of it
///  recovered  went well                                     was refused or failed
std::vector<News> news_in(Report const& report, Report const* former);

}  // namespace tracking::job
