#pragma once

#include "job/databases/databases.hpp"
#include "job/report/failure.hpp"
#include "job/report/past_run.hpp"
#include "models/journal/journal_history.hpp"

#include <string>
#include <string_view>
#include <vector>

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

/// The items of a past run. It keeps only what names each, and reads the rest from the journal
/// again, in portions: memory does not grow with the run's images, and no transaction is open while
/// somebody takes the items, however long that lasts.
class StoredItems
{
public:
    /// `databases` has to outlive it.
    explicit StoredItems(Databases& databases);

    /// Fills in the report of this run, with at most `most` items of each kind.
    /// @throws RunUnusable
    void tell(Report& report, std::string const& run, std::size_t most);

    /// Visits all items, those in the report too. @pre tell()
    /// @throws models::ConnectionLost, models::StatementFailed, models::Interrupted
    void visit(std::function<void(PastItem const&)> const& visit);

private:
    struct Name
    {
        models::CompanyId company;
        std::string_view change;  ///< name_of(Change)
    };

    std::vector<PastItem> read(std::span<Name const> portion);

    Databases& databases_;
    models::JournalHistory history_;
    models::RunId run_;
    std::vector<Name> names_;
};

}  // namespace tracking::job
