#pragma once

#include "job/report/failure.hpp"
#include "models/journal/journal_history.hpp"

#include <string>
#include <string_view>

namespace tracking::job {

/// There is no such run, or it cannot be used for this.
class RunUnusable : public EndingError
{
public:
    explicit RunUnusable(std::string const& message)
        : EndingError{Ending::Data, message,
                      EndingWords{"this run cannot be used", "See which runs there are",
                                  "customer-reconcile history"}}
    {}
};

/// Whether a word can be a run's id or its beginning: 8 to 36 hexadecimal digits and dashes.
bool is_run_name(std::string_view word);

/// The only run whose id begins with `name`.
/// @throws RunUnusable where there is none, or more than one
models::PastRun run_named(models::Transaction& tx, models::JournalHistory const& history,
                          std::string const& name);

}  // namespace tracking::job
