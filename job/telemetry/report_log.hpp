#pragma once

#include "job/process/log.hpp"
#include "job/report/report.hpp"

#include <cstddef>

namespace tracking::job {

/// A command begins.
Event start_event(Report const& report);

/// What became of one change: ids, kind and outcome, and the reason without names.
Event change_event(reconcile::Drift const& drift, models::Receipt const& receipt);

/// How a command ended, in numbers: the last line of its log.
Event summary_event(Report const& report);

/// Logs each result of a plan's changes once, as they come in; what an exception leaves is
/// logged when it goes.
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
