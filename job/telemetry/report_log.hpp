#pragma once

#include "job/process/log.hpp"
#include "job/report/report.hpp"

#include <cstddef>

namespace tracking::job {

/// The event that a command begins.
Event start_event(Report const& report);

/// The event of one change: its ids, kind and outcome, and the reason without names.
Event change_event(reconcile::Drift const& drift, models::Receipt const& receipt);

/// The event that a command ended, with numbers. It is the last line of its log.
Event summary_event(Report const& report);

/// Logs each result of a plan's changes once. catch_up() logs those that are new. The destructor
/// does the same, so that none is missing after an exception.
class ChangeLog
{
public:
    ChangeLog(reconcile::Plan const& plan, reconcile::Applied const& applied)
        : plan_{plan}, applied_{applied}
    {}
    ~ChangeLog() { catch_up(); }
    ChangeLog(ChangeLog const&) = delete;
    ChangeLog& operator=(ChangeLog const&) = delete;

    void catch_up();

private:
    reconcile::Plan const& plan_;
    reconcile::Applied const& applied_;
    std::size_t logged_ = 0;
};

}  // namespace tracking::job
