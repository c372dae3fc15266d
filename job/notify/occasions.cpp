#include "job/notify/occasions.hpp"

#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace tracking::job {

namespace {

using config::Occasion;

/// Not busy: the run that has the lease tells how it went. Not stale: only a person is concerned.
bool has_failed(Report const& report)
{
    switch (report.ending()) {
        case Ending::Failed:
        case Ending::Partial:
        case Ending::Interrupted:
        case Ending::Data:
        case Ending::Unavailable:
        case Ending::Denied:
        case Ending::Config:
            return true;
        default:
            return false;
    }
}

/// Whatever holds something back.
std::set<std::string_view> refusers_of(Report const& report)
{
    std::set<std::string_view> refusers;
    for (auto const& verdict : report.guards) {
        if (verdict.holds_back())
            refusers.insert(reconcile::name_of(verdict.kind));
    }
    if (!report.refusals.empty())
        refusers.insert("doubt");
    if (report.held_for_source > 0)
        refusers.insert("standby");
    return refusers;
}

std::string about(Report const* former)
{
    return former ? fmt::format("The run before ended as \"{}\".", name_of(former->ending()))
                  : "No run before is known.";
}

}  // namespace

std::vector<reconcile::Drift const*> new_decisions(Report const& report)
{
    std::vector<reconcile::Drift const*> items;
    if (!report.residual)
        return items;
    for (auto const& drift : report.residual->drift) {
        if (fate_of(drift) == Fate::Undecided && !drift.seen)
            items.push_back(&drift);
    }
    return items;
}

std::vector<News> news_in(Report const& report, Report const* former)
{
    std::vector<News> news;
    auto const refusers = refusers_of(report);
    auto const before = former ? refusers_of(*former) : std::set<std::string_view>{};
    if (!std::ranges::includes(before, refusers))
        news.push_back(
            {Occasion::Refused, "Something is held back that was not in the run before."});
    if (has_failed(report) && !(former && former->ending() == report.ending()))
        news.push_back({Occasion::Failed, about(former)});
    if (auto const count = new_decisions(report).size(); count > 0)
        news.push_back({Occasion::Decision,
                        counted(count, "new item waits for", "new items wait for") + " a person."});
    if (report.ending() == Ending::Ok && former &&
        (has_failed(*former) || former->ending() == Ending::Refused))
        news.push_back({Occasion::Recovered, about(former)});
    return news;
}

}  // namespace tracking::job
